"""Two people at the desk at once, and forms that hold more than they show."""

import re
from datetime import UTC, datetime

import pytest
from sqlmodel import col, select

from decisions import AnswerObstacle, Confirm, Settle, decide
from models import Store
from models.assignment_tables import Decision
from models.commitment_tables import Appeal
from portal.desk import Desk
from rules.access import Role
from tests.portal.acting_office import CLAIMED, LATE, OTHERS, open_office, stored
from tests.portal.conftest import NOW, ON_5_SEPTEMBER, Browser, SignIn

BY = {"document": "45/VPCP-TH", "reason": "theo ý kiến chỉ đạo"}
OVERTAKEN, ANSWERED = "người khác đã ghi một quyết định", "người khác đã trả lời vướng mắc"


def seen_on(browser: Browser, page: str, path: str, at: str = "") -> str:
    """Return the mark a form of a page carries."""
    form = rf'action="{path}".*?name="at" value="{at}.*?name="seen" value="([0-9.]+)"'
    found = re.search(form, browser.get(page).text, re.DOTALL)
    assert found, f"{path} stands on {page} without a mark"
    return found[1]


def newest_action(store: Store) -> str:
    """Return the decision recorded last."""
    with store.reading() as session:
        newest = session.exec(select(Decision).order_by(col(Decision.id).desc())).first()
    return newest.action if newest else ""


@pytest.mark.parametrize(
    "page", ["/questions", f"/assignments/{CLAIMED}", f"/assignments/{CLAIMED}/decisions?action=return"]
)
def test_what_somebody_decided_meanwhile_is_shown_before_the_opposite_is_recorded(
    sign_in: SignIn, desk: Desk, page: str
) -> None:
    open_office(desk.store)
    browser, path = sign_in(Role.SECRETARIAT), f"/assignments/{CLAIMED}/decisions"
    seen = seen_on(browser, page, path)
    confirm = Confirm(code=CLAIMED, on=ON_5_SEPTEMBER, reason="đủ văn bản")
    assert decide(confirm, store=desk.store, by="Chuyên viên khác (b)", now=NOW).outcome == "recorded"
    form = {"action": "return", "at": "r", "r-reason": "thiếu phụ lục", "r-on": "2025-09-05"}
    refused = browser.send("/obstacles", path, seen=seen, **form)
    assert (refused.status_code, newest_action(desk.store)) == (422, "confirm")
    for said in (OVERTAKEN, "Chuyên viên khác (b)", "đủ văn bản", "thiếu phụ lục"):
        assert said in refused.text
    again = re.search(r'name="seen" value="([0-9.]+)"', refused.text)
    assert again
    assert browser.send("/obstacles", path, seen=again[1], **form).status_code == 303
    assert newest_action(desk.store) == "return"


@pytest.mark.parametrize("action", ["extend", "hold"])
def test_an_extension_and_a_hold_ask_as_well(sign_in: SignIn, desk: Desk, action: str) -> None:
    open_office(desk.store)
    browser, code = sign_in(Role.SECRETARIAT), LATE if action == "extend" else OTHERS
    path = f"/assignments/{code}/decisions"
    seen = seen_on(browser, f"/assignments/{code}", path)
    days = {"until_on": "2025-10-31", "exception": "yes", "from_on": "2025-09-05"}
    first, other = ({f"x-{name}": value for name, value in {**BY, **days, **more}.items()} for more in (
        {}, {"until_on": "2025-11-28"}
    ))  # fmt: skip
    assert browser.send("/obstacles", path, action=action, at="x", seen=seen, **first).status_code == 303
    before = stored(desk.store)
    refused = browser.send("/obstacles", path, action=action, at="x", seen=seen, **other)
    assert (refused.status_code, OVERTAKEN in refused.text, stored(desk.store)) == (422, True, before)
    assert browser.send("/obstacles", path, action=action, at="x", seen=seen, **first).status_code == 303, (
        "pressed twice"
    )
    assert stored(desk.store) == before


