"""Where the oracle and the engine once disagreed: each told as its shortest story, with the one that was wrong."""

from datetime import UTC, date, datetime

import pytest

from models import StatusTable, Store, status_of
from rules.status import CompletionLevel, Flag, Status
from tests.models.world import World

DUE = date(2025, 6, 30)
MUCH_LATER = datetime(2027, 1, 1, tzinfo=UTC)


def asked(
    store: Store, as_of: date = date(2025, 9, 5), level: CompletionLevel = CompletionLevel.EVIDENCED
) -> StatusTable:
    return status_of(store, as_of=as_of, known_at=MUCH_LATER, level=level)


def at(month: int, day: int) -> datetime:
    return datetime(2025, month, day, tzinfo=UTC)


def test_saying_done_again_every_month_does_not_make_the_work_late(store: Store) -> None:
    """The completion day moved to the day of the newest report, so work done in June turned late in July."""
    with store.writing() as session:
        world = World(session)
        (duty,) = world.duty("BYT", due=DUE)
        world.report(duty, date(2025, 6, 27))
        world.report(duty, date(2025, 7, 28))
        world.report(duty, date(2025, 8, 28))
    (row,) = asked(store, level=CompletionLevel.DECLARED).rows
    assert (row.status, row.completed_on) == (Status.COMPLETED_ON_TIME, date(2025, 6, 27))


@pytest.mark.parametrize(
    ("day", "flagged"), [(date(2025, 6, 26), False), (date(2025, 6, 27), True), (date(2025, 8, 1), False)]
)
def test_a_claim_awaits_confirmation_from_its_own_day_to_the_day_it_is_proven(
    *, store: Store, day: date, flagged: bool
) -> None:
    """Any earlier report made the flag appear before the claim, and evidence of a later day took it away at once."""
    with store.writing() as session:
        world = World(session)
        (duty,) = world.duty("BYT", due=DUE)
        world.report(duty, date(2025, 6, 1), done=None)
        world.report(duty, date(2025, 6, 27))
        world.report(duty, date(2025, 8, 1), evidence=date(2025, 8, 1))
    (row,) = asked(store, day).rows
    assert (Flag.AWAITING_CONFIRMATION in row.flags) is flagged


def test_proof_that_was_given_but_is_dated_later_is_not_missing(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        (duty,) = world.duty("BYT", due=DUE)
        world.report(duty, date(2025, 6, 24), evidence=date(2025, 6, 29))
    (row,) = asked(store, date(2025, 6, 25)).rows
    assert (row.status, Flag.AWAITING_CONFIRMATION in row.flags) == (Status.DUE_SOON, False)


def test_a_cancelled_part_awaits_nothing(store: Store) -> None:
    """A successor was flagged for the claim of a part that had been revoked."""
    with store.writing() as session:
        world = World(session)
        _, kien_giang = world.duty("T89", "XKIENGIANG", due=DUE)
        world.report(kien_giang, date(2025, 6, 27))
        world.decide(kien_giang, "cancel", date(2025, 7, 15))
    assert Flag.AWAITING_CONFIRMATION in asked(store, date(2025, 7, 14)).rows[0].flags
    assert Flag.AWAITING_CONFIRMATION not in asked(store, date(2025, 7, 15)).rows[0].flags


def test_evidence_sent_back_does_not_return_through_the_confirmation_of_a_later_claim(store: Store) -> None:
    """Confirming the second claim brought the rejected document back, and with it a completion in time."""
    with store.writing() as session:
        world = World(session)
        (duty,) = world.duty("BYT", due=DUE)
        world.report(duty, date(2025, 6, 20), evidence=date(2025, 6, 20))
        world.decide(duty, "return", date(2025, 7, 1), at=at(7, 1))
        world.report(duty, date(2025, 7, 25), batch=world.new_batch(at(7, 25)))
        world.decide(duty, "confirm", date(2025, 8, 1), at=at(8, 1))
    (row,) = asked(store).rows
    assert (row.status, row.completed_on) == (Status.COMPLETED_LATE, date(2025, 7, 25))


def test_a_completion_sent_back_by_mistake_is_confirmed_after_all(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        (duty,) = world.duty("BYT", due=DUE)
        world.report(duty, date(2025, 6, 20), evidence=date(2025, 6, 20))
        world.decide(duty, "return", date(2025, 7, 1), at=at(7, 1))
        world.decide(duty, "confirm", date(2025, 7, 2), at=at(7, 2))
    assert asked(store).rows[0].completed_on == date(2025, 6, 20)


def test_work_revoked_from_a_successor_is_shown_as_on_its_day_and_not_by_a_completion_still_to_come(
    store: Store,
) -> None:
    """The oracle read a completion of August in June, and showed the part that ended later."""
    with store.writing() as session:
        world = World(session)
        own, inherited = world.duty("BTC", "BKHDT", due=date(2025, 10, 5))
        world.revise(inherited, at=at(3, 20), due=date(2025, 9, 15))
        world.report(inherited, date(2025, 8, 20))
        for duty in (own, inherited):
            world.decide(duty, "cancel", date(2025, 4, 30))
    (row,) = asked(store, date(2025, 6, 4), CompletionLevel.DECLARED).rows
    assert (row.status, row.due_on) == (Status.CANCELLED, date(2025, 9, 15))


def test_of_finished_work_revoked_from_a_successor_the_latest_completion_is_shown(store: Store) -> None:
    """The oracle showed the part due first, though of finished work the latest completion decides."""
    with store.writing() as session:
        world = World(session)
        own, inherited = world.duty("BTC", "BKHDT", due=date(2026, 1, 31))
        world.revise(inherited, at=at(3, 20), due=date(2025, 10, 24))
        world.report(own, date(2025, 12, 22))
        world.report(inherited, date(2025, 9, 14))
        for duty in (own, inherited):
            world.decide(duty, "cancel", date(2025, 9, 1))
    (row,) = asked(store, date(2026, 2, 12), CompletionLevel.DECLARED).rows
    assert (row.status, row.due_on) == (Status.CANCELLED, date(2026, 1, 31))
