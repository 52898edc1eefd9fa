"""The OpenAPI document is kept: whatever is sent, good or bad, no answer is a failure and each is as documented."""

import os
from datetime import date, timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.result import Ok

from decisions.clients import issue_client
from models import Store
from portal.api.access import Pace
from portal.app import create_app
from portal.desk import Desk
from rules.access import Scope
from tests.conftest import POSTGRESQL, SQLITE
from tests.models.world import World
from tests.portal.conftest import NOW, Browser

_DEEP = os.environ.get("DONDOC_DEEP") == "1"
_EXAMPLES = 300 if _DEEP else 5
pytestmark = [
    pytest.mark.parametrize("store", [SQLITE, POSTGRESQL] if _DEEP else [SQLITE], indirect=True),
    # Schemathesis draws from `random` inside its own strategies, and Hypothesis says so.
    pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning"),
]
_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def schema(desk: Desk, store: Store) -> schemathesis.BaseSchema:
    """Give the document of an application over a small register."""
    with store.writing() as session:
        World(session).duty("BYT", "BTC", due=date(2025, 8, 31))
    app = create_app(desk, hosts=["*"])
    app.state.pace = Pace(10**9, timedelta(minutes=1))
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_is_as_documented(schema: schemathesis.BaseSchema, desk: Desk, mode: GenerationMode) -> None:
    token = issue_client(desk.store, name="schemathesis", scope=Scope.UPLOAD, by="t", now=NOW)
    headers = {"Authorization": f"Bearer {token}"}
    asked = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(max_examples=_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        def keeps_its_word(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(headers=headers, checks=_CHECKS)

        keeps_its_word()
        asked.append(operation.label)
    assert len(asked) >= 8, asked


def test_every_answer_has_a_shape(desk: Desk) -> None:
    document = Browser(create_app(desk)).get("/api/v1/openapi.json").json()
    for path, methods in document["paths"].items():
        assert path.startswith("/api/v1/"), "pages are no part of the API"
        for method, operation in methods.items():
            answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
            assert "$ref" in answer, f"{method} {path} answers anything"
            assert operation["security"] == [{"HTTPBearer": []}]
            assert operation["description"]
