"""Shares handed down, and what becomes of them, in the words the tests of this room need."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from decisions import HandDown, ReportHanded, hand_down, report_handed
from models import Store
from models.handed import HandedState
from notifications import Plan
from tests.models.world import World
from tests.notifications.duties import morning
from tests.notifications.test_climbing import JULY

CODE = "07-CT-TTg.1.BYT"
DUE_LATER = date(2025, 12, 31)
EARLY, UNIT, BY = datetime(2025, 6, 2, 1, tzinfo=UTC), "Cục Quản lý Dược", "Chánh Văn phòng"


def with_a_share(store: Store) -> Store:
    """Give the Ministry of Health an assignment due in December, with a share of it due on 30 June."""
    with store.writing() as session:
        World(session).duty("BYT", due=DUE_LATER)
    share(store, product="Dự thảo")
    return store


def share(store: Store, *, code: str = CODE, agency: str = "BYT", due: date = date(2025, 6, 30), **more: Any) -> None:
    action = HandDown(code=code, unit=UNIT, due_on=due, text="Soạn dự thảo thông tư", **more)
    (outcome,) = hand_down([action], agency=agency, store=store, by=BY, now=EARLY)
    assert outcome.outcome == "recorded"


def another_share(store: Store, due: date = date(2025, 6, 30)) -> None:
    action = HandDown(code=CODE, unit="Vụ Pháp chế", due_on=due, text="Thẩm định")
    hand_down([action], agency="BYT", store=store, by=BY, now=EARLY)


def say(store: Store, state: HandedState, on: date, *, share: str = f"{CODE}/1", agency: str = "BYT") -> None:
    action = ReportHanded(code=share, state=state, on=on, text="đơn vị khác làm", evidence="12/BC-QLD")
    now = morning(on) + timedelta(hours=1)
    assert report_handed(action, agency=agency, store=store, by=BY, now=now).outcome == "recorded"


def world(session: Any) -> World:
    """Go on in the document that is there."""
    found = World.__new__(World)
    found.session, found.batch, found.signed_on = session, 1, date(2025, 3, 14)
    return found


def heard(found: Plan) -> list[tuple[str, int, str, str]]:
    return sorted(
        (notice.key.partition("/")[2], item.rung, item.reason, item.ended)
        for notice in found.notices
        for item in notice.items
    )


def finish(store: Store) -> None:
    say(store, HandedState.DONE, JULY[7])


def take_back(store: Store) -> None:
    say(store, HandedState.TAKEN_BACK, JULY[7])


def finish_the_work(store: Store) -> None:
    with store.writing() as session:
        world(session).report(1, JULY[7], evidence=JULY[7])


def cancel_the_work(store: Store) -> None:
    with store.writing() as session:
        world(session).decide(1, "cancel", JULY[7])


def strike_the_work(store: Store) -> None:
    with store.writing() as session:
        world(session).revise(1, at=morning(JULY[7]), due=DUE_LATER, standing=False)
