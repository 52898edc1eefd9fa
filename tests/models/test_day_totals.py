"""The day's totals: stored once per day, agency and status, and compared with the last assessed day."""

from datetime import UTC, date, datetime

from sqlmodel import select

from models import Store, status_of
from models.assignment_tables import Decision
from models.day_totals import day_totals_before, store_day_totals
from models.outcome_tables import DayTotal
from tests.models.world import World

FRIDAY, MONDAY = date(2025, 8, 29), date(2025, 9, 8)
NOW = datetime(2026, 1, 5, tzinfo=UTC)


def assessed(store: Store, day: date) -> dict[tuple[str, str], int]:
    store_day_totals(store, status_of(store, as_of=day, known_at=NOW), now=NOW)
    with store.reading() as session:
        rows = session.exec(select(DayTotal).where(DayTotal.as_of == day)).all()
    return {(row.agency_code, row.status): row.count for row in rows}


def test_a_second_assessment_takes_the_place_of_the_first(store: Store) -> None:
    with store.writing() as session:
        (duty,) = World(session).duty("BYT", due=date(2025, 8, 31))
    assert assessed(store, MONDAY) == {("BYT", "overdue"): 1}
    with store.writing() as session:
        session.add(
            Decision(
                assignment_id=duty,
                action="cancel",
                effective_on=FRIDAY,
                reason="theo văn bản",
                decided_by="Văn phòng Chính phủ",
                recorded_at=NOW,
            )
        )
    assert assessed(store, MONDAY) == assessed(store, MONDAY) == {("BYT", "cancelled"): 1}


def test_movement_is_measured_against_the_last_assessed_day(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=date(2025, 8, 31))
    assert day_totals_before(store, FRIDAY) is None
    assessed(store, FRIDAY)
    assessed(store, MONDAY)
    before = day_totals_before(store, MONDAY)
    assert before is not None
    assert (before.as_of, before.by_status()) == (FRIDAY, {"due_soon": 1})
