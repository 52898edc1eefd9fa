"""Each role's main path, pressed through in a real browser."""

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from models.commitment_tables import Commitment
from models.outcome_tables import Notice
from rules.access import Role
from tests.browser.conftest import OpenPage, Portal
from tests.imports.workbooks import annex, task

HOSTILE = "<img src=x onerror=alert(1)> =cmd|' /C calc'!A0 {{7*7}}"


def _sent(page: Page, name: str, content: bytes) -> None:
    page.goto("/uploads/new")
    _send_here(page, name, content)


def _send_here(page: Page, name: str, content: bytes) -> None:
    page.set_input_files("[name=file]", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    page.click("main form[action='/uploads'] button")
    _settled(page)


def _settled(page: Page) -> None:
    """Wait until the page no longer says that it is being worked on."""
    expect(page.locator("#upload[hx-get]")).to_have_count(0, timeout=30_000)
    page.wait_for_load_state()


def _no_violation(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_secretariat_sends_mends_records_and_takes_back(open_page: OpenPage, *, scripts: bool) -> None:
    page = open_page(Role.SECRETARIAT, scripts=scripts)
    number = 901 if scripts else 902
    rows = [task(number), task(number + 10, deadline="31/02/2026", text=HOSTILE)]
    _sent(page, "phụ lục <b>.xlsx", annex(*rows))
    assert page.locator("td.bad__cell").count() == 1
    assert page.locator(".bad tbody tr").count() == 1
    assert page.locator("main img").count() == 0, "a cell's text became markup"
    if scripts:
        _no_violation(page)
        with page.expect_download() as download:
            page.click("a[href$='/annotated']")
        marked = load_workbook(io.BytesIO(download.value.path().read_bytes()))
        assert marked["Phụ lục"]["F5"].comment is not None

    _send_here(page, "phu-luc.xlsx", annex(task(number), task(number + 10, text=HOSTILE)))
    press = page.get_by_role("button", name=re.compile(r"Ghi 2 nhiệm vụ"))
    if scripts:
        _no_violation(page)
    press.first.click()
    _settled(page)
    page.click("main a[href^='/batches/']")
    page.click("main a[href$='/undo']")
    page.click("main form[action$='/undo'] button")
    assert "/batches/" in page.url
    assert page.locator("main img").count() == 0
    if scripts:
        _no_violation(page)


def test_the_secretariat_holds_a_duty_and_sees_it_among_the_holds(open_page: OpenPage) -> None:
    page = open_page(Role.SECRETARIAT)
    page.goto("/assignments/07-CT-TTg.28.BYT/decisions?action=hold")
    page.click("main button[type=submit]")
    assert page.locator(".govuk-error-summary").count() == 1, "nothing typed is not a decision"
    page.fill("[name=hold-from_on]", "2025-09-05")
    page.fill("[name=hold-until_on]", "2025-10-31")
    page.fill("[name=hold-document]", "512/VPCP-KSTT")
    page.fill("[name=hold-reason]", "Chờ Luật mới")
    page.click("main button[type=submit]")
    assert page.locator(".govuk-notification-banner--success").count() == 1
    page.goto("/holds")
    expect(page.locator("main")).to_contain_text("07-CT-TTg.28.BYT")


def test_a_leader_finds_what_is_late_and_why_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(Role.LEADER, phone=True)
    first = page.locator(".figures a").first
    late = first.inner_text().split()[0]
    first.click()
    expect(page.locator("main")).to_contain_text(late)
    page.locator("main a[href*='/assignments/']").first.click()
    expect(page.locator("h1")).to_have_count(1)
    assert page.locator("body").evaluate("body => body.scrollWidth") <= 390


def test_a_focal_point_sees_its_own_agency_and_no_other(open_page: OpenPage) -> None:
    page = open_page(Role.FOCAL_POINT)
    page.goto("/assignments?agency=BCA")
    assert page.locator("main a[href*='.BCA']").count() == 0
    answer = page.goto("/assignments/07-CT-TTg.1.BCA")
    assert answer is not None
    assert answer.status == 404
    with page.expect_download() as download:
        page.goto("/collecting?month=2025-08")
        page.click("a[href$='/collecting/template/BYT.xlsx']")
    assert download.value.suggested_filename.endswith(".xlsx")


def test_ops_see_the_runs_and_the_outbox(open_page: OpenPage) -> None:
    page = open_page(Role.OPS)
    page.click("nav a[href='/operations']")
    expect(page.locator("main")).to_contain_text("mới nhất")


def test_an_auditor_reads_who_did_what(open_page: OpenPage) -> None:
    page = open_page(Role.AUDITOR)
    page.click("nav a[href='/audit']")
    expect(page.locator("main")).to_contain_text("Đăng nhập")


def test_an_administrator_opens_an_account_that_must_choose_its_password(open_page: OpenPage) -> None:
    page = open_page(Role.ADMINISTRATOR)
    page.click("nav a[href='/accounts']")
    expect(page.locator("main")).to_contain_text(Role.FOCAL_POINT)


def test_a_link_from_a_letter_commits_to_a_day_without_signing_in(open_page: OpenPage, portal: Portal) -> None:
    with portal.store.reading() as session:
        letters = session.exec(select(Notice.text).where(col(Notice.text).contains("/tra-loi/"))).all()
    link = re.search(r"http://\S+/tra-loi/\S+/\d+", "\n".join(letters))
    assert link
    page = open_page(phone=True)
    page.goto(link[0])
    _no_violation(page)
    page.locator("summary").first.click()
    form = page.locator("form:has(input[value=acknowledge])")
    form.locator("[name=until]").fill("2025-09-26")
    form.locator("[name=reason]").fill("Đang trình ký")
    form.locator("button").click()
    expect(page.locator(".govuk-notification-banner--success")).to_have_count(1)
    with portal.store.reading() as session:
        assert [each.reason for each in session.exec(select(Commitment)).all()] == ["Đang trình ký"]
    _no_violation(page)
