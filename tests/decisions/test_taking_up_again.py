"""Work on hold is taken up again early, and a cancellation taken back: from a day on, and once it was known."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from decisions import Action, Cancel, Hold, Outcome, Reinstate, Resume, decide, holds_of
from models import Store, status_of
from models.explain import explain
from models.status_table import StatusRow
from rules.status import Flag, Status
from tests.models.world import World

DUE = date(2025, 8, 31)
CODE = "07-CT-TTg.1.BYT"
NOW = datetime(2025, 9, 20, 2, tzinfo=UTC)
LATER, MUCH_LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
BY_DOCUMENT: dict[str, Any] = {"document": "101/TB-VPCP", "reason": "Luật đã được thông qua"}

HOLD = Hold(code=CODE, from_on=date(2025, 9, 8), until_on=date(2025, 9, 19), **BY_DOCUMENT)
STOPPED = Hold(code=CODE, from_on=date(2025, 8, 11), until_on=date(2025, 8, 20), stops_clock=True, **BY_DOCUMENT)
CANCEL = Cancel(code=CODE, on=date(2025, 8, 20), **BY_DOCUMENT)


@pytest.fixture(autouse=True)
def _one_duty(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=DUE)


def taken(store: Store, action: Action, now: datetime = NOW) -> Outcome:
    return decide(action, store=store, by="Văn phòng Chính phủ", now=now)


def standing(store: Store, day: date, known_at: datetime = MUCH_LATER) -> StatusRow:
    (row,) = status_of(store, as_of=day, known_at=known_at).rows
    assert explain(store, CODE, as_of=day, known_at=known_at).status == row.status, "the words contradict the table"
    return row


def resume(on: date) -> Resume:
    return Resume(code=CODE, on=on, **BY_DOCUMENT)


def reinstate(on: date) -> Reinstate:
    return Reinstate(code=CODE, on=on, **BY_DOCUMENT)


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2025, 9, 8), Status.SUSPENDED),
        (date(2025, 9, 11), Status.SUSPENDED),
        (date(2025, 9, 12), Status.OVERDUE),
        (date(2025, 9, 19), Status.OVERDUE),
    ],
)
def test_from_its_day_on_resumed_work_counts_again(store: Store, day: date, status: Status) -> None:
    taken(store, HOLD)
    assert taken(store, resume(date(2025, 9, 12)), LATER).outcome == "recorded"
    assert standing(store, day).status is status


def test_what_was_known_before_the_resumption_stays_as_it_was_told(store: Store) -> None:
    taken(store, HOLD)
    taken(store, resume(date(2025, 9, 12)), LATER)
    assert standing(store, date(2025, 9, 15), NOW).status is Status.SUSPENDED


def test_the_clock_gives_back_the_days_rested_and_no_more(store: Store) -> None:
    """Ten days of rest make the due day 10 September; taken up again after four, it is 4 September."""
    taken(store, STOPPED)
    assert standing(store, date(2025, 8, 12)).due_on == date(2025, 9, 10)
    taken(store, resume(date(2025, 8, 15)), LATER)
    row = standing(store, date(2025, 8, 16))
    assert (row.status, row.due_on, row.original_due_on) == (Status.IN_PROGRESS, date(2025, 9, 4), DUE)
    assert standing(store, date(2025, 8, 14)).status is Status.SUSPENDED


def test_a_hold_that_stops_the_clock_is_no_extension(store: Store) -> None:
    taken(store, STOPPED)
    row = standing(store, date(2025, 8, 25))
    assert (row.due_on, Flag.EXTENDED in row.flags) == (date(2025, 9, 10), False)


def test_held_again_after_it_was_taken_up_rests_again(store: Store) -> None:
    taken(store, HOLD)
    taken(store, resume(date(2025, 9, 10)), LATER)
    assert taken(store, HOLD, MUCH_LATER).outcome == "recorded"
    assert standing(store, date(2025, 9, 15)).status is Status.SUSPENDED


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2025, 8, 19), Status.DUE_SOON),
        (date(2025, 8, 20), Status.CANCELLED),
        (date(2025, 9, 4), Status.CANCELLED),
        (date(2025, 9, 5), Status.OVERDUE),
    ],
)
def test_a_reinstated_duty_stands_from_its_day_on(store: Store, day: date, status: Status) -> None:
    taken(store, CANCEL)
    assert taken(store, reinstate(date(2025, 9, 5)), LATER).outcome == "recorded"
    assert standing(store, day).status is status


def test_cancelled_by_mistake_it_never_was_once_that_is_known(store: Store) -> None:
    taken(store, CANCEL)
    taken(store, reinstate(CANCEL.on), LATER)
    assert standing(store, date(2025, 8, 25)).status is Status.DUE_SOON
    assert standing(store, date(2025, 8, 25), NOW).status is Status.CANCELLED


def test_a_reinstated_duty_can_be_cancelled_again_by_the_same_words(store: Store) -> None:
    taken(store, CANCEL)
    taken(store, reinstate(CANCEL.on), LATER)
    assert taken(store, CANCEL, MUCH_LATER).outcome == "recorded"
    assert standing(store, date(2025, 9, 5)).status is Status.CANCELLED


@pytest.mark.parametrize(
    ("before", "action", "code"),
    [
        (None, resume(date(2025, 9, 12)), "not_on_hold"),
        (HOLD, resume(date(2025, 9, 7)), "not_on_hold"),
        (HOLD, resume(date(2025, 9, 20)), "not_on_hold"),
        (HOLD, resume(date(2025, 9, 21)), "in_the_future"),
        (None, reinstate(date(2025, 9, 12)), "not_cancelled"),
        (CANCEL, reinstate(date(2025, 8, 19)), "before_cancelled"),
        (CANCEL, reinstate(date(2025, 9, 21)), "in_the_future"),
        (HOLD, Resume(code=CODE, on=date(2025, 9, 12), document="", reason="x"), "needs_document"),
    ],
)
def test_what_cannot_be_taken_up_again_says_why(store: Store, before: Action | None, action: Action, code: str) -> None:
    if before:
        taken(store, before)
    outcome = taken(store, action, LATER)
    assert outcome.refusal is not None
    assert outcome.refusal.code == code


@pytest.mark.parametrize(("before", "action"), [(HOLD, resume(date(2025, 9, 12))), (CANCEL, reinstate(DUE))])
def test_the_same_again_is_unchanged(store: Store, before: Action, action: Action) -> None:
    taken(store, before)
    first = taken(store, action, LATER)
    again = taken(store, action, MUCH_LATER)
    assert (again.outcome, again.audit) == ("unchanged", first.audit)


@pytest.mark.parametrize(("on", "document"), [(date(2025, 9, 20), "second"), (date(2025, 9, 21), "first")])
def test_the_hold_that_runs_is_listed_though_a_shorter_one_decided_later_has_ended(
    store: Store, on: date, document: str
) -> None:
    """The newest decision was taken even where it had ended: work at rest was listed nowhere."""
    until = date(2025, 11, 30)
    short = Hold(
        code=CODE, from_on=date(2025, 9, 1), until_on=date(2025, 9, 20), document="second", reason="x"
    )  # fmt: skip
    taken(store, Hold(code=CODE, from_on=date(2025, 8, 1), until_on=until, document="first", reason="x"))
    assert taken(store, short, LATER).outcome == "recorded"
    (running,) = holds_of(store, as_of=on, known_at=MUCH_LATER)
    assert (running.document, standing(store, on).status) == (document, Status.SUSPENDED)
