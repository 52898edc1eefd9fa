"""Role × route × agency: a table written by hand says who may use each route, and every route is tried by everybody."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import httpx
import pytest
from pydantic import SecretStr

from models import Store
from models.assignment_tables import Batch
from notifications.links import Links
from portal.app import create_app
from portal.desk import Desk
from rules.access import Role, Scope
from tests.conftest import POSTGRESQL, SQLITE
from tests.models.world import World
from tests.portal.conftest import PASSWORD, Browser, open_account
from tests.portal.every_route import every_route
from tests.portal.programs import Program

_BOTH = [SQLITE, POSTGRESQL] if os.environ.get("DONDOC_DEEP") == "1" else [SQLITE]
pytestmark = pytest.mark.parametrize("store", _BOTH, indirect=True)

VISITORS = {
    "secretariat": (Role.SECRETARIAT, ""),
    "leader": (Role.LEADER, ""),
    "leader of BYT": (Role.LEADER, "BYT"),
    "focal point of BYT": (Role.FOCAL_POINT, "BYT"),
    "ops": (Role.OPS, ""),
    "auditor": (Role.AUDITOR, ""),
    "administrator": (Role.ADMINISTRATOR, ""),
}
SIGNED_IN = set(VISITORS)
LOOKERS = SIGNED_IN - {"administrator"}
ANSWERERS = {"secretariat", "leader", "leader of BYT", "focal point of BYT"}
REPORTERS = {"secretariat", "focal point of BYT"}
OF_BYT = {"leader of BYT", "focal point of BYT"}
SECRETARIAT, ADMINISTRATOR, OPS = {"secretariat"}, {"administrator"}, {"ops"}
READERS = {"secretariat", "leader", "ops", "auditor"}
WATCHERS = {"ops", "auditor", "administrator"}
AUDITORS = {"auditor", "administrator"}
EVERYBODY = {*SIGNED_IN, "nobody"}
PROGRAMS, SENDERS = {"program that reads", "program that sends"}, {"program that sends"}
ANYBODY = EVERYBODY | PROGRAMS

# Who may use each route; whoever adds a route decides here who may, beside declaring it in the route.
WHO = {
    "GET /": LOOKERS,
    "GET /assignments": LOOKERS,
    "GET /assignments.xlsx": LOOKERS,
    "GET /assignments.csv": LOOKERS,
    "GET /assignments/{code}": LOOKERS,
    "GET /milestones/{code}": LOOKERS,
    "GET /agencies": LOOKERS,
    "GET /agencies/{code}": LOOKERS,
    "GET /agencies/{code}/shares": LOOKERS,
    "GET /shares/plan": OF_BYT,
    "POST /shares/plan": OF_BYT,
    "GET /people": LOOKERS - {"focal point of BYT", "ops"},
    "GET /uploads": REPORTERS,
    "GET /uploads/new": REPORTERS,
    "POST /uploads": REPORTERS,
    "GET /uploads/{number}": REPORTERS,
    "GET /uploads/{number}/changes/{name}": REPORTERS,
    "GET /uploads/{number}/annotated": REPORTERS,
    "POST /uploads/{number}/reason": REPORTERS,
    "POST /uploads/{number}/check": REPORTERS,
    "POST /uploads/{number}/record": REPORTERS,
    "POST /uploads/{number}/unchanged": REPORTERS,
    "GET /batches": LOOKERS,
    "GET /batches/{number}": LOOKERS,
    "GET /batches/{number}/undo": SECRETARIAT,
    "POST /batches/{number}/undo": SECRETARIAT,
    "GET /collecting": REPORTERS,
    "GET /collecting/template/{agency}.xlsx": REPORTERS,
    "GET /collecting/{agency}": REPORTERS,
    "POST /collecting/remind": SECRETARIAT,
    "GET /questions": SECRETARIAT,
    "GET /assignments/{code}/decisions": SECRETARIAT,
    "POST /assignments/{code}/decisions": SECRETARIAT,
    "POST /assignments/{code}/answers": ANSWERERS,
    "GET /assignments/{code}/hand-down": OF_BYT,
    "POST /assignments/{code}/hand-down": OF_BYT,
    "GET /assignments/{code}/shares/{number}": OF_BYT,
    "POST /assignments/{code}/shares/{number}": OF_BYT,
    "POST /appeals/{number}": SECRETARIAT,
    "POST /obstacles/{number}": ANSWERERS,
    "GET /holds": LOOKERS,
    "GET /obstacles": LOOKERS,
    "GET /people/acting": SECRETARIAT,
    "POST /people/acting": SECRETARIAT,
    "GET /tomorrow": SECRETARIAT,
    "GET /editions/new": SECRETARIAT,
    "POST /editions": SECRETARIAT,
    "GET /editions/final": SECRETARIAT,
    "POST /editions/final": SECRETARIAT,
    "GET /editions/runs/{name}": SECRETARIAT,
    "POST /editions/{month}/{number}/send": SECRETARIAT,
    "GET /editions": READERS,
    "GET /editions/compare": READERS,
    "GET /editions/{month}/{number}": READERS,
    "GET /editions/{month}/{number}/{name}": READERS,
    "GET /tra-loi/{token}": EVERYBODY,
    "GET /tra-loi/{token}/{number}": EVERYBODY,
    "POST /tra-loi/{token}/{number}": EVERYBODY,
    "GET /sign-in": EVERYBODY,
    "POST /sign-in": EVERYBODY,
    "POST /sign-out": EVERYBODY,
    "GET /language/{language}": EVERYBODY,
    "GET /password": SIGNED_IN,
    "POST /password": SIGNED_IN,
    "GET /accounts": ADMINISTRATOR,
    "POST /accounts": ADMINISTRATOR,
    "GET /accounts/{number}": ADMINISTRATOR,
    "POST /accounts/{number}": ADMINISTRATOR,
    "POST /accounts/{number}/close": ADMINISTRATOR,
    "POST /accounts/{number}/password": ADMINISTRATOR,
    "GET /clients": ADMINISTRATOR,
    "POST /clients": ADMINISTRATOR,
    "POST /clients/{number}/end": ADMINISTRATOR,
    "GET /webhooks": ADMINISTRATOR,
    "POST /webhooks": ADMINISTRATOR,
    "POST /webhooks/{number}/secret": ADMINISTRATOR,
    "POST /webhooks/{number}/{state}": ADMINISTRATOR,
    "GET /healthz": EVERYBODY,
    "GET /readyz": EVERYBODY,
    "GET /metrics": EVERYBODY,
    "GET /operations": WATCHERS,
    "POST /operations/requeue": OPS,
    "GET /operations/chains": WATCHERS,
    "GET /audit": AUDITORS,
    "GET /audit.csv": AUDITORS,
    "GET /api/v1/status": PROGRAMS,
    "GET /api/v1/assignments": PROGRAMS,
    "GET /api/v1/assignments/{code}": PROGRAMS,
    "GET /api/v1/batches": PROGRAMS,
    "GET /api/v1/batches/{number}": PROGRAMS,
    "GET /api/v1/editions": PROGRAMS,
    "GET /api/v1/editions/{month}/{number}": PROGRAMS,
    "GET /api/v1/agencies": PROGRAMS,
    "GET /api/v1/milestones": PROGRAMS,
    "POST /api/v1/workbooks": SENDERS,
    "GET /api/v1/schemas": ANYBODY,
    "GET /api/v1/schemas/{name}": ANYBODY,
}
# What stands for the parts of a path: the visitor's own where there is one, else what nobody has.
PARTS = {
    "code": "07-CT-TTg.1.BYT",
    "agency": "BYT",
    "month": "2025-08",
    "number": "999999",
    "language": "en",
    "name": "none",
    "state": "off",
}
_LISTS = ("/assignments", "/assignments?agency=BTC", "/assignments?q=BTC", "/assignments.csv?agency=BTC")
# They end what the other cases need: tried by the tests of signing.
ENDS_THE_SESSION = {"POST /sign-out", "POST /sign-in"}


@pytest.fixture
def linked(desk: Desk) -> Desk:
    """Give a desk that signs links, over work of two agencies."""
    with desk.store.writing() as session:
        world = World(session)
        world.duty("BYT", "BTC", due=date(2025, 8, 31))
        theirs = Batch(
            file="mat-btc.xlsx", sha256="b" * 64, agency_code="BTC", recorded_at=desk.now(), rows=1, new=1, changed=0,
            unchanged=0, gone=0,
        )  # fmt: skip
        session.add(theirs)
    return replace(desk, links=Links(SecretStr("k" * 20), "http://localhost", 30))


@pytest.fixture
def visitors(linked: Desk) -> dict[str, Browser]:
    """Give everybody's browser, signed in."""
    app = create_app(linked)
    browsers = {}
    for name, (role, agency) in VISITORS.items():
        open_account(linked.store, name, role, agency)
        browsers[name] = Browser(app)
        browsers[name].request("POST", "/sign-in", data={"name": name, "password": PASSWORD})
    return {**browsers, "nobody": Browser(app)}


