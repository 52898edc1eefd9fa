"""How a page is read: in which languages, by whom it is read to, and what it says when it cannot answer."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from models import Store
from models.account_tables import AccountState
from portal.app import create_app
from portal.beside import english_beside
from portal.desk import Desk
from rules.access import Role
from tests.portal.acting_office import CLAIMED, open_office, stored
from tests.portal.conftest import NOW, PASSWORD, Browser, SignIn, open_account
from tests.portal.office import LATE, fill

PATHS = ("/", "/assignments", f"/assignments/{LATE}", "/questions", "/collecting", "/no/such/page")
_LETTERS = re.compile(r"[À-ÖØ-öø-ỹ]")


@pytest.mark.parametrize(("chosen", "language", "beside"), [("vi", "vi", 0), ("both", "vi", 1), ("en", "en", 0)])
def test_the_reader_chooses_one_language_or_both(
    store: Store, sign_in: SignIn, chosen: str, language: str, beside: int
) -> None:
    fill(store)
    browser = sign_in(Role.SECRETARIAT)
    browser.get(f"/language/{chosen}")
    for path in PATHS:
        page = browser.get(path).text
        assert f'<html lang="{language}"' in page, path
        assert ('class="en"' in page) is bool(beside), path
        assert 'aria-current="true"' in page


def test_without_a_choice_both_stand_side_by_side(store: Store, sign_in: SignIn) -> None:
    fill(store)
    browser = sign_in(Role.SECRETARIAT)
    assert 'class="en"' in browser.get("/").text
    assert browser.get("/language/fr").status_code == 422


BESIDE = [
    ("Của Bộ Y tế.", "Of Bộ Y tế.", 'Of <span lang="vi">Bộ Y tế</span>.'),
    ("Đến ngày 05/09/2025", "As of 05/09/2025", "As of 05/09/2025"),
    ("“Bộ Công an” → Bộ Công an", "“Bộ Công an” reads Bộ Công an", None),
    ("Việc: " + "đánh giá " * 30, "Task: " + "đánh giá " * 30, 'Task: <span lang="vi">…</span> '),
    ("Của <b>Bộ</b>", "Of <b>Bộ</b>", None),
]


@pytest.mark.parametrize(("vi", "en", "expected"), BESIDE)
def test_vietnamese_in_the_english_says_that_it_is(vi: str, en: str, expected: str | None) -> None:
    said = str(english_beside(vi, en))
    outside = re.sub(r'<span lang="vi">.*?</span>', "", said)
    assert not _LETTERS.search(outside)
    assert "<b>" not in said
    if expected:
        assert expected in said


def test_a_story_holds_no_vietnamese_that_is_marked_as_english(store: Store, sign_in: SignIn) -> None:
    fill(store)
    page = sign_in(Role.SECRETARIAT).get(f"/assignments/{LATE}").text
    page = re.sub(r'<span lang="vi">[^<]*</span>', "", page)
    spans = re.findall(r'<span class="en" lang="en">([^<]*)</span>', page)
    assert len(spans) > 30
    assert [span for span in spans if _LETTERS.search(span)] == []


def test_a_reader_of_english_reads_failures_in_english(store: Store, sign_in: SignIn) -> None:
    fill(store)
    browser = sign_in(Role.FOCAL_POINT, "BYT")
    browser.get("/language/en")
    for path, title in (("/no/such/page", "Page not found"), ("/accounts", "Not allowed"), ("/?as_of=x", "answered")):
        page = browser.get(path).text
        words = re.sub(r"<header.*?</header>|<nav.*?</nav>|<title>.*?</title>", "", page, flags=re.DOTALL)
        assert title in words, path
        assert not _LETTERS.search(re.sub(r"Đôn đốc", "", words)), path


def test_the_title_says_that_something_is_wrong(sign_in: SignIn, desk: Desk) -> None:
    open_office(desk.store)
    browser, path = sign_in(Role.SECRETARIAT), f"/assignments/{CLAIMED}/decisions"
    assert "<title>Lỗi" not in browser.get(f"{path}?action=confirm").text
    assert "<title>Lỗi: " in browser.send("/obstacles", path, action="confirm", at="x").text
    browser.get("/language/en")
    assert "<title>Error: " in browser.send("/obstacles", path, action="confirm", at="x").text


def test_what_was_typed_is_not_lost_with_the_session(desk: Desk) -> None:
    open_office(desk.store)
    at = [NOW]
    open_account(desk.store, "thu-ky", Role.SECRETARIAT)
    browser = Browser(create_app(replace(desk, now=lambda: at[0])))
    browser.request("POST", "/sign-in", data={"name": "thu-ky", "password": PASSWORD})
    at[0] += timedelta(minutes=31)
    before = stored(desk.store)
    form = {"action": "confirm", "at": "x", "x-reason": "đã xem <b>biên bản</b>", "form_token": "t0k3n"}
    referer = {"referer": "http://localhost/questions?kind=completion"}
    answer = browser.request("POST", f"/assignments/{CLAIMED}/decisions", data=form, headers=referer)
    assert (answer.status_code, stored(desk.store)) == (401, before)
    assert "Phiên làm việc đã hết" in answer.text
    assert "đã xem &lt;b&gt;biên bản&lt;/b&gt;" in answer.text
    assert "t0k3n" not in answer.text
    assert 'href="/sign-in?next=%2Fquestions%3Fkind%3Dcompletion"' in answer.text
    elsewhere = browser.request("POST", "/collecting/remind", data={}, headers={"referer": "http://[x"})
    assert 'href="/sign-in"' in elsewhere.text
    secret = {"old": "mật khẩu cũ", "new": "mật khẩu mới", "again": "mật khẩu mới"}
    assert "mật khẩu mới" not in browser.request("POST", "/password", data=secret).text
    assert Browser(browser.app).request("POST", "/collecting/remind").headers["location"] == "/sign-in"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"agency": "BYT"}, "Chưa chọn vai trò"),
        ({"role": "leader"}, "Chưa chọn cơ quan"),
        ({"role": "x"}, "Chưa chọn vai trò"),
    ],
)
def test_no_account_sees_all_by_what_was_left_unchosen(
    sign_in: SignIn, store: Store, given: dict[str, str], said: str
) -> None:
    admin = sign_in(Role.ADMINISTRATOR)
    page = admin.get("/accounts").text
    for name in ("role", "agency"):
        assert re.search(rf'<select class="govuk-select" id="{name}" name="{name}"[^>]*>\s*<option value="">', page)
    answer = admin.send("/accounts", "/accounts", name="moi", post="Văn thư", **given)
    assert (answer.status_code, said in answer.text) == (422, True)
    chosen = admin.send("/accounts", "/accounts", name="moi", post="Bộ trưởng", role="leader", agency="all")
    assert chosen.status_code == 200
    with store.reading() as session:
        newest = session.exec(select(AccountState).where(AccountState.post == "Bộ trưởng")).one()
    assert (newest.role, newest.agency) == ("leader", "")
