"""Each verb of the desk: who may do it does it once, everybody else gets 403 or 404 and nothing changes."""

from datetime import date

import pytest
from sqlmodel import col, select

from models import Store, status_of
from models.assignment_tables import Decision
from models.outcome_tables import AuditEntry
from portal.desk import Desk
from rules.access import Role
from rules.status import Status
from tests.portal.acting_office import CLAIMED, ELSEWHERE, LATE, OTHERS, UNDATED, open_office, stored
from tests.portal.conftest import NOW, ON_5_SEPTEMBER, Browser, SignIn

HOSTILE = "<script>alert(1)</script> =cmd|' /C calc'!A0 {{7*7}} '; DROP TABLE decision; --\r\nBcc: x@y.vn"
BY = {"document": "45/VPCP-TH", "reason": "theo ý kiến chỉ đạo"}
FORMS = {
    "confirm": (CLAIMED, {"reason": "đã xem sản phẩm"}),
    "return": (CLAIMED, {"reason": "thiếu văn bản"}),
    "extend": (LATE, {**BY, "until_on": "2025-09-30", "exception": "yes"}),
    "hold": (OTHERS, {**BY, "from_on": "2025-09-05", "until_on": "2025-10-31"}),
    "cancel": (OTHERS, {**BY, "on": "2025-09-05"}),
    "date": (UNDATED, {**BY, "until_on": "2025-12-31"}),
    "link": (CLAIMED, {"reason": "cùng nội dung", "same_as": ELSEWHERE}),
}
ANSWERS = {
    "acknowledge": ({"until_on": "2025-09-12", "reason": "đang trình ký"}, "commitment"),
    "extension": ({"until_on": "2025-10-10", "reason": "chờ ý kiến"}, "appeal"),
    "dispute": ({"reason": "đã ban hành 15/QĐ-BYT"}, "appeal"),
    "redirect": ({"to": "Cục Quản lý dược", "reason": "đã chuyển giao"}, "appeal"),
}


def decide(browser: Browser, code: str, action: str, given: dict[str, str], *, path: str = "decisions") -> int:
    """Send the form of a decision or an answer; return the status."""
    form = {f"{action}-{name}": value for name, value in given.items()}
    answer = browser.send("/obstacles", f"/assignments/{code}/{path}", action=action, at=action, **form)
    return answer.status_code


def test_the_secretariat_decides_once_however_often_it_presses(sign_in: SignIn, desk: Desk) -> None:
    open_office(desk.store)
    browser = sign_in(Role.SECRETARIAT)
    for action, (code, given) in FORMS.items():
        before = stored(desk.store)
        assert (action, [decide(browser, code, action, given) for _ in range(2)]) == (action, [303, 303])
        table, rows = ("same_work", 2) if action == "link" else ("decision", 1)
        assert stored(desk.store) == {**before, table: before[table] + rows, "audit": before["audit"] + 1}, action
        with desk.store.reading() as session:
            entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
        assert entry
        by = "Post of secretariat-all (secretariat-all)"
        assert (entry.action, entry.subject, entry.by) == (f"decide.{action}", code, by)


def test_nobody_else_decides(sign_in: SignIn, desk: Desk) -> None:
    open_office(desk.store)
    before = stored(desk.store)
    others = [(Role.LEADER, ""), (Role.LEADER, "BYT"), (Role.FOCAL_POINT, "BYT"), (Role.OPS, ""), (Role.AUDITOR, "")]
    for role, agency in others:
        browser = sign_in(role, agency)
        statuses = {decide(browser, code, action, given) for action, (code, given) in FORMS.items()}
        assert (role, agency, statuses, stored(desk.store)) == (role, agency, {403}, before)


def test_what_a_decision_took_another_takes_back(sign_in: SignIn, desk: Desk) -> None:
    open_office(desk.store)
    browser = sign_in(Role.SECRETARIAT)
    for action in ("cancel", "reinstate", "hold", "resume"):
        given = FORMS.get(action, (OTHERS, {**BY, "on": "2025-09-05"}))[1]
        assert decide(browser, OTHERS, action, given) == 303, action
    with desk.store.reading() as session:
        taken = session.exec(select(Decision.action).order_by(col(Decision.id))).all()
    assert taken == ["cancel", "reinstate", "hold", "resume"]


def test_work_without_a_day_is_dated_and_counts_by_it(sign_in: SignIn, desk: Desk) -> None:
    open_office(desk.store)
    browser = sign_in(Role.SECRETARIAT)
    assert decide(browser, UNDATED, "date", FORMS["date"][1]) == 303
    table = status_of(desk.store, as_of=ON_5_SEPTEMBER, known_at=NOW)
    row = next(row for row in table.rows if row.code == UNDATED)
    assert (row.status, row.due_on, row.original_due_on) == (
        Status.IN_PROGRESS, date(2025, 12, 31), date(2025, 12, 31),
    )  # fmt: skip
    assert "/questions" in browser.get("/questions").text
    assert f">{UNDATED}<" not in browser.get("/questions?kind=undated").text


