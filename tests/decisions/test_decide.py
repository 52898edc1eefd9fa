"""Each decision changes the status as promised, the day before and the day after; what cannot be decided says why."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from decisions import Action, Cancel, Confirm, Extend, Hold, Outcome, Return, decide
from models import Store, status_of
from models.assignment_tables import Decision
from models.outcome_tables import AuditEntry
from rules.status import CompletionLevel, Flag, Status
from tests.models.world import World

DUE = date(2025, 8, 31)  # a Sunday in the National Day break: in time through Wednesday 3 September
CODE = "07-CT-TTg.1.BYT"
OFFICE = "Văn phòng Chính phủ"
NOW = datetime(2025, 9, 20, 2, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

CANCEL = Cancel(code=CODE, on=date(2025, 8, 20), document="99/QĐ-TTg", reason="nhập vào nhiệm vụ khác")
HOLD = Hold(
    code=CODE, from_on=date(2025, 9, 8), until_on=date(2025, 9, 12), document="101/TB-VPCP", reason="chờ Luật sửa đổi"
)
EXTEND = Extend(
    code=CODE, on=date(2025, 9, 3), until_on=date(2025, 10, 31), document="102/TB-VPCP", reason="vướng đấu thầu"
)
CONFIRM = Confirm(code=CODE, on=date(2025, 9, 5), reason="đúng sản phẩm")
RETURN = Return(code=CODE, on=date(2025, 9, 5), reason="văn bản mới là dự thảo")


@pytest.fixture
def duty(store: Store) -> int:
    """One duty of the Ministry of Health, due on Sunday 31 August 2025."""
    with store.writing() as session:
        (assignment,) = World(session).duty("BYT", due=DUE)
    return assignment


def taken(store: Store, action: Action, now: datetime = NOW, by: str = OFFICE) -> Outcome:
    return decide(action, store=store, by=by, now=now)


def status(
    store: Store, as_of: date, *, known_at: datetime = LATER, level: CompletionLevel = CompletionLevel.EVIDENCED
) -> Status:
    return status_of(store, as_of=as_of, known_at=known_at, level=level).rows[0].status


def report(store: Store, duty: int, on: date, evidence: date | None = None, *, at: datetime | None = None) -> None:
    with store.writing() as session:
        world = object.__new__(World)
        world.session, world.batch = session, 1
        world.report(duty, on, evidence=evidence, batch=world.new_batch(at) if at else None)


@pytest.mark.usefixtures("duty")
@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (CANCEL, {date(2025, 8, 19): Status.DUE_SOON, date(2025, 8, 20): Status.CANCELLED}),
        (
            HOLD,
            {
                date(2025, 9, 7): Status.OVERDUE,
                date(2025, 9, 8): Status.SUSPENDED,
                date(2025, 9, 12): Status.SUSPENDED,
                date(2025, 9, 13): Status.OVERDUE,
            },
        ),
        (
            EXTEND,
            {
                date(2025, 9, 4): Status.IN_PROGRESS,
                date(2025, 10, 31): Status.DUE_SOON,
                date(2025, 11, 1): Status.OVERDUE,
            },
        ),
    ],
    ids=["cancel", "hold", "extend"],
)
def test_a_decision_counts_from_its_day(store: Store, action: Action, expected: dict[date, Status]) -> None:
    assert taken(store, action).outcome == "recorded"
    assert {day: status(store, day) for day in expected} == expected


@pytest.mark.usefixtures("duty")
def test_an_extension_keeps_the_day_first_assigned(store: Store) -> None:
    taken(store, EXTEND)
    (row,) = status_of(store, as_of=date(2025, 9, 4), known_at=NOW).rows
    assert (row.original_due_on, row.due_on) == (DUE, date(2025, 10, 31))
    assert Flag.EXTENDED in row.flags


@pytest.mark.usefixtures("duty")
def test_what_was_known_before_the_decision_stays_as_it_was(store: Store) -> None:
    taken(store, EXTEND)
    assert status(store, date(2025, 9, 4), known_at=NOW - timedelta(seconds=1)) is Status.OVERDUE
    assert status(store, date(2025, 9, 4), known_at=NOW) is Status.IN_PROGRESS


def test_a_confirmed_completion_counts_where_confirmation_is_asked(store: Store, duty: int) -> None:
    report(store, duty, date(2025, 9, 5), date(2025, 9, 3))
    level = CompletionLevel.CONFIRMED
    assert status(store, date(2025, 9, 5), level=level) is Status.OVERDUE
    assert taken(store, CONFIRM).outcome == "recorded"
    assert status(store, date(2025, 9, 5), level=level) is Status.COMPLETED_ON_TIME


def test_a_new_report_needs_a_confirmation_of_its_own(store: Store, duty: int) -> None:
    report(store, duty, date(2025, 9, 5), date(2025, 9, 3))
    taken(store, CONFIRM)
    report(store, duty, date(2025, 9, 6), date(2025, 9, 6), at=LATER)
    assert status(store, date(2025, 9, 6), level=CompletionLevel.CONFIRMED) is Status.OVERDUE
    assert taken(store, replace(CONFIRM, on=date(2025, 9, 6)), LATER).outcome == "recorded"
    assert status(store, date(2025, 9, 6), level=CompletionLevel.CONFIRMED) is Status.COMPLETED_LATE


def test_a_returned_completion_is_open_until_reported_anew(store: Store, duty: int) -> None:
    report(store, duty, date(2025, 9, 5), date(2025, 9, 3))
    assert status(store, date(2025, 9, 5)) is Status.COMPLETED_ON_TIME
    assert taken(store, RETURN).outcome == "recorded"
    assert status(store, date(2025, 9, 5)) is Status.OVERDUE
    report(store, duty, date(2025, 9, 6), date(2025, 9, 6), at=LATER)
    assert status(store, date(2025, 9, 6)) is Status.COMPLETED_LATE


def test_a_return_can_be_taken_back_by_a_confirmation(store: Store, duty: int) -> None:
    report(store, duty, date(2025, 9, 5), date(2025, 9, 3))
    assert [taken(store, action).outcome for action in (RETURN, CONFIRM)] == ["recorded", "recorded"]
    assert status(store, date(2025, 9, 5)) is Status.COMPLETED_ON_TIME


@pytest.mark.usefixtures("duty")
@pytest.mark.parametrize("action", [CANCEL, HOLD, EXTEND], ids=lambda action: action.name)
def test_the_same_decision_again_adds_nothing(store: Store, action: Action) -> None:
    first, again = taken(store, action), taken(store, action, NOW + timedelta(hours=1))
    assert (again.outcome, again.audit) == ("unchanged", first.audit)
    assert rows(store) == (1, 1)


@pytest.mark.parametrize("action", [CONFIRM, RETURN], ids=lambda action: action.name)
def test_the_same_answer_on_a_later_day_adds_nothing(store: Store, duty: int, action: Confirm | Return) -> None:
    report(store, duty, date(2025, 9, 5), date(2025, 9, 3))
    first, again = taken(store, action), taken(store, replace(action, on=date(2025, 9, 8)))
    assert (first.outcome, again.outcome, again.audit) == ("recorded", "unchanged", first.audit)


@pytest.mark.usefixtures("duty")
@pytest.mark.parametrize(
    ("action", "code"),
    [
        (replace(CANCEL, code="07-CT-TTg.9.BYT"), "unknown_assignment"),
        (replace(CANCEL, reason="  "), "needs_reason"),
        (replace(CANCEL, document=""), "needs_document"),
        (replace(CANCEL, on=date(2025, 3, 13)), "before_document"),
        (replace(EXTEND, on=date(2025, 3, 13)), "before_document"),
        (replace(HOLD, from_on=date(2025, 3, 13)), "held_before_it_counts"),
        (replace(HOLD, until_on=date(2025, 9, 7)), "hold_ends_first"),
        (replace(EXTEND, until_on=DUE), "not_later"),
        (replace(EXTEND, on=date(2025, 9, 4)), "too_late"),
        (replace(EXTEND, on=date(2025, 9, 21)), "in_the_future"),
        (CONFIRM, "nothing_declared"),
        (RETURN, "nothing_declared"),
    ],
)
def test_what_cannot_be_decided_is_refused_with_a_sentence(store: Store, action: Action, code: str) -> None:
    outcome = taken(store, action)
    assert (outcome.outcome, outcome.audit) == ("refused", None)
    assert outcome.refusal is not None
    assert outcome.refusal.code == code
    assert " / " in outcome.message
    assert rows(store) == (0, 0)


@pytest.mark.usefixtures("duty")
def test_a_decision_names_who_took_it(store: Store) -> None:
    refused = taken(store, CANCEL, by=" ")
    assert refused.refusal is not None
    assert refused.refusal.code == "needs_decider"
    taken(store, CANCEL)
    with store.reading() as session:
        entry = session.exec(select(AuditEntry)).one()
        decision = session.exec(select(Decision)).one()
    assert (entry.by, entry.at, entry.action, entry.subject) == (OFFICE, NOW, "decide.cancel", CODE)
    assert entry.detail["decision"] == decision.id
    assert (decision.decided_by, decision.document) == (OFFICE, "99/QĐ-TTg")


@pytest.mark.usefixtures("duty")
def test_the_authority_may_extend_late_work_when_it_says_so(store: Store) -> None:
    assert taken(store, replace(EXTEND, on=date(2025, 9, 4), exception=True)).outcome == "recorded"


@pytest.mark.usefixtures("duty")
def test_today_is_hanois_day(store: Store) -> None:
    """At 18:00 UTC on 3 September it is already the 4th in Hanoi."""
    tomorrow = replace(EXTEND, on=date(2025, 9, 4), exception=True)
    assert taken(store, tomorrow, datetime(2025, 9, 3, 16, 59, tzinfo=UTC)).outcome == "refused"
    assert taken(store, tomorrow, datetime(2025, 9, 3, 17, 0, tzinfo=UTC)).outcome == "recorded"


def test_done_work_is_neither_held_nor_extended(store: Store, duty: int) -> None:
    report(store, duty, date(2025, 9, 2), date(2025, 9, 1))
    assert [codes(taken(store, action)) for action in (HOLD, EXTEND)] == ["already_completed"] * 2


@pytest.mark.usefixtures("duty")
def test_nothing_more_is_decided_about_cancelled_work(store: Store) -> None:
    taken(store, CANCEL)
    later = replace(CANCEL, on=date(2025, 9, 1))
    assert [codes(taken(store, action)) for action in (later, HOLD, EXTEND)] == ["already_cancelled"] * 3


@pytest.mark.usefixtures("duty")
@pytest.mark.parametrize(
    ("cancelled_from", "expected"),
    [
        (date(2025, 9, 20), ["already_cancelled"] * 2),
        (date(2025, 9, 21), ["recorded"] * 2),
        (date(2027, 12, 1), ["recorded"] * 2),
    ],
    ids=["today", "tomorrow", "in two years"],
)
def test_a_cancellation_stands_in_the_way_from_its_own_day(
    store: Store, cancelled_from: date, expected: list[str]
) -> None:
    taken(store, replace(CANCEL, on=cancelled_from))
    assert [codes(taken(store, action)) for action in (EXTEND, HOLD)] == expected


@pytest.mark.usefixtures("duty")
def test_a_hold_of_days_after_the_cancellation_has_nothing_to_hold(store: Store) -> None:
    taken(store, replace(CANCEL, on=date(2025, 10, 1)))
    assert codes(taken(store, replace(HOLD, from_on=date(2025, 10, 1), until_on=date(2025, 10, 9)))) == (
        "already_cancelled"
    )


@pytest.mark.usefixtures("duty")
@pytest.mark.parametrize("action", [CANCEL, replace(EXTEND, exception=True)], ids=lambda action: action.name)
def test_a_decision_may_be_of_the_documents_own_day(store: Store, action: Cancel | Extend) -> None:
    assert codes(taken(store, replace(action, on=date(2025, 3, 13)))) == "before_document"
    assert codes(taken(store, replace(action, on=date(2025, 3, 14)))) == "recorded"


def test_a_completion_is_not_answered_before_it_was_reported(store: Store, duty: int) -> None:
    report(store, duty, date(2025, 9, 6), date(2025, 9, 3))
    assert codes(taken(store, RETURN)) == "before_report"


def test_work_without_a_due_day_has_nothing_to_extend(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=None)
    assert codes(taken(store, EXTEND)) == "no_due_day"


def test_work_gone_from_its_document_is_not_decided(store: Store, duty: int) -> None:
    with store.writing() as session:
        world = object.__new__(World)
        world.session = session
        world.revise(duty, at=datetime(2025, 4, 1, tzinfo=UTC), due=DUE, standing=False)
    assert codes(taken(store, CANCEL)) == "not_standing"


@pytest.mark.usefixtures("duty")
def test_two_at_once_record_one_decision(store: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(outcome.outcome for outcome in pool.map(lambda _: taken(store, CANCEL), range(4)))
    assert outcomes == ["recorded", "unchanged", "unchanged", "unchanged"]
    assert rows(store) == (1, 1)


def codes(outcome: Outcome) -> str:
    return outcome.refusal.code if outcome.refusal else outcome.outcome


def rows(store: Store) -> tuple[int, int]:
    with store.reading() as session:
        return len(session.exec(select(Decision)).all()), len(session.exec(select(AuditEntry)).all())