def test_an_appeal_is_answered_by_whoever_saw_the_last_answer(sign_in: SignIn, desk: Desk) -> None:
    office = open_office(desk.store)
    browser, path = sign_in(Role.SECRETARIAT), f"/appeals/{office.dispute}"
    seen = seen_on(browser, "/questions", path)
    accepted = Settle(appeal=office.dispute, on=ON_5_SEPTEMBER, accepted=True, reason="đúng như báo cáo")
    assert decide(accepted, store=desk.store, by="Chuyên viên khác (b)", now=NOW).outcome == "recorded"
    before = stored(desk.store)
    form = {"at": "s", "s-accepted": "no", "s-reason": "chưa đủ căn cứ"}
    refused = browser.send("/questions", path, seen=seen, **form)
    assert (refused.status_code, stored(desk.store)) == (422, before)
    assert OVERTAKEN in refused.text
    assert "đúng như báo cáo" in refused.text


@pytest.mark.parametrize("page", ["/questions", "/obstacles"])
def test_an_obstacle_is_answered_by_whoever_saw_the_last_answer(sign_in: SignIn, desk: Desk, page: str) -> None:
    office = open_office(desk.store)
    browser, path = sign_in(Role.SECRETARIAT), f"/obstacles/{office.obstacle}"
    seen = seen_on(browser, page, path)
    yes = AnswerObstacle(obstacle=office.obstacle, on=ON_5_SEPTEMBER, answer="Đồng ý")
    assert decide(yes, store=desk.store, by="Bộ Tài chính (b)", now=NOW).outcome == "recorded"
    before = stored(desk.store)
    form = {"at": "a", "a-answer": "Không đồng ý", "a-on": "2025-09-05"}
    refused = browser.send("/obstacles", path, seen=seen, **form)
    assert (refused.status_code, stored(desk.store)) == (422, before)
    for said in (ANSWERED, "Bộ Tài chính (b)", "Đồng ý"):
        assert said in refused.text


def test_whoever_is_a_moment_behind_by_their_clock_is_behind(desk: Desk) -> None:
    """The instant of a request is read before it waits for the one before it."""
    office = open_office(desk.store)
    accepted = Settle(appeal=office.dispute, on=ON_5_SEPTEMBER, accepted=True, reason="đúng")
    assert decide(accepted, store=desk.store, by="b", now=NOW).outcome == "recorded"
    earlier = datetime(2025, 9, 5, 7, 59, tzinfo=UTC)
    declined = Settle(appeal=office.dispute, on=ON_5_SEPTEMBER, accepted=False, reason="không")
    outcome = decide(declined, store=desk.store, by="a", now=earlier, seen="0.0.0")
    assert outcome.refusal
    assert outcome.refusal.code == "overtaken"


@pytest.mark.parametrize("on", ["2025-01-15", "0001-01-01", "2025-09-04"])
def test_an_agency_asks_today_whatever_day_it_sends_along(sign_in: SignIn, desk: Desk, on: str) -> None:
    open_office(desk.store)
    focal = sign_in(Role.FOCAL_POINT, "BYT")
    form = {
        "x-until_on": "2025-10-31",
        "x-reason": "chờ ý kiến",
        "x-on": on,
        "on": on,
        "x-notice": "khác",
        "notice": "khác",
    }
    answer = focal.send("/obstacles", f"/assignments/{LATE}/answers", action="extension", at="x", **form)
    assert answer.status_code == 303
    with desk.store.reading() as session:
        asked = session.exec(select(Appeal).order_by(col(Appeal.id).desc())).first()
    assert asked
    assert (asked.asked_on, asked.notice_key) == (ON_5_SEPTEMBER, "")


def test_a_day_of_another_century_is_none(sign_in: SignIn, desk: Desk) -> None:
    open_office(desk.store)
    before, browser = stored(desk.store), sign_in(Role.SECRETARIAT)
    for day in ("0001-01-01", "9999-12-31"):
        form = {"x-reason": "đã xem", "x-on": day}
        refused = browser.send("/obstacles", f"/assignments/{CLAIMED}/decisions", action="confirm", at="x", **form)
        assert (day, refused.status_code, stored(desk.store)) == (day, 422, before)
        assert "Giá trị này không đúng" in refused.text
