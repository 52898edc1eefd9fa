"""The pages answer what the status query answers, on both databases; whatever stands in a workbook is shown as text."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col, update
from starlette.routing import Route

from models import Store, status_of
from models.assignment_tables import Assignment, TaskRevision
from models.milestones_then import milestones_then
from portal.app import create_app
from tests.models.world import World

ON_5_SEPTEMBER = date(2025, 9, 5)
NOW = datetime(2025, 9, 5, 8, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script> =cmd|' /C calc'!A0 {{7*7}} ../../etc/passwd"


@pytest.fixture
def app(store: Store) -> FastAPI:
    """Give the portal over a small register: late work, done work, undated work."""
    with store.writing() as session:
        world = World(session)
        late, done = world.duty("BYT", "BTC", due=date(2025, 8, 31))
        world.duty("BYT", due=date(2025, 6, 30))
        world.duty("BCA", due=None)
        world.report(late, date(2025, 8, 28), done=False)
        world.report(done, date(2025, 9, 4), evidence=date(2025, 9, 3))
    return create_app(store, today=lambda: ON_5_SEPTEMBER, now=lambda: NOW)


@dataclass
class Browser:
    """A reader of the pages, on this machine, without a socket."""

    app: FastAPI

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Read one page."""
        return self.request("GET", path, **more)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send one request and wait for its answer."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.request(method, path, **more)

        return asyncio.run(send())


@pytest.fixture
def browser(app: FastAPI) -> Browser:
    """Give a reader of the pages."""
    return Browser(app)


def test_the_first_page_says_how_many_whose_and_how_long(browser: Browser) -> None:
    page = browser.get("/").text
    assert "đến ngày 05/09/2025" in page
    assert "<strong>2</strong>" in page
    assert "<strong>Bộ Y tế</strong>" in page
    assert "<strong>47</strong>" in page, "30 June to 5 September is 47 working days"
    assert "trong tổng số 4" in page


@pytest.mark.parametrize(
    ("as_of", "late"), [("2025-06-30", 0), ("2025-07-01", 1), ("2025-09-03", 1), ("2025-09-04", 2)]
)
def test_the_day_can_be_changed(browser: Browser, as_of: str, late: int) -> None:
    assert f"<strong>{late}</strong>" in browser.get("/", params={"as_of": as_of}).text


def test_the_list_keeps_its_filters_in_the_url(browser: Browser) -> None:
    page = browser.get("/assignments", params={"agency": "BYT", "status": "overdue", "milestone": "2025-Q2"}).text
    assert "07-CT-TTg.2.BYT" in page
    assert "07-CT-TTg.1.BYT" not in page
    assert '<option value="BYT" selected>' in page
    assert '<option value="overdue" selected>' in page


@pytest.mark.parametrize(("words", "found"), [("nhiem vu 2", 1), ("NHIỆM VỤ", 4), ("không có", 0)])
def test_words_are_found_without_accents(browser: Browser, words: str, found: int) -> None:
    assert browser.get("/api/v1/assignments", params={"q": words}).json()["total"] == found


def test_every_link_of_the_pages_leads_somewhere(browser: Browser) -> None:
    seen, waiting = set(), ["/"]
    while waiting:
        path = waiting.pop()
        response = browser.get(path)
        assert response.status_code == 200, path
        seen.add(path)
        links = {part.split('"')[0].replace("&amp;", "&") for part in response.text.split('href="')[1:]}
        waiting.extend(link for link in links - seen - set(waiting) if not link.startswith("#"))
    assert len([path for path in seen if path.startswith("/assignments/")]) == 4


def test_the_story_of_one_assignment_ends_in_its_status(browser: Browser) -> None:
    page = browser.get("/assignments/07-CT-TTg.1.BYT").text
    assert "quá hạn 2 ngày làm việc" in page
    assert "2 working days late" in page
    assert "bảng quyết định, dòng 7/9" in page


