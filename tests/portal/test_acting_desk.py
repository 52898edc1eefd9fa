"""The desk's pages: what waits, holds, obstacles, stand-ins, and what tomorrow would bring."""

import re
from dataclasses import MISSING, fields, replace
from datetime import date

import pytest
from sqlmodel import select, update

from decisions import AnswerObstacle, Delegate, HandDown, ReportHanded, Settle, open_questions
from models.assignment_tables import TaskRevision
from models.commitment_tables import AppealAnswer
from models.escalation_tables import HoldingRow
from models.outcome_tables import Notice
from portal.acting.deciding import ANSWERS, DECISIONS
from portal.app import create_app
from portal.desk import Desk
from portal.forms import FORMS
from rules.access import Role
from rules.digest_policy import DigestPolicy
from tests.portal.acting_office import CLAIMED, LATE, OTHERS, UNDATED, open_office, stored
from tests.portal.conftest import NOW, ON_5_SEPTEMBER, PASSWORD, Browser, SignIn, open_account

DELEGATE = {"agency": "BYT", "role": "unit_head", "to": "Phó Vụ trưởng", "address": "pho@byt.vn",
            "from_on": "2025-09-08", "until_on": "2025-09-19", "reason": "công tác"}  # fmt: skip
HOSTILE = "<script>alert(1)</script> {{7*7}}"


def test_everything_that_waits_is_listed_with_its_form(sign_in: SignIn, desk: Desk) -> None:
    office = open_office(desk.store)
    page = sign_in(Role.SECRETARIAT).get("/questions").text
    waiting = open_questions(desk.store, as_of=ON_5_SEPTEMBER, known_at=NOW)
    assert sorted(each.kind for each in waiting) == ["completion", "dispute", "extension", "obstacle", "undated"]
    for action in (f"/assignments/{CLAIMED}/decisions", f"/assignments/{LATE}/decisions", f"/appeals/{office.dispute}",
                   f"/appeals/{office.extension}", f"/obstacles/{office.obstacle}",
                   f"/assignments/{UNDATED}/decisions"):  # fmt: skip
        assert f'action="{action}"' in page
    assert "chậm 3 ngày làm việc" in page, "due on 29 August; 1 and 2 September are days off"
    assert "Chờ từ ngày 20/08/2025: 10 ngày làm việc" in page


LISTED = [
    ("kind=extension", {LATE}), ("kind=completion", {CLAIMED}), ("agency=BTC", {CLAIMED}),
    (f"code={UNDATED}", {UNDATED}),
     ("kind=succession", set()), ("agency=nobody", set()), ("page=99", {CLAIMED, LATE, UNDATED}),
]  # fmt: skip


def test_the_url_says_what_is_listed(sign_in: SignIn, desk: Desk) -> None:
    open_office(desk.store)
    browser = sign_in(Role.SECRETARIAT)
    for query, codes in LISTED:
        page = browser.get(f"/questions?{query}").text
        assert (query, set(re.findall(r"<h3[^>]*><a [^>]*>([^<]+)</a></h3>", page))) == (query, codes)


def test_a_matter_that_was_decided_waits_no_more(sign_in: SignIn, desk: Desk) -> None:
    office = open_office(desk.store)
    browser = sign_in(Role.SECRETARIAT)
    answer = {"s-accepted": "yes", "s-reason": "đúng", "back": "/questions?kind=dispute"}
    for _ in range(2):
        sent = browser.send("/questions", f"/appeals/{office.dispute}", at="s", **answer)
        assert (sent.status_code, sent.headers["location"]) == (303, "/questions?kind=dispute")
    assert "Không có việc nào chờ" in browser.get("/questions?kind=dispute").text
    with desk.store.reading() as session:
        assert [row.outcome for row in session.exec(select(AppealAnswer))] == ["accepted"]


def test_an_appeal_is_not_answered_by_half_a_form(sign_in: SignIn, desk: Desk) -> None:
    office = open_office(desk.store)
    before, browser = stored(desk.store), sign_in(Role.SECRETARIAT)
    for given in ({}, {"s-reason": "x"}, {"s-accepted": "maybe", "s-reason": "x"}, {"s-accepted": "no"}):
        answer = browser.send("/questions", f"/appeals/{office.dispute}", at="s", **given)
        assert (given, answer.status_code, stored(desk.store)) == (given, 422, before)


@pytest.mark.parametrize(("role", "agency"), [(Role.SECRETARIAT, ""), (Role.FOCAL_POINT, "BTC"), (Role.LEADER, "BTC")])
def test_an_obstacle_is_answered_once_by_whom_it_is_addressed_to(
    sign_in: SignIn, desk: Desk, role: Role, agency: str
) -> None:
    office = open_office(desk.store)
    before, browser = stored(desk.store), sign_in(role, agency)
    form = {"a-answer": "Đồng ý", "a-on": "2025-09-05"}
    for _ in range(2):
        assert browser.send("/obstacles", f"/obstacles/{office.obstacle}", at="a", **form).status_code == 303
    assert stored(desk.store) == {**before, "obstacle_answer": 1, "audit": before["audit"] + 1}


def test_an_obstacle_is_answered_by_nobody_else(sign_in: SignIn, desk: Desk) -> None:
    office = open_office(desk.store)
    before, form = stored(desk.store), {"a-answer": "Đồng ý", "a-on": "2025-09-05"}
    for role, agency, status in (
        (Role.LEADER, "", 403), (Role.FOCAL_POINT, "BYT", 403), (Role.FOCAL_POINT, "BCA", 404), (Role.AUDITOR, "", 403),
    ):  # fmt: skip
        answer = sign_in(role, agency).send("/obstacles", f"/obstacles/{office.obstacle}", at="a", **form)
        assert (role, agency, answer.status_code, stored(desk.store)) == (role, agency, status, before)