def routes(visitors: dict[str, Browser]) -> Iterator[str]:
    for route in every_route(visitors["nobody"].app):
        for method in sorted(route.methods):
            yield f"{method} {route.path}"


def tried(browser: Browser, route: str, **more: object) -> httpx.Response:
    method, _, path = route.partition(" ")
    filled = re.sub(r"{(\w+)[^}]*}", lambda part: PARTS.get(part[1], "none"), path)
    return browser.request(method, filled, **more)


def with_token(browser: Browser) -> dict[str, str]:
    found = re.search(r'name="form_token" value="([^"]+)"', browser.get("/password").text)
    return {"form_token": found[1]} if found else {}


def test_every_route_stands_in_the_table_and_none_too_many(visitors: dict[str, Browser]) -> None:
    found = set(routes(visitors))
    assert found - set(WHO) == set(), "new routes: write in WHO who may use them, then look at the direct links below"
    assert set(WHO) - found == set(), "these routes are no more: take them out of WHO"


def test_everybody_is_let_in_where_the_table_says_and_nowhere_else(visitors: dict[str, Browser]) -> None:
    wrong = []
    for route in set(routes(visitors)) - ENDS_THE_SESSION:
        who, is_api = WHO.get(route, set()), "/api/v1/" in route
        for name, browser in visitors.items():
            form = {"data": with_token(browser)} if route.startswith("POST") and not is_api else {}
            answer = tried(browser, route, **form)
            let_in = answer.status_code not in {401, 403} and "/sign-in" not in answer.headers.get("location", "")
            if let_in is not (name in who) or answer.status_code >= 500:
                wrong.append(f"{name}: {route} → {answer.status_code}")
    assert wrong == []


