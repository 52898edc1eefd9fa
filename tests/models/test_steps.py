"""Work done in steps: each has its day and its document, and the first still open decides how the work stands."""

from datetime import UTC, date, datetime

import pytest

from models import Store, status_of
from models.status_answer import assignments_answer
from models.status_table import StatusRow
from models.status_totals import totals_of
from rules.milestone import Verdict
from rules.status import Status
from tests.models.world import World

NOW = datetime(2026, 3, 1, tzinfo=UTC)
JULY, AUGUST = date(2025, 7, 14), date(2025, 8, 31)
SUBMITTED, ISSUED = "80/TTr-BYT", "45/2025/NĐ-CP"


def in_two_steps(world: World) -> int:
    (duty,) = world.duty("BYT", due=AUGUST)
    world.in_steps(duty, ("trình", JULY), ("ban hành", AUGUST))
    return duty


def standing(store: Store, day: date, known_at: datetime = NOW) -> StatusRow:
    (row,) = status_of(store, as_of=day, known_at=known_at).rows
    totals = totals_of(store, as_of=day, known_at=known_at)
    assert totals.totals()[row.status] == totals.totals()["total"] == 1, "the totals contradict the row"
    assert totals.by_milestone()["2025-08"][str(row.verdict)] == 1, "the verdicts contradict the row"
    return row


@pytest.mark.parametrize(
    ("day", "status", "days_late"),
    [
        (date(2025, 6, 27), Status.IN_PROGRESS, 0),
        (date(2025, 7, 14), Status.DUE_SOON, 0),
        (date(2025, 7, 15), Status.OVERDUE, 1),
        (date(2025, 9, 4), Status.OVERDUE, 36),
    ],
)
def test_nothing_cited_the_first_step_decides(store: Store, day: date, status: Status, days_late: int) -> None:
    with store.writing() as session:
        in_two_steps(World(session))
    row = standing(store, day)
    assert (row.status, row.days_late, row.due_on, row.original_due_on) == (status, days_late, AUGUST, AUGUST)


@pytest.mark.parametrize(
    ("day", "status", "days_late"),
    [
        (date(2025, 7, 10), Status.DUE_SOON, 0),
        (date(2025, 7, 15), Status.IN_PROGRESS, 0),
        (date(2025, 9, 3), Status.DUE_SOON, 0),
        (date(2025, 9, 4), Status.OVERDUE, 1),
    ],
)
def test_submitted_the_next_step_decides_from_the_day_of_its_document(
    store: Store, day: date, status: Status, days_late: int
) -> None:
    with store.writing() as session:
        world = World(session)
        duty = in_two_steps(world)
        world.report(duty, date(2025, 7, 15), done=False, evidence=date(2025, 7, 11), number=SUBMITTED)
        world.report(duty, date(2025, 8, 15), done=False, evidence=date(2025, 7, 11), number=SUBMITTED)
    row = standing(store, day)
    assert (row.status, row.days_late) == (status, days_late)


def test_each_step_shows_its_own_day_status_and_completion(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        duty = in_two_steps(world)
        world.report(duty, date(2025, 7, 20), done=False, evidence=date(2025, 7, 18), number=SUBMITTED)
    (answer,) = assignments_answer([standing(store, date(2025, 8, 1))])
    assert answer["steps"] == [
        {
            "step": 1,
            "name": "trình",
            "due_on": JULY,
            "effective_due_on": JULY,
            "status": Status.COMPLETED_LATE,
            "completed_on": date(2025, 7, 18),
        },
        {
            "step": 2,
            "name": "ban hành",
            "due_on": AUGUST,
            "effective_due_on": date(2025, 9, 3),
            "status": Status.IN_PROGRESS,
            "completed_on": None,
        },
    ]


def test_issued_in_time_without_a_word_of_the_draft_every_step_is_done(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        world.report(in_two_steps(world), date(2025, 8, 28), evidence=date(2025, 8, 28), number=ISSUED)
    row = standing(store, date(2025, 9, 5))
    assert (row.status, row.verdict) == (Status.COMPLETED_ON_TIME, Verdict.MET)
    assert [step.status for step in row.steps] == [Status.COMPLETED_LATE, Status.COMPLETED_ON_TIME]


def test_more_time_moves_every_step_by_as_many_days(store: Store) -> None:
    """Thirty days more: the draft is due on 13 August."""
    with store.writing() as session:
        world = World(session)
        world.decide(in_two_steps(world), "extend", date(2025, 7, 10), until=date(2025, 9, 30))
    assert standing(store, date(2025, 8, 13)).status is Status.DUE_SOON
    late = standing(store, date(2025, 8, 14))
    assert (late.status, late.days_late, [step.due_on for step in late.steps]) == (
        Status.OVERDUE,
        1,
        [date(2025, 8, 13), date(2025, 9, 30)],
    )


def test_a_submission_sent_back_opens_its_step_again_and_never_before_it_was_known(store: Store) -> None:
    sent_back_at = datetime(2025, 7, 21, tzinfo=UTC)
    with store.writing() as session:
        world = World(session)
        duty = in_two_steps(world)
        world.report(duty, date(2025, 7, 12), evidence=date(2025, 7, 11), number=SUBMITTED)
        world.decide(duty, "return", date(2025, 7, 21), at=sent_back_at)
    assert standing(store, date(2025, 7, 22)).status is Status.OVERDUE
    known_before = datetime(2025, 7, 20, tzinfo=UTC)
    assert standing(store, date(2025, 7, 22), known_before).status is Status.COMPLETED_ON_TIME


def test_the_draft_late_the_milestone_still_judges_the_work_as_a_whole(store: Store) -> None:
    with store.writing() as session:
        in_two_steps(World(session))
    row = standing(store, date(2025, 8, 20))
    assert (row.status, row.milestone, row.verdict) == (Status.OVERDUE, "2025-08", Verdict.PENDING)
