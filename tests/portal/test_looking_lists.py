"""Lists keep their filters in the URL; a file holds exactly what the list shows, and its text runs nowhere."""

import csv
import re
from io import BytesIO, StringIO

import httpx
import pytest
from openpyxl import load_workbook
from sqlmodel import update

from models import Store
from models.assignment_tables import TaskRevision
from portal.looking import exports
from rules.access import Role
from tests.models.world import World
from tests.portal.conftest import ON_5_SEPTEMBER, Browser, SignIn
from tests.portal.office import LATE, fill

CODES = ["07-CT-TTg.1.BTC", LATE, "07-CT-TTg.2.BYT", "07-CT-TTg.3.BCA"]


@pytest.fixture
def browser(store: Store, sign_in: SignIn) -> Browser:
    """Give the secretariat's browser over the small register."""
    fill(store)
    return sign_in(Role.SECRETARIAT)


def listed(answer: httpx.Response) -> set[str]:
    """Return the codes a page lists."""
    return {code for code in CODES if f">{code}</a>" in answer.text}


def lines(answer: httpx.Response) -> list[list[str]]:
    """Return the lines of a .csv."""
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", set(CODES)),
        ("agency=BYT", {LATE, "07-CT-TTg.2.BYT"}),
        ("agency=bo%20y%20te", {LATE, "07-CT-TTg.2.BYT"}),
        ("status=overdue", {LATE, "07-CT-TTg.2.BYT"}),
        ("status=overdue&milestone=2025-Q2", {"07-CT-TTg.2.BYT"}),
        ("milestone=2025-Q2&verdict=missed", {"07-CT-TTg.2.BYT"}),
        ("milestone=2025-Q2&verdict=met", set()),
        ("status=overdue&late_from=1&late_to=5", {LATE}),
        ("status=overdue&late_from=6", {"07-CT-TTg.2.BYT"}),
        ("document=07/CT-TTg", set(CODES)),
        ("document=8/CT-TTg", set()),
        ("q=nhiem+vu+2", {"07-CT-TTg.2.BYT"}),
        ("q=NHIỆM+VỤ", set(CODES)),
        ("q=07-ct-ttg.1.byt", {LATE}),
        ("q=07/CT-TTg+3", {"07-CT-TTg.3.BCA"}),
        ("q=không+có", set()),
        ("agency=BYT&flag=silent", {"07-CT-TTg.2.BYT"}),
        ("changed=newly_late&as_of=2025-09-04", {LATE}),
        ("as_of=2025-03-13", set()),
    ],
)
def test_each_filter_leaves_its_rows_on_the_page_and_in_the_files(
    browser: Browser, query: str, found: set[str]
) -> None:
    page = browser.get(f"/assignments?{query}")
    assert page.status_code == 200
    assert listed(page) == found
    assert f"{len(found)} nhiệm vụ" in page.text
    text, book = (browser.get(f"/assignments.{kind}?{query}") for kind in ("csv", "xlsx"))
    assert {line[0] for line in lines(text) if line} & set(CODES) == found
    sheet = load_workbook(BytesIO(book.content)).active
    assert sheet is not None
    assert {row[0] for row in sheet.iter_rows(values_only=True)} & set(CODES) == found


def test_the_filters_stay_in_the_form_and_are_said(browser: Browser) -> None:
    page = browser.get("/assignments", params={"agency": "BYT", "status": "overdue", "milestone": "2025-Q2"}).text
    assert '<option value="BYT" selected>' in page
    assert '<option value="overdue" selected>' in page
    assert "cơ quan: Bộ Y tế; mốc: Quý II/2025; trạng thái: Quá hạn" in page


def test_a_long_list_comes_in_pages_that_share_no_row(store: Store, sign_in: SignIn) -> None:
    with store.writing() as session:
        world = World(session)
        for _ in range(60):
            world.duty("BYT", due=ON_5_SEPTEMBER)
    browser = sign_in(Role.SECRETARIAT)
    first, second, beyond = (browser.get(f"/assignments?page={page}").text for page in (1, 2, 9))
    codes = [
        {f"07-CT-TTg.{n}.BYT" for n in range(1, 61) if f">07-CT-TTg.{n}.BYT</a>" in page} for page in (first, second)
    ]
    assert [len(each) for each in codes] == [50, 10]
    assert not codes[0] & codes[1]
    assert 'rel="next" href="/assignments?page=2"' in first
    assert 'rel="prev" href="/assignments?page=1"' in second
    assert "Đang xem từ 51 đến 60; trang 2/2" in beyond


@pytest.mark.parametrize(
    "query", ["as_of=2025-02-30", "as_of=x", "as_of=9999-12-31", "as_of=0001-01-01", "agency=XXX", "status=late",
              "page=0", "page=%C2%B2", "milestone=2030", "known_at=yesterday", "verdict=x", "flag=x", "changed=x",
              "late_from=-1", "late_to=x", "flag=silent"],
)  # fmt: skip
def test_a_filter_that_means_nothing_is_said(browser: Browser, query: str) -> None:
    for path in ("/assignments", "/assignments.csv"):
        response = browser.get(f"{path}?{query}")
        assert response.status_code == 400, path
        assert re.search('<p class="govuk-body">[^<]+<span class="en" lang="en">', response.text)


def test_a_file_says_its_day_and_its_filters_on_top(browser: Browser) -> None:
    answer = browser.get("/assignments.csv?agency=BYT&status=overdue")
    top = lines(answer)[:5]
    assert top[0] == ["Danh sách nhiệm vụ đến ngày 05/09/2025"]
    assert top[1] == ["2 nhiệm vụ, tính đến ngày 05/09/2025, theo dữ liệu ghi nhận đến 15:00 05/09/2025."]
    assert top[2] == ["Lọc theo: cơ quan: Bộ Y tế; trạng thái: Quá hạn."]
    assert top[4][:2] == ["Mã", "Văn bản"]
    assert answer.headers["content-disposition"] == 'attachment; filename="nhiem-vu-2025-09-05.csv"'
    browser.get("/language/en")
    assert lines(browser.get("/assignments.csv"))[0] == ["Assignments as of 05/09/2025"]


def test_text_in_a_file_is_never_a_formula(store: Store, sign_in: SignIn) -> None:
    fill(store)
    hostile = "=cmd|' /C calc'!A0\r\n\x07+1"
    with store.writing() as session:
        session.execute(update(TaskRevision).values(text=hostile, product="@SUM(1)", section="-2"))
    browser = sign_in(Role.SECRETARIAT)
    row = next(line for line in lines(browser.get("/assignments.csv")) if line[:1] == [LATE])
    assert (row[5], row[6]) == ("'=cmd|' /C calc'!A0 +1", "'@SUM(1)")
    sheet = load_workbook(BytesIO(browser.get("/assignments.xlsx").content)).active
    assert sheet is not None
    cells = next(row for row in sheet.iter_rows() if row[0].value == LATE)
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}
    assert cells[5].value == "=cmd|' /C calc'!A0 +1"


def test_more_rows_than_a_file_holds_are_not_given(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST", 3)
    refused = browser.get("/assignments.xlsx")
    assert (refused.status_code, "nhiều nhất 3 dòng" in refused.text) == (400, True)
    assert "/assignments.xlsx" not in browser.get("/assignments").text
    assert browser.get("/assignments.xlsx?agency=BYT").status_code == 200