@pytest.mark.parametrize("role", [Role.LEADER, Role.FOCAL_POINT])
def test_the_accountable_agency_answers_once(sign_in: SignIn, desk: Desk, role: Role) -> None:
    open_office(desk.store)
    browser = sign_in(role, "BYT")
    for action, (given, table) in ANSWERS.items():
        before = stored(desk.store)
        twice = [decide(browser, LATE, action, given, path="answers") for _ in range(2)]
        assert (action, twice) == (action, [303, 303])
        assert stored(desk.store) == {**before, table: before[table] + 1, "audit": before["audit"] + 1}, action


def test_nobody_answers_for_another_agency(sign_in: SignIn, desk: Desk) -> None:
    open_office(desk.store)
    before = stored(desk.store)
    for role, agency, status in (
        (Role.FOCAL_POINT, "BTC", 404), (Role.LEADER, "BTC", 404), (Role.LEADER, "", 403), (Role.SECRETARIAT, "", 403),
        (Role.OPS, "", 403), (Role.AUDITOR, "", 403),
    ):  # fmt: skip
        browser = sign_in(role, agency)
        statuses = {decide(browser, LATE, action, given, path="answers") for action, (given, _) in ANSWERS.items()}
        assert (role, agency, statuses, stored(desk.store)) == (role, agency, {status}, before)


REFUSED = [
    ("extend", {**BY, "until_on": "mai"}, "Giá trị này không đúng"),
    ("extend", {"until_on": "2025-09-30", "reason": "x"}, "Chưa điền mục này"),
    ("extend", {**BY, "until_on": "2025-08-29", "exception": "yes"}, "không sau hạn đang áp dụng"),
    ("confirm", {"reason": "đã xem"}, "chưa có báo cáo hoàn thành"),
]


def test_a_refused_decision_is_said_and_keeps_what_was_typed(sign_in: SignIn, desk: Desk) -> None:
    open_office(desk.store)
    before, browser = stored(desk.store), sign_in(Role.SECRETARIAT)
    for action, given, said in REFUSED:
        form = {f"{action}-{name}": value for name, value in given.items()}
        answer = browser.send("/obstacles", f"/assignments/{LATE}/decisions", action=action, at=action, **form)
        assert (said, answer.status_code, stored(desk.store)) == (said, 422, before)
        page = answer.text
        assert said in page
        assert [each for each in given.values() if f'value="{each}"' not in page and f">{each}</text" not in page] == []


def test_an_unknown_action_is_no_page(sign_in: SignIn, desk: Desk) -> None:
    open_office(desk.store)
    for path, browser in (
        ("decisions", sign_in(Role.SECRETARIAT)), ("answers", sign_in(Role.FOCAL_POINT, "BYT")),
    ):  # fmt: skip
        for action in ("", "drop", "__init__", "settle"):
            assert decide(browser, LATE, action, {"reason": "x"}, path=path) == 404


def test_a_form_leads_back_to_pages_of_ours_alone(sign_in: SignIn, desk: Desk) -> None:
    open_office(desk.store)
    browser = sign_in(Role.SECRETARIAT)
    elsewhere = ("https://evil.example/", "//evil.example", "/\\evil.example", "/questions\r\nX: y", "/sign-out")
    for back in elsewhere:
        form = {"confirm-reason": "đã xem", "back": back}
        path = f"/assignments/{CLAIMED}/decisions"
        answer = browser.send("/obstacles", path, action="confirm", at="confirm", **form)
        assert (back, answer.headers["location"]) == (back, f"/assignments/{CLAIMED}")


def test_hostile_words_are_text_on_every_page(sign_in: SignIn, store: Store) -> None:
    open_office(store)
    browser = sign_in(Role.SECRETARIAT)
    given = {"from_on": "2025-09-05", "until_on": "2025-10-31", "document": HOSTILE, "reason": HOSTILE}
    assert decide(browser, OTHERS, "hold", given) == 303
    refused = browser.send(
        "/obstacles", f"/assignments/{OTHERS}/decisions", action="extend", at="extend", **{"extend-reason": HOSTILE}
    )  # fmt: skip
    for page in (browser.get("/holds").text, refused.text):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "{{7*7}}" in page


def test_the_next_page_says_what_became_of_it_once(sign_in: SignIn, desk: Desk) -> None:
    open_office(desk.store)
    browser = sign_in(Role.SECRETARIAT)
    form = {"confirm-reason": "đã xem", "back": "/questions?kind=completion"}
    answer = browser.send("/obstacles", f"/assignments/{CLAIMED}/decisions", action="confirm", at="confirm", **form)
    assert answer.headers["location"] == "/questions?kind=completion"
    assert "Đã ghi nhận: xác nhận hoàn thành (nhật ký số" in browser.get("/questions").text
    assert "Đã ghi nhận: xác nhận hoàn thành" not in browser.get("/questions").text


def test_an_assignments_page_has_the_forms_of_those_who_may_use_them(sign_in: SignIn, desk: Desk) -> None:
    open_office(desk.store)
    for role, agency, decisions, answers in (
        (Role.SECRETARIAT, "", True, False), (Role.FOCAL_POINT, "BYT", False, True), (Role.LEADER, "BYT", False, True),
        (Role.LEADER, "", False, False), (Role.AUDITOR, "", False, False),
    ):  # fmt: skip
        page = sign_in(role, agency).get(f"/assignments/{LATE}").text
        found = (f'action="/assignments/{LATE}/decisions"' in page, f'action="/assignments/{LATE}/answers"' in page)
        assert (role, agency, *found) == (role, agency, decisions, answers)
