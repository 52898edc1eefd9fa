"""The day's totals: stored once per day, agency and status, and compared with the last assessed day."""

from datetime import UTC, date, datetime

from sqlmodel import select

from models import Store, status_of
from models.assignment_tables import Decision
from models.day_totals import day_totals_before, day_totals_known, store_day_totals
from models.outcome_tables import DayTotal
from tests.models.world import World

FRIDAY, MONDAY = date(2025, 8, 29), date(2025, 9, 8)
NOW = datetime(2026, 1, 5, tzinfo=UTC)


def assessed(store: Store, day: date, now: datetime = NOW) -> dict[tuple[str, str], int]:
    store_day_totals(store, status_of(store, as_of=day, known_at=now), now=now)
    return known(store, day, now)


def known(store: Store, day: date, known_at: datetime) -> dict[tuple[str, str], int]:
    with store.reading() as session:
        counts = day_totals_known(session, day, known_at=known_at).counts
    return {(agency, status): count for agency, found in counts.items() for status, count in found.items()}


def cancelled(store: Store, duty: int, at: datetime) -> None:
    with store.writing() as session:
        session.add(
            Decision(
                assignment_id=duty,
                action="cancel",
                effective_on=FRIDAY,
                reason="theo văn bản",
                decided_by="Văn phòng Chính phủ",
                recorded_at=at,
            )
        )


def test_a_second_assessment_counts_in_place_of_the_first(store: Store) -> None:
    with store.writing() as session:
        (duty,) = World(session).duty("BYT", due=date(2025, 8, 31))
    assert assessed(store, MONDAY) == {("BYT", "overdue"): 1}
    cancelled(store, duty, NOW)
    assert assessed(store, MONDAY) == assessed(store, MONDAY) == {("BYT", "cancelled"): 1}


def test_a_day_assessed_again_keeps_what_was_known_of_it_before(store: Store) -> None:
    """Assessed again in January, the day's figures of September were gone for whoever asked as known in September."""
    with store.writing() as session:
        (duty,) = World(session).duty("BYT", due=date(2025, 8, 31))
    in_september, in_january = datetime(2025, 9, 8, 12, tzinfo=UTC), NOW
    assessed(store, MONDAY, in_september)
    cancelled(store, duty, datetime(2025, 12, 1, tzinfo=UTC))
    assert assessed(store, MONDAY, in_january) == {("BYT", "cancelled"): 1}
    assert known(store, MONDAY, in_september) == {("BYT", "overdue"): 1}
    before = [day_totals_before(store, date(2025, 9, 9), known_at=at) for at in (in_september, in_january)]
    assert [each and each.by_status() for each in before] == [{"overdue": 1}, {"cancelled": 1}]


def test_the_same_totals_are_not_stored_twice(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=date(2025, 8, 31))
    for hour in (1, 2, 3):
        assessed(store, MONDAY, datetime(2025, 9, 8, hour, tzinfo=UTC))
    with store.reading() as session:
        assert len(session.exec(select(DayTotal)).all()) == 1


def test_movement_is_measured_against_the_last_assessed_day(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=date(2025, 8, 31))
    assert day_totals_before(store, FRIDAY, known_at=NOW) is None
    assessed(store, FRIDAY)
    assessed(store, MONDAY)
    before = day_totals_before(store, MONDAY, known_at=NOW)
    assert before is not None
    assert (before.as_of, before.by_status()) == (FRIDAY, {"due_soon": 1})
