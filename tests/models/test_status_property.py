"""The decision table gives the same answer in Python and in SQL, whatever the facts and the day."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from models import Store, status_of
from models.assignment_tables import (
    Assignment,
    AssignmentRevision,
    Batch,
    Decision,
    Document,
    Progress,
    Task,
    TaskRevision,
)
from models.reference import calendar_of
from models.status import WARNING_WORKING_DAYS, last_good_day
from rules.status import NEVER, AskedAbout, Nature, StatusFacts, judge
from tests.models.world import World

NEAR = st.dates(date(2025, 8, 1), date(2025, 9, 30))
MAYBE = st.none() | NEAR
DUTIES = st.lists(st.tuples(MAYBE, MAYBE, MAYBE, MAYBE, MAYBE, st.booleans()), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(duties=DUTIES, as_of=NEAR)
def test_python_and_sql_agree(
    store: Store,
    duties: list[tuple[date | None, date | None, date | None, date | None, date | None, bool]],
    as_of: date,
) -> None:
    with store.writing() as session:
        for table in (Decision, Progress, AssignmentRevision, Assignment, TaskRevision, Task, Document, Batch):
            session.execute(delete(table))
        calendar = calendar_of(session)
        asked = AskedAbout(as_of, calendar.add_working_days(as_of, WARNING_WORKING_DAYS))
        world, expected = World(session), []
        for due, completed, cancelled, held, extended, ongoing in duties:
            nature = Nature.DATED if due else Nature.ONGOING if ongoing else Nature.UNDATED
            (duty,) = world.duty("BYT", due=due, nature=nature)
            moved = extended if due and extended and extended > due else None
            if completed:
                world.report(duty, completed, evidence=completed)
            if cancelled:
                world.decide(duty, "cancel", cancelled)
            if held:
                world.decide(duty, "hold", held, until=held + timedelta(days=7))
            if extended:
                world.decide(duty, "extend", as_of, until=extended)
            facts = StatusFacts(
                nature,
                last_good_day(calendar, moved or due),
                completed or NEVER,
                cancelled or NEVER,
                held or NEVER,
                held + timedelta(days=7) if held else NEVER,
            )
            expected.append(judge(facts, asked))
    answer = status_of(store, as_of=as_of, known_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert [row.status for row in answer.rows] == expected
