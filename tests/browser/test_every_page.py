"""Every page, in both languages: axe finds no violation, a phone shows it whole, without scripts, and it is light."""

import gzip
import re
from collections.abc import Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from portal.app import create_app
from rules.access import Role
from tests.browser.conftest import OpenPage, Portal
from tests.portal.every_route import every_route

_SECRETARIAT, _FOCAL, _ADMIN = Role.SECRETARIAT, Role.FOCAL_POINT, Role.ADMINISTRATOR
_ONE = "/assignments/07-CT-TTg.28.BYT"
PAGES: Sequence[tuple[Role | None, str]] = (
    (None, "/sign-in"),
    (Role.LEADER, "/"),
    (_SECRETARIAT, "/assignments?status=overdue"),
    (_SECRETARIAT, "/assignments?q=y+te"),
    (_SECRETARIAT, _ONE),
    (_FOCAL, _ONE),
    (_SECRETARIAT, "/agencies"),
    (_SECRETARIAT, "/agencies/BYT"),
    (_SECRETARIAT, "/agencies/BYT/shares"),
    (_FOCAL, "/agencies/BYT/shares"),
    (_FOCAL, "/shares/plan"),
    (_FOCAL, f"{_ONE}/hand-down"),
    (_FOCAL, f"{_ONE}/shares/1"),
    (_SECRETARIAT, "/milestones/2025-08"),
    (_SECRETARIAT, "/people"),
    (_SECRETARIAT, "/people/acting"),
    (_SECRETARIAT, "/collecting?month=2025-08"),
    (_SECRETARIAT, "/collecting/BYT?month=2025-08"),
    (_SECRETARIAT, "/uploads"),
    (_SECRETARIAT, "/uploads/new"),
    (_SECRETARIAT, "/batches"),
    (_SECRETARIAT, "/batches/1"),
    (_SECRETARIAT, "/batches/1/undo"),
    (_SECRETARIAT, "/questions"),
    (_SECRETARIAT, f"{_ONE}/decisions?action=hold"),
    (_SECRETARIAT, "/holds"),
    (_SECRETARIAT, "/obstacles"),
    (_SECRETARIAT, "/tomorrow"),
    (_SECRETARIAT, "/editions"),
    (_SECRETARIAT, "/editions/new"),
    (Role.OPS, "/operations"),
    (Role.OPS, "/operations/chains"),
    (Role.AUDITOR, "/audit"),
    (_ADMIN, "/accounts"),
    (_ADMIN, "/accounts/1"),
    (_ADMIN, "/clients"),
    (_ADMIN, "/webhooks"),
    (_ADMIN, "/password"),
)
# Looked at where they are reached: after an upload, an edition, a letter.
ELSEWHERE = {
    "/uploads/{number}",
    "/uploads/{number}/changes/{name}",
    "/editions/runs/{name}",
    "/editions/compare",
    "/editions/final",
    "/editions/{month}/{number}",
    "/tra-loi/{token}",
    "/tra-loi/{token}/{number}",
}
FILES = ("/metrics", ".xlsx", ".csv", "/{name}", "z", "/annotated", "/language/{language}")
MOST_BYTES = 100_000


def _opened(page: Page, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("role", "path"), PAGES)
def test_axe_finds_nothing(open_page: OpenPage, role: Role | None, path: str, language: str) -> None:
    page = open_page(role, language=language)
    _opened(page, path)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(("role", "path"), PAGES)
def test_a_phone_without_scripts_shows_it_whole_and_light(open_page: OpenPage, role: Role | None, path: str) -> None:
    page = open_page(role, phone=True, scripts=False)
    _opened(page, path)
    content = page.content()
    assert page.locator("h1").count() == 1
    assert len(gzip.compress(content.encode())) < MOST_BYTES
    assert page.locator("html").bounding_box()["width"] == 390  # type: ignore[index]
    widest = page.locator("main *:visible").evaluate_all("all => Math.max(...all.map(x => x.scrollWidth))")
    assert widest
    assert page.locator("body").evaluate("body => body.scrollWidth") <= 390


def test_no_page_is_left_out(portal: Portal) -> None:
    """A page that is not in the table above is looked at by nobody: add it."""
    looked_at = [path.partition("?")[0] for _, path in PAGES]
    pages = [
        route.path
        for route in every_route(create_app(portal.desk))
        if "GET" in (route.methods or ()) and not route.path.startswith("/api/") and not route.path.endswith(FILES)
    ]
    assert len(pages) > 20
    for path in set(pages) - ELSEWHERE:
        pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
        assert any(pattern.fullmatch(each) for each in looked_at), path
