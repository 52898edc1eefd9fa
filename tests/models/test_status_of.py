"""`status_of` on both databases: time travel, completion levels, holders after a merger."""

from datetime import UTC, date, datetime

import pytest

from models import StatusTable, Store, status_of
from models.assignment_tables import Undo
from rules.milestone import Verdict
from rules.status import CompletionLevel, Flag, Status
from tests.models.world import AT_FIRST, World

DUE_30_JUNE = date(2025, 6, 30)
ON_5_SEPTEMBER = date(2025, 9, 5)
NOW = datetime(2025, 9, 5, 8, tzinfo=UTC)


def asked(store: Store, as_of: date = ON_5_SEPTEMBER, known_at: datetime = NOW, **more: object) -> StatusTable:
    return status_of(store, as_of=as_of, known_at=known_at, **more)  # type: ignore[arg-type]


def statuses(table: StatusTable) -> dict[str, Status]:
    return {row.agency: row.status for row in table.rows}


def test_empty_register_counts_nothing(store: Store) -> None:
    assert asked(store).totals()["total"] == 0


def test_a_document_later_than_the_day_asked_about_is_not_counted(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=DUE_30_JUNE)
    assert len(asked(store, date(2025, 3, 13)).rows) == 0
    assert len(asked(store, date(2025, 3, 14)).rows) == 1


def test_days_late_are_working_days_after_the_effective_day(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=date(2025, 8, 31))
    row = asked(store).rows[0]
    assert (row.due_on, row.effective_due_on, row.status, row.days_late) == (
        date(2025, 8, 31),
        date(2025, 9, 3),
        Status.OVERDUE,
        2,
    )


