"""Signing in, in a real browser."""

from playwright.sync_api import Page

from rules.access import Role
from tests.browser.conftest import OpenPage
from tests.portal.conftest import PASSWORD


def _sign_in(page: Page, name: str, password: str) -> None:
    page.fill("[name=name]", name)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")


def test_somebody_is_led_to_the_sign_in_and_back_to_where_they_were_going(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/assignments?status=overdue")
    _sign_in(page, Role.SECRETARIAT, PASSWORD)
    assert page.url.endswith("/assignments?status=overdue")


def test_a_wrong_password_says_so_and_the_summary_takes_the_focus(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/sign-in")
    _sign_in(page, Role.SECRETARIAT, "không phải mật khẩu này")
    assert page.locator(".govuk-error-summary").evaluate("summary => summary === document.activeElement")
    assert page.input_value("[name=name]") == Role.SECRETARIAT
    assert page.input_value("[name=password]") == ""


def test_after_signing_out_nothing_is_shown(open_page: OpenPage) -> None:
    page = open_page(Role.AUDITOR)
    page.click("text=Đăng xuất")
    page.goto("/")
    assert "/sign-in" in page.url
