"""The verdict as known on the milestone's day beside the one known now."""

from datetime import UTC, date, datetime

from models import Store, status_of
from models.milestones_then import milestones_then
from rules.milestone import Verdict
from tests.models.world import World

NOW = datetime(2025, 9, 20, tzinfo=UTC)
AS_OF = date(2025, 9, 19)


def then(store: Store, as_of: date = AS_OF, known_at: datetime = NOW) -> dict[str, dict[str, int]]:
    found = milestones_then(store, as_of=as_of, known_at=known_at)
    return {code: {name: count for name, count in counts.items() if count} for code, counts in found.items()}


def test_what_came_to_be_known_later_changes_now_and_not_then(store: Store) -> None:
    """Two duties of June: one reported in time, one reported in August as done in June. Known then: met, missed."""
    with store.writing() as session:
        world = World(session)
        prompt, tardy = world.duty("BYT", "BTC", due=date(2025, 6, 30))
        in_june, in_august = datetime(2025, 6, 28, tzinfo=UTC), datetime(2025, 8, 25, tzinfo=UTC)
        world.report(prompt, date(2025, 6, 28), evidence=date(2025, 6, 25), batch=world.new_batch(in_june))
        world.report(tardy, date(2025, 8, 25), evidence=date(2025, 6, 20), batch=world.new_batch(in_august))
    assert then(store)["2025-Q2"] == {"due": 2, Verdict.MET: 1, Verdict.MISSED: 1}
    assert status_of(store, as_of=AS_OF, known_at=NOW).by_milestone()["2025-Q2"]["met"] == 2


def test_work_whose_last_good_day_is_after_the_milestone_was_pending_that_day(store: Store) -> None:
    """Due on Sunday 31 August, in time through 3 September: neither met nor missed when August ended."""
    with store.writing() as session:
        World(session).duty("BYT", due=date(2025, 8, 31))
    assert then(store)["2025-08"] == {"due": 1, Verdict.PENDING: 1}


def test_a_milestone_is_known_then_from_the_day_after_it(store: Store) -> None:
    assert "2025-Q2" not in then(store, date(2025, 6, 30))
    assert "2025-Q2" in then(store, date(2025, 7, 1))
    assert "2025-12" not in then(store)


def test_nothing_is_known_then_that_was_not_known_at_the_instant_asked(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        (duty,) = world.duty("BYT", due=date(2025, 6, 30))
        batch = world.new_batch(datetime(2025, 6, 28, tzinfo=UTC))
        world.report(duty, date(2025, 6, 28), evidence=date(2025, 6, 25), batch=batch)
    assert then(store, known_at=datetime(2025, 6, 27, tzinfo=UTC))["2025-Q2"] == {"due": 1, Verdict.MISSED: 1}


def test_those_accountable_are_the_agencies_of_that_day(store: Store) -> None:
    """Two provinces on 30 June are one since 1 July."""
    with store.writing() as session:
        World(session).duty("T89", "XKIENGIANG", due=date(2025, 6, 30))
    assert then(store)["2025-Q2"]["due"] == 2
    assert status_of(store, as_of=AS_OF, known_at=NOW).by_milestone()["2025-Q2"]["due"] == 1