def test_beyond_the_calendar_the_effective_day_is_empty_and_said(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BTC", due=date(2030, 12, 31))
    row = asked(store).rows[0]
    assert (row.effective_due_on, row.status, row.milestone) == (None, Status.IN_PROGRESS, "beyond")
    assert Flag.CALENDAR_NOT_COVERED in row.flags


@pytest.mark.parametrize(
    ("level", "without_evidence", "with_evidence", "confirmed"),
    [
        (CompletionLevel.DECLARED, Status.COMPLETED_ON_TIME, Status.COMPLETED_ON_TIME, Status.COMPLETED_ON_TIME),
        (CompletionLevel.EVIDENCED, Status.OVERDUE, Status.COMPLETED_ON_TIME, Status.COMPLETED_ON_TIME),
        (CompletionLevel.CONFIRMED, Status.OVERDUE, Status.OVERDUE, Status.COMPLETED_ON_TIME),
    ],
)
def test_what_counts_as_completion_is_a_setting(
    store: Store, level: CompletionLevel, without_evidence: Status, with_evidence: Status, confirmed: Status
) -> None:
    with store.writing() as session:
        world = World(session)
        bare, evidenced, accepted, trusted = world.duty("BYT", "BTC", "BCA", "BQP", due=DUE_30_JUNE)
        world.report(bare, date(2025, 6, 27))
        world.report(evidenced, date(2025, 6, 27), evidence=date(2025, 6, 25))
        world.report(accepted, date(2025, 6, 27), evidence=date(2025, 6, 25))
        world.decide(accepted, "confirm", date(2025, 7, 1))
        world.report(trusted, date(2025, 6, 27))
        world.decide(trusted, "confirm", date(2025, 7, 1))
    answer = statuses(asked(store, level=level))
    assert answer == {"BYT": without_evidence, "BTC": with_evidence, "BCA": confirmed, "BQP": confirmed}


def test_declared_without_evidence_awaits_confirmation(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        (duty,) = world.duty("BYT", due=DUE_30_JUNE)
        world.report(duty, date(2025, 6, 27))
    assert Flag.AWAITING_CONFIRMATION in asked(store, date(2025, 6, 27)).rows[0].flags
    assert Flag.AWAITING_CONFIRMATION not in asked(store, date(2025, 6, 26)).rows[0].flags


def test_a_late_report_changes_todays_answer_and_never_the_one_given_then(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        (duty,) = world.duty("BYT", due=DUE_30_JUNE)
        later = world.new_batch(datetime(2025, 8, 28, tzinfo=UTC))
        world.report(duty, date(2025, 8, 28), evidence=date(2025, 6, 20), batch=later)
    day = date(2025, 7, 1)
    assert asked(store, day).rows[0].status is Status.COMPLETED_ON_TIME
    assert asked(store, day, datetime(2025, 7, 1, tzinfo=UTC)).rows[0].status is Status.OVERDUE


def test_a_batch_taken_back_counts_no_more_but_did_then(store: Store) -> None:
    undone_at = datetime(2025, 8, 1, tzinfo=UTC)
    with store.writing() as session:
        world = World(session)
        (duty,) = world.duty("BYT", due=DUE_30_JUNE)
        batch = world.revise(duty, at=datetime(2025, 4, 1, tzinfo=UTC), due=date(2025, 12, 31))
        session.add(Undo(batch_id=batch, recorded_at=undone_at))
    assert asked(store).rows[0].status is Status.OVERDUE
    assert asked(store, known_at=datetime(2025, 7, 31, tzinfo=UTC)).rows[0].status is Status.IN_PROGRESS


def test_what_a_later_workbook_no_longer_has_is_gone(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        (duty,) = world.duty("BYT", due=DUE_30_JUNE)
        world.revise(duty, at=datetime(2025, 4, 1, tzinfo=UTC), due=DUE_30_JUNE, standing=False)
    assert asked(store).rows == []
    assert len(asked(store, known_at=AT_FIRST).rows) == 1


def test_successor_holds_the_parts_and_is_done_when_all_are(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        an_giang, kien_giang = world.duty("T89", "XKIENGIANG", due=date(2025, 9, 30))
        world.report(an_giang, date(2025, 8, 28), evidence=date(2025, 8, 20))
    assert statuses(asked(store, DUE_30_JUNE)) == {"T89": Status.IN_PROGRESS, "XKIENGIANG": Status.IN_PROGRESS}
    (held,) = asked(store).rows
    assert (held.agency, held.completed_on, held.status) == ("T89", None, Status.IN_PROGRESS)
    assert held.parts == ("07-CT-TTg.1.T89", "07-CT-TTg.1.XKIENGIANG")
    with store.writing() as session:
        world.session = session
        world.report(kien_giang, date(2025, 9, 4), evidence=date(2025, 9, 4))
    (done,) = asked(store).rows
    assert (done.completed_on, done.status) == (date(2025, 9, 4), Status.COMPLETED_ON_TIME)


def test_a_part_that_is_gone_is_no_part(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        _, kien_giang = world.duty("T89", "XKIENGIANG", due=DUE_30_JUNE)
        world.revise(kien_giang, at=datetime(2025, 4, 1, tzinfo=UTC), due=DUE_30_JUNE, standing=False)
    (row,) = asked(store).rows
    assert row.parts == ("07-CT-TTg.1.T89",)
    assert Flag.SUCCESSOR not in row.flags


def test_extension_moves_the_due_day_and_keeps_the_original(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        (duty,) = world.duty("BYT", due=DUE_30_JUNE)
        world.decide(duty, "extend", date(2025, 6, 20), until=date(2025, 10, 31))
    (row,) = asked(store).rows
    assert (row.original_due_on, row.due_on, row.status) == (DUE_30_JUNE, date(2025, 10, 31), Status.IN_PROGRESS)
    assert (row.milestone, row.verdict) == ("2025-Q2", Verdict.PENDING)
    assert Flag.EXTENDED in row.flags


@pytest.mark.parametrize(
    ("reported_again_on", "status"),
    [
        (None, Status.OVERDUE),
        (date(2025, 7, 1), Status.COMPLETED_ON_TIME),
        (date(2025, 7, 5), Status.COMPLETED_ON_TIME),
    ],
)
def test_a_completion_sent_back_counts_only_when_reported_anew(
    store: Store, reported_again_on: date | None, status: Status
) -> None:
    with store.writing() as session:
        world = World(session)
        (duty,) = world.duty("BYT", due=DUE_30_JUNE)
        world.report(duty, date(2025, 6, 27), evidence=date(2025, 6, 25))
        world.decide(duty, "return", date(2025, 7, 1), at=datetime(2025, 7, 1, tzinfo=UTC))
        if reported_again_on:
            later = world.new_batch(datetime(2025, 7, 1, 1, tzinfo=UTC))
            world.report(duty, reported_again_on, evidence=date(2025, 6, 28), batch=later)
    assert asked(store).rows[0].status is status


def test_totals_add_up_for_every_part(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        world.duty("BYT", "BTC", due=DUE_30_JUNE)
        world.duty("BYT", due=None)
    table = asked(store)
    totals = table.totals()
    assert (totals["overdue"], totals["undated"], totals["total"]) == (2, 1, 3)
    assert sum(counts["total"] for counts in table.by_agency().values()) == table.totals()["total"]
    assert table.by_milestone()["2025-Q2"]["due"] == 2


def test_agency_and_milestone_narrow_the_rows(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        world.duty("BYT", "BTC", due=DUE_30_JUNE)
        world.duty("BYT", due=date(2025, 12, 31))
    assert {row.agency for row in asked(store, agency="BYT").rows} == {"BYT"}
    assert [row.number for row in asked(store, agency="BYT", milestone="2025-12").rows] == ["2"]


@pytest.mark.parametrize(
    ("story", "said_again", "status"),
    [
        ("done again, without evidence", True, Status.COMPLETED_ON_TIME),
        ("nothing about completion", None, Status.COMPLETED_ON_TIME),
        ("not done after all", False, Status.OVERDUE),
    ],
)
def test_a_later_report_takes_a_completion_back_only_by_saying_so(
    store: Store,
    story: str,
    said_again: bool | None,  # noqa: FBT001 - one case is one row of the table
    status: Status,
) -> None:
    with store.writing() as session:
        world = World(session)
        (duty,) = world.duty("BYT", due=DUE_30_JUNE)
        world.report(duty, date(2025, 6, 27), evidence=date(2025, 6, 25))
        world.report(duty, date(2025, 8, 25), done=said_again)
    assert asked(store).rows[0].status is status, story


def test_a_confirmation_holds_until_other_evidence_is_given(store: Store) -> None:
    confirmed_at = datetime(2025, 7, 1, tzinfo=UTC)
    with store.writing() as session:
        world = World(session)
        same, other = world.duty("BYT", "BTC", due=DUE_30_JUNE)
        for duty in (same, other):
            world.report(duty, date(2025, 6, 27), evidence=date(2025, 6, 25))
            world.decide(duty, "confirm", date(2025, 7, 1), at=confirmed_at)
        later = world.new_batch(datetime(2025, 8, 25, tzinfo=UTC))
        world.report(same, date(2025, 8, 25), evidence=date(2025, 6, 25), batch=later)
        world.report(other, date(2025, 8, 25), evidence=date(2025, 6, 26), batch=later)
    answer = statuses(asked(store, level=CompletionLevel.CONFIRMED))
    assert answer == {"BYT": Status.COMPLETED_ON_TIME, "BTC": Status.OVERDUE}


def test_a_holder_stands_as_its_worst_part_does(store: Store) -> None:
    """The part that is done in time no longer sets the day: the open part, extended, does."""
    with store.writing() as session:
        world = World(session)
        an_giang, kien_giang = world.duty("T89", "XKIENGIANG", due=DUE_30_JUNE)
        world.decide(an_giang, "extend", date(2025, 6, 15), until=date(2025, 12, 31))
        world.report(kien_giang, date(2025, 6, 12), evidence=date(2025, 6, 10))
    (row,) = asked(store).rows
    assert (row.status, row.due_on, row.completed_on) == (Status.IN_PROGRESS, date(2025, 12, 31), None)
    with store.writing() as session:
        world.session = session
        world.decide(an_giang, "hold", date(2025, 8, 1), until=date(2025, 10, 1))
    assert asked(store).rows[0].status is Status.SUSPENDED


def test_a_later_hold_leaves_the_earlier_one_standing(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        (duty,) = world.duty("BYT", due=DUE_30_JUNE)
        world.decide(duty, "hold", date(2025, 7, 1), until=date(2025, 7, 31))
        world.decide(duty, "hold", date(2025, 9, 1), until=date(2025, 9, 30))
    for day, status in (("2025-07-31", "suspended"), ("2025-08-01", "overdue"), ("2025-09-01", "suspended")):
        assert asked(store, date.fromisoformat(day)).rows[0].status == status


def test_an_extension_never_shortens_a_deadline_revised_later(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        (duty,) = world.duty("BYT", due=DUE_30_JUNE)
        world.decide(duty, "extend", date(2025, 6, 1), until=date(2025, 8, 15))
        world.revise(duty, at=datetime(2025, 7, 1, tzinfo=UTC), due=date(2025, 12, 31))
    assert (asked(store).rows[0].due_on, asked(store).rows[0].status) == (date(2025, 12, 31), Status.IN_PROGRESS)


def test_what_is_cancelled_has_no_completion_day(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        (duty,) = world.duty("BYT", due=DUE_30_JUNE)
        world.decide(duty, "cancel", date(2025, 7, 1))
    assert (asked(store).rows[0].status, asked(store).rows[0].completed_on) == (Status.CANCELLED, None)