def test_the_api_gives_the_status_query_whole(browser: Browser, store: Store) -> None:
    answer = browser.get("/api/v1/status").json()
    table = status_of(store, as_of=ON_5_SEPTEMBER, known_at=NOW)
    assert answer["totals"] == table.totals()
    assert [row["code"] for row in answer["assignments"]] == [row.code for row in table.rows]
    then = milestones_then(store, as_of=ON_5_SEPTEMBER, known_at=NOW)
    assert answer["milestones"][0] == {
        "milestone": "2025-Q2",
        **table.by_milestone()["2025-Q2"],
        "known_then": then["2025-Q2"],
    }
    late = next(row for row in answer["assignments"] if row["code"] == "07-CT-TTg.1.BYT")
    assert (late["due_on"], late["effective_due_on"], late["status"], late["days_late"]) == (
        "2025-08-31",
        "2025-09-03",
        "overdue",
        2,
    )


def test_a_recurring_duty_names_its_period_in_words(browser: Browser, store: Store) -> None:
    with store.writing() as session:
        session.execute(update(Assignment).where(col(Assignment.code) == "07-CT-TTg.1.BYT").values(period="2025-08"))
    page = browser.get("/assignments").text
    assert "kỳ tháng 8/2025" in page
    assert "for month 8/2025" in page
    assert page.count("kỳ tháng") == 1
    story = browser.get("/assignments/07-CT-TTg.1.BYT").text
    assert "kỳ tháng 8/2025" in story


def test_what_was_known_then_can_be_asked(browser: Browser) -> None:
    before = browser.get("/api/v1/status", params={"known_at": "2025-03-14T00:00"}).json()
    assert before["totals"]["total"] == 0


@pytest.mark.parametrize(
    "path", ["/?as_of=2025-02-30", "/?as_of=x", "/assignments?agency=XXX", "/assignments?status=late",
             "/assignments?page=0", "/assignments?page=%C2%B2", "/assignments?milestone=2030", "/?known_at=yesterday"],
)  # fmt: skip
def test_a_filter_that_means_nothing_is_said(browser: Browser, path: str) -> None:
    response = browser.get(path)
    assert response.status_code == 400
    assert " / " in response.text
    api = browser.get(f"/api/v1/status{path[path.index('?') :]}")
    assert api.status_code == 400
    assert set(api.json()["error"]) == {"code", "message"}


@pytest.mark.parametrize("path", ["/nothing", "/assignments/nothing", "/api/v1/nothing", "/static/../app.py"])
def test_what_does_not_exist_is_said(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/assignments", "/assignments/07-CT-TTg.1.BYT", "/api/v1/status"])
def test_nothing_can_be_written(browser: Browser, path: str) -> None:
    assert {browser.request(method, path).status_code for method in ("POST", "PUT", "PATCH", "DELETE")} == {405}


@pytest.mark.parametrize("path", ["/", "/assignments", "/nothing", "/?as_of=x", "/api/v1/status", "/static/portal.css"])
def test_every_answer_carries_the_security_headers(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_the_pages_need_no_script_and_nothing_from_elsewhere(browser: Browser) -> None:
    for path in ("/", "/assignments", "/assignments/07-CT-TTg.1.BYT", "/static/portal.css"):
        page = browser.get(path).text
        assert not [word for word in ("<script", "style=", "http://", "https://", "@import", "url(") if word in page], (
            path
        )


def test_another_host_name_is_not_answered(browser: Browser) -> None:
    """A page elsewhere that points its name at this machine must not read it."""
    assert browser.get("/", headers={"host": "evil.example"}).status_code == 400


def test_hostile_words_are_shown_as_text(browser: Browser, store: Store) -> None:
    with store.writing() as session:
        session.execute(update(TaskRevision).values(text=HOSTILE, deadline_text=HOSTILE))
    for path in ("/assignments", "/assignments/07-CT-TTg.1.BYT"):
        page = browser.get(path, params={"q": "" if path.count("/") > 1 else "<script>"}).text
        assert "<script" not in page
        assert "&lt;script&gt;" in page
        assert "{{7*7}}" in page


def test_health_answers_for_the_database(browser: Browser, store: Store) -> None:
    assert browser.get("/healthz").json() == {"status": "ok"}
    del store


def test_the_routes_are_the_ones_meant(app: FastAPI) -> None:
    """A new route must be thought of here: none may appear unnoticed while there is no sign-in."""
    routers = [route.original_router for route in app.routes if hasattr(route, "original_router")]
    pages = {route.path for router in routers for route in router.routes}
    paths = pages | {route.path for route in app.routes if isinstance(route, Route)}
    assert paths == {
        "/", "/assignments", "/assignments/{code}", "/healthz",
        "/status", "/api/v1/openapi.json",
    }  # fmt: skip
