"""Every page, in both languages: axe finds no violation, a phone shows it whole, without scripts, and it is light."""

import gzip
import re
from collections.abc import Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from playwright.sync_api import Page

from portal.app import create_app
from rules.access import Role
from tests.browser.conftest import OpenPage, Portal

PAGES: Sequence[tuple[Role | None, str]] = (
    (None, "/sign-in"),
    (Role.SECRETARIAT, "/"),
    (Role.SECRETARIAT, "/assignments"),
    (Role.SECRETARIAT, "/assignments?status=overdue&agency=BYT"),
    (Role.SECRETARIAT, "/assignments/07-CT-TTg.28.BYT"),
)
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
    for route in create_app(portal.desk).routes:
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and route.response_class is HTMLResponse:
            pattern = re.compile(route.path_regex)
            assert any(pattern.match(path) for path in looked_at), route.path