def test_no_form_changes_anything_without_its_token(visitors: dict[str, Browser]) -> None:
    for route in set(routes(visitors)) - ENDS_THE_SESSION:
        if route.startswith("POST") and WHO.get(route, set()) <= SIGNED_IN:
            for name in WHO.get(route, set()):
                assert tried(visitors[name], route, data={}).status_code == 403, f"{name}: {route}"


def test_programs_do_what_their_token_is_for(linked: Desk, visitors: dict[str, Browser]) -> None:
    programs = {"program that reads": Program(linked), "program that sends": Program(linked, Scope.UPLOAD)}
    for route in routes(visitors):
        method, _, path = route.partition(" /api/v1")
        if not path:
            continue
        for name, program in programs.items():
            status = program.ask(path.format(**PARTS), method).status_code
            assert (status in {200, 404, 422}) is (name in WHO[route]), f"{name}: {route} → {status}"


@pytest.mark.parametrize("name", ["leader of BYT", "focal point of BYT"])
def test_of_another_agency_nothing_is_seen(visitors: dict[str, Browser], name: str) -> None:
    """By page, search, export, filter in the URL: the work, the workbook and the name of another agency's work."""
    browser = visitors[name]
    for path in (
        "/assignments",
        "/assignments?agency=BTC",
        "/assignments?q=BTC",
        "/assignments.csv?agency=BTC",
        "/batches",
    ):
        answer = browser.get(path)
        assert "07-CT-TTg.1.BTC" not in answer.text, path
        assert "mat-btc" not in answer.text, path
    assert "07-CT-TTg.1.BYT" in browser.get("/assignments").text


@pytest.mark.parametrize("name", ["leader of BYT", "focal point of BYT"])
@pytest.mark.parametrize(
    "path", ["/assignments/07-CT-TTg.1.BTC", "/agencies/BTC", "/agencies/BTC/shares", "/batches/2"]
)
def test_a_direct_link_to_another_agency_leads_nowhere(visitors: dict[str, Browser], name: str, path: str) -> None:
    assert visitors["secretariat"].get(path).status_code == 200
    assert visitors[name].get(path).status_code == 404


@pytest.mark.parametrize("path", ["/collecting/BTC", "/collecting/template/BTC.xlsx"])
def test_a_focal_point_collects_for_its_own_agency(visitors: dict[str, Browser], path: str) -> None:
    assert visitors["secretariat"].get(path).status_code == 200
    assert visitors["focal point of BYT"].get(path).status_code == 404


def test_nobody_answers_for_another_agency(visitors: dict[str, Browser], store: Store) -> None:
    del store
    for name in ("leader of BYT", "focal point of BYT"):
        browser = visitors[name]
        form = {**with_token(browser), "action": "acknowledge", "until": "2025-09-30", "reason": "x"}
        answer = browser.request("POST", "/assignments/07-CT-TTg.1.BTC/answers", data=form)
        assert answer.status_code == 404, name