def test_holds_and_obstacles_are_seen_by_those_they_concern(sign_in: SignIn, desk: Desk) -> None:
    open_office(desk.store)
    given = {"h-from_on": "2025-09-05", "h-until_on": "2025-10-31", "h-document": "45/VPCP", "h-reason": "chờ luật"}
    sign_in(Role.SECRETARIAT).send("/questions", f"/assignments/{OTHERS}/decisions", action="hold", at="h", **given)
    for agency, rests, blocked in (("BTC", True, True), ("BYT", False, True), ("BCA", False, False)):
        browser = sign_in(Role.FOCAL_POINT, agency)
        obstacles = browser.get("/obstacles").text
        said = ("Chờ ý kiến của Bộ Tài chính" in obstacles, "chậm 5 ngày làm việc" in obstacles)
        assert (agency, OTHERS in browser.get("/holds").text, said) == (agency, rests, (blocked, blocked))


def test_somebody_stands_in_for_a_post_once(sign_in: SignIn, desk: Desk) -> None:
    browser = sign_in(Role.SECRETARIAT)
    form = {f"delegate-{name}": value for name, value in DELEGATE.items()}
    for _ in range(2):
        assert browser.send("/people/acting", "/people/acting", at="delegate", **form).status_code == 303
    with desk.store.reading() as session:
        (row,) = session.exec(select(HoldingRow)).all()
    assert (row.kind, row.address, row.until_on) == ("delegate", "pho@byt.vn", date(2025, 9, 19))
    page = browser.get("/people/acting").text
    assert "chưa đến ngày" in page
    assert "pho@byt.vn" in page


def test_a_delegation_that_cannot_be_is_said_and_kept(sign_in: SignIn, desk: Desk) -> None:
    browser = sign_in(Role.SECRETARIAT)
    for name, value in (("agency", "XXX"), ("until_on", "2025-09-01"), ("address", " "), ("role", "king"), ("to", "")):
        given = {**DELEGATE, name: value, "reason": HOSTILE}
        form = {f"delegate-{name}": value for name, value in given.items()}
        answer = browser.send("/people/acting", "/people/acting", at="delegate", **form)
        assert (name, answer.status_code, stored(desk.store)["holding"]) == (name, 422, 0)
        assert "&lt;script&gt;" in answer.text
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize(("role", "agency"), [(Role.LEADER, ""), (Role.FOCAL_POINT, "BYT"), (Role.AUDITOR, "")])
def test_the_desk_is_the_secretariats_alone(sign_in: SignIn, role: Role, agency: str) -> None:
    browser = sign_in(role, agency)
    assert {browser.get(path).status_code for path in ("/questions", "/people/acting", "/tomorrow")} == {403}
    assert browser.send("/obstacles", "/people/acting", at="").status_code == 403


def test_tomorrow_is_shown_and_nothing_is_written(sign_in: SignIn, desk: Desk) -> None:
    open_office(desk.store)
    with desk.store.writing() as session:
        session.execute(update(TaskRevision).values(text=HOSTILE))
    browser = sign_in(Role.SECRETARIAT)
    page = browser.get("/tomorrow").text
    assert "Đôn đốc ngày làm việc kế tiếp, 08/09/2025" in page, "5 September is a Friday"
    assert "Bộ Y tế" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "/tra-loi/" not in page
    with desk.store.reading() as session:
        assert session.exec(select(Notice)).all() == []


def test_a_decision_changes_tomorrow_at_once(sign_in: SignIn, desk: Desk) -> None:
    open_office(desk.store)
    browser = sign_in(Role.SECRETARIAT)
    before = browser.get("/tomorrow").text
    given = {"c-on": "2025-09-05", "c-document": "45/VPCP", "c-reason": "không còn phù hợp"}
    for code in (CLAIMED, LATE):
        browser.send("/questions", f"/assignments/{code}/decisions", action="cancel", at="c", **given)
    after = browser.get("/tomorrow").text
    assert ("Không có thư nào" in before, "Không có thư nào" in after) == (False, True)


def test_in_a_trial_nobody_else_would_be_told_and_why_is_said(desk: Desk) -> None:
    open_office(desk.store)
    open_account(desk.store, "sec", Role.SECRETARIAT)
    trial = replace(desk, digests=DigestPolicy(trial=frozenset({"thu@vpcp.vn"})))
    browser = Browser(create_app(trial))
    browser.request("POST", "/sign-in", data={"name": "sec", "password": PASSWORD})
    page = browser.get("/tomorrow?reason=trial").text
    assert "thu@vpcp.vn" in page
    assert "2025-09-08/BYT/" in page


def test_each_form_asks_what_its_decision_needs() -> None:
    kinds = {
        **DECISIONS,
        **ANSWERS,
        **{each.name: each for each in (Settle, AnswerObstacle, Delegate, HandDown, ReportHanded)},
    }
    assert set(FORMS) == set(kinds)
    for name, kind in kinds.items():
        known = {one.name: one.default is MISSING for one in fields(kind)}
        stated = {field: needed for field, _, needed in FORMS[name]}
        assert set(stated) <= set(known), name
        needed = {field for field, is_needed in known.items() if is_needed} - {"code", "appeal", "obstacle", "on"}
        assert needed == {field for field, is_needed in stated.items() if is_needed} - {"on"}, name
