"""Deadlines that move: extensions within policy or by exception, holds that stop the clock or do not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from decisions import Action, Decline, Extend, Hold, OpenQuestion, Outcome, decide, open_questions
from models import Store, status_of
from models.explain import explain
from models.outcome_tables import AuditEntry
from models.raised_tables import ExtensionRequest
from models.status_table import StatusRow
from rules.extension import ExtensionPolicy
from rules.status import Status
from tests.models.world import World
from texts import Language

DUE = date(2025, 8, 31)  # a Sunday in the National Day break: in time through Wednesday 3 September
CODE = "07-CT-TTg.1.BYT"
NOW = datetime(2025, 9, 20, 2, tzinfo=UTC)
POLICY = ExtensionPolicy(most=1, most_days=90)
EXTEND = Extend(
    code=CODE, on=date(2025, 9, 2), until_on=date(2025, 10, 31), document="102/TB-VPCP", reason="vướng đấu thầu"
)
HOLD = Hold(
    code=CODE, from_on=date(2025, 8, 4), until_on=date(2025, 8, 13), document="101/TB-VPCP", reason="chờ Luật sửa đổi"
)
DECLINE = Decline(code=CODE, on=date(2025, 9, 20), reason="đã gia hạn hai lần")
STOPPED = replace(HOLD, stops_clock=True)


@pytest.fixture
def duty(store: Store) -> int:
    """One duty of the Ministry of Health, due on Sunday 31 August 2025."""
    with store.writing() as session:
        (assignment,) = World(session).duty("BYT", due=DUE)
    return assignment


def taken(store: Store, action: Action, now: datetime = NOW) -> Outcome:
    return decide(action, store=store, by="Văn phòng Chính phủ", now=now, policy=POLICY)


def refusal(outcome: Outcome) -> str | None:
    return outcome.refusal.code if outcome.refusal else None


def row(store: Store, as_of: date, known_at: datetime = NOW) -> StatusRow:
    return status_of(store, as_of=as_of, known_at=known_at).rows[0]


@pytest.mark.usefixtures("duty")
@pytest.mark.parametrize(
    ("again", "expected"),
    [
        (replace(EXTEND, on=date(2025, 9, 20), until_on=date(2025, 11, 14)), "too_many"),
        (replace(EXTEND, on=date(2025, 9, 20), until_on=date(2025, 11, 14), exception=True), None),
    ],
)
def test_a_second_extension_needs_an_exception_where_policy_allows_one(
    store: Store, again: Extend, expected: str | None
) -> None:
    taken(store, EXTEND)
    assert refusal(taken(store, again)) == expected


@pytest.mark.usefixtures("duty")
def test_an_extension_reaches_no_further_than_policy_allows_and_an_exception_is_kept_on_record(store: Store) -> None:
    far = replace(EXTEND, until_on=date(2025, 11, 30))
    outcome = taken(store, far)
    assert refusal(outcome) == "too_long"
    assert "90" in outcome.message
    assert "31/08/2025" in outcome.message
    assert taken(store, replace(far, exception=True)).outcome == "recorded"
    assert (row(store, DUE).original_due_on, row(store, DUE).due_on) == (DUE, date(2025, 11, 30))
    with store.reading() as session:
        (entry,) = session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))
    assert (entry.detail["exception"], entry.detail["reason"]) == (True, "vướng đấu thầu")


def test_what_was_asked_in_time_may_be_decided_later(store: Store, duty: int) -> None:
    """The secretariat decides on 5 September what the ministry asked for on 20 August, in its report."""
    late = replace(EXTEND, on=date(2025, 9, 5))
    assert refusal(taken(store, late)) == "too_late"
    assert refusal(taken(store, replace(late, asked_on=date(2025, 9, 4)))) == "too_late"
    requested(store, duty, datetime(2025, 8, 20, tzinfo=UTC))
    assert taken(store, late).outcome == "recorded"


def requested(store: Store, duty: int, at: datetime) -> None:
    """Let a workbook ask for more time."""
    with store.writing() as session:
        batch = World.new_batch(_world(session), at)
        request = ExtensionRequest(
            assignment_id=duty, batch_id=batch, asked_by="BYT", asked_on=at.date(),
            new_due_on=date(2025, 10, 31), sheet="PL", row=9, digest="",
        )  # fmt: skip
        session.add(request)


def test_a_request_of_a_workbook_is_declined_once_and_the_due_day_stays(store: Store, duty: int) -> None:
    """Until the ministry asks again: then it waits again, and the same words decline it again."""
    assert refusal(taken(store, DECLINE)) == "nothing_requested"
    requested(store, duty, datetime(2025, 8, 20, tzinfo=UTC))
    assert refusal(taken(store, replace(DECLINE, on=date(2025, 8, 19)))) == "before_request"
    assert [each.kind for each in waiting(store)] == ["requested"]
    assert [taken(store, DECLINE).outcome for _ in range(2)] == ["recorded", "unchanged"]
    assert (waiting(store), row(store, DUE).due_on) == ([], DUE)
    told = explain(store, CODE, as_of=date(2025, 9, 20), known_at=NOW)
    assert any("không đồng ý" in step.what.lower() for step in told.steps)
    later = NOW + timedelta(hours=2)
    requested(store, duty, NOW + timedelta(hours=1))
    assert [each.kind for each in waiting(store, later)] == ["requested"]
    assert taken(store, DECLINE, later).outcome == "recorded"
    assert waiting(store, later) == []


def waiting(store: Store, known_at: datetime = NOW) -> list[OpenQuestion]:
    return list(open_questions(store, as_of=date(2025, 9, 20), known_at=known_at))


def _world(session: object) -> World:
    world = object.__new__(World)
    world.session = session  # type: ignore[assignment]
    return world


@pytest.mark.usefixtures("duty")
def test_a_hold_lets_the_deadline_run_on_unless_it_stops_the_clock(store: Store) -> None:
    """Ten days held: the work is due on 10 September instead of 31 August, and the day first assigned is kept."""
    taken(store, HOLD)
    assert (row(store, date(2025, 9, 4)).due_on, row(store, date(2025, 9, 4)).status) == (DUE, Status.OVERDUE)
    assert taken(store, STOPPED).outcome == "recorded"
    stands = row(store, date(2025, 9, 10))
    assert (stands.original_due_on, stands.due_on, stands.status) == (DUE, date(2025, 9, 10), Status.DUE_SOON)
    assert row(store, date(2025, 9, 11)).status is Status.OVERDUE
    assert row(store, date(2025, 8, 13)).status is Status.SUSPENDED
    told = explain(store, CODE, as_of=date(2025, 9, 11), known_at=NOW)
    assert any("10/09/2025" in step.what and "tạm dừng" in step.what.lower() for step in told.steps)
    assert told.status == Status.OVERDUE


@pytest.mark.usefixtures("duty")
def test_the_same_stopped_clock_again_gives_no_day_twice(store: Store) -> None:
    taken(store, STOPPED)
    assert taken(store, STOPPED).outcome == "unchanged"
    overlapping = replace(STOPPED, from_on=date(2025, 8, 10), until_on=date(2025, 8, 15))
    assert taken(store, overlapping).outcome == "recorded"
    assert row(store, DUE).due_on == date(2025, 9, 12)


@pytest.mark.usefixtures("duty")
def test_an_extension_after_a_stopped_clock_is_measured_from_the_day_it_moved_to(store: Store) -> None:
    taken(store, STOPPED)
    assert refusal(taken(store, replace(EXTEND, until_on=date(2025, 9, 10)))) == "not_later"
    assert taken(store, replace(EXTEND, on=date(2025, 9, 9))).outcome == "recorded"
    assert row(store, DUE).due_on == date(2025, 10, 31)


@pytest.mark.usefixtures("duty")
def test_what_was_known_before_the_clock_was_stopped_stays_as_it_was(store: Store) -> None:
    taken(store, STOPPED)
    assert row(store, date(2025, 9, 4), NOW - timedelta(seconds=1)).status is Status.OVERDUE


@pytest.mark.usefixtures("duty")
def test_a_clock_that_ran_out_cannot_be_stopped(store: Store) -> None:
    on_its_last_day = replace(STOPPED, from_on=date(2025, 9, 3), until_on=date(2025, 9, 12))
    assert refusal(taken(store, replace(on_its_last_day, from_on=date(2025, 9, 4)))) == "clock_ran_out"
    assert taken(store, on_its_last_day).outcome == "recorded"


@pytest.mark.usefixtures("duty")
def test_a_hold_begins_no_earlier_than_the_duty_counts(store: Store) -> None:
    """The directive is of 14 March 2025: years before it gave five years back at the end."""
    for hold in (HOLD, STOPPED):
        assert refusal(taken(store, replace(hold, from_on=date(2020, 1, 1)))) == "held_before_it_counts"
        assert refusal(taken(store, replace(hold, from_on=date(2025, 3, 13)))) == "held_before_it_counts"
    assert taken(store, replace(HOLD, from_on=date(2025, 3, 14))).outcome == "recorded"


@pytest.mark.usefixtures("duty")
def test_a_stopped_clock_moves_the_due_day_no_further_than_an_extension_may(store: Store) -> None:
    """Policy allows ninety days in all: 1 August to 29 October are ninety, through 30 October ninety-one."""
    long = replace(STOPPED, from_on=date(2025, 8, 1), until_on=date(2025, 10, 30))
    outcome = taken(store, long)
    assert refusal(outcome) == "held_too_long"
    assert ("30/11/2025" in outcome.message, "90" in outcome.message) == (True, True)
    assert taken(store, replace(long, until_on=date(2025, 10, 29))).outcome == "recorded"
    assert row(store, DUE).due_on == date(2025, 11, 29)
    assert refusal(taken(store, replace(long, from_on=date(2025, 10, 30)))) == "held_too_long"


@pytest.mark.usefixtures("duty")
def test_a_hold_that_lets_the_deadline_run_on_may_last(store: Store) -> None:
    assert taken(store, replace(HOLD, until_on=date(2027, 12, 31))).outcome == "recorded"


@pytest.mark.usefixtures("duty")
def test_a_due_day_a_hold_gave_is_told_as_replaced_once_a_later_decision_moves_it(store: Store) -> None:
    taken(store, STOPPED)
    assert "thay bằng" not in _why(store, "hạn lùi đến 10/09/2025")
    taken(store, replace(EXTEND, on=date(2025, 9, 9)))
    assert "Hạn này đã được thay bằng quyết định sau." in _why(store, "hạn lùi đến 10/09/2025")
    assert "thay bằng" not in _why(store, "Gia hạn đến 31/10/2025")


@pytest.mark.usefixtures("duty")
def test_an_extension_is_told_as_replaced_once_the_clock_stops_after_it(store: Store) -> None:
    taken(store, EXTEND)
    taken(store, replace(STOPPED, from_on=date(2025, 9, 8), until_on=date(2025, 9, 9)))
    assert "thay bằng" in _why(store, "Gia hạn đến 31/10/2025")
    assert "thay bằng" not in _why(store, "hạn lùi đến 02/11/2025")


@pytest.mark.usefixtures("duty")
def test_a_second_hold_replaces_no_first_one(store: Store) -> None:
    taken(store, HOLD)
    taken(store, replace(HOLD, from_on=date(2025, 9, 8), until_on=date(2025, 9, 9)))
    assert row(store, date(2025, 8, 13)).status is Status.SUSPENDED
    assert "thay bằng" not in _why(store, "Tạm dừng từ 04/08/2025")


def _why(store: Store, what: str) -> str:
    told = explain(store, CODE, as_of=date(2025, 9, 11), known_at=NOW, language=Language.VI)
    (step,) = (step for step in told.steps if what in step.what)
    return step.why


def test_work_without_a_due_day_has_no_clock(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=None)
    assert refusal(taken(store, STOPPED)) == "no_clock"
    assert taken(store, HOLD).outcome == "recorded"
