"""The forms of open files are published to everybody, and what is exported keeps them."""

import json
from datetime import date, datetime
from typing import Any

import jsonschema_rs
import pytest

from models import Store, status_of
from models.open_forms import SCHEMAS
from portal.app import create_app
from portal.desk import Desk
from reports.open_files import open_files
from tests.models.world import World
from tests.portal.conftest import NOW, Browser


@pytest.fixture
def visitor(desk: Desk) -> Browser:
    """Give a browser nobody is signed in at."""
    return Browser(create_app(desk))


def published(visitor: Browser, name: str) -> dict[str, Any]:
    answer = visitor.get(f"{SCHEMAS}/{name}")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_everybody_reads_the_schemas_and_no_other_file(visitor: Browser) -> None:
    names = visitor.get(SCHEMAS).json()
    assert names == ["assignments-1.schema.json", "progress-1.schema.json", "manifest-1.schema.json"]
    for name in names:
        schema = published(visitor, name)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$id"] == f"{SCHEMAS}/{name}"
        jsonschema_rs.meta.validate(schema)
    assert visitor.get(f"{SCHEMAS}/progress-2.schema.json").status_code == 404
    assert visitor.get(f"{SCHEMAS}/..%2fopen_forms.py").status_code == 404


def test_an_export_keeps_its_schemas(visitor: Browser, store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        (done, _) = world.duty("BYT", "BTC", due=date(2025, 8, 31))
        world.report(done, date(2025, 8, 1), evidence=date(2025, 7, 31))
    files = open_files(store, status_of(store, as_of=date(2025, 9, 5), known_at=NOW)).files
    for stem in ("assignments", "progress", "manifest"):
        jsonschema_rs.validate(published(visitor, f"{stem}-1.schema.json"), json.loads(files[f"{stem}.json"]))
    assert json.loads(files["progress.json"])["progress"][0]["evidence_kind"] == "report"
    assert datetime.fromisoformat(json.loads(files["manifest.json"])["known_at"]) == NOW
