"""The decision table gives the same answer in Python and in SQL, whatever the facts and the day."""

import os
from datetime import UTC, date, datetime, timedelta
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Date, Integer, MetaData, String, Table, case, delete, insert, literal, select

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
    Undo,
)
from models.reference import calendar_of
from models.status import last_good_day
from models.story import Story, story_of
from rules.status import NEVER, OTHERWISE, TABLE, AskedAbout, CompletionLevel, Nature, Status, StatusFacts, judge
from tests.oracle.facts import Duty, Facts, Report, Ruling, Wording, Workbook
from tests.oracle.stored import store_facts

SIGNED_ON = date(2025, 3, 14)
DAY, WINDOW_ENDS = date(2025, 9, 3), date(2025, 9, 17)
A_DAY = timedelta(days=1)
NEAR = st.dates(date(2025, 8, 1), date(2025, 9, 30))
INSTANTS = NEAR.map(lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC))
DUES = st.one_of(NEAR, NEAR, st.sampled_from([*Nature]).filter(lambda nature: nature is not Nature.DATED).map(str))
MUCH_LATER = datetime(2026, 1, 1, tzinfo=UTC)


def test_every_row_of_the_table_is_reached_and_judged_alike(store: Store) -> None:
    """All facts a day away from each edge, in every combination, in one statement."""
    around = (DAY - A_DAY, DAY, DAY + A_DAY, NEVER)
    every = [
        StatusFacts(*values)
        for values in product(
            [str(nature) for nature in Nature],
            (*around, WINDOW_ENDS, WINDOW_ENDS + A_DAY),
            around,
            around,
            around,
            around,
        )
    ]
    asked = AskedAbout(DAY, WINDOW_ENDS)
    expected = [judge(facts, asked) for facts in every]
    assert set(expected) == set(Status)
    assert _judged_in_sql(store, every, asked) == expected


def _judged_in_sql(store: Store, every: list[StatusFacts], asked: AskedAbout) -> list[Status]:
    names = ("nature", "last_good_day", "completed_on", "cancelled_on", "held_from", "held_until")
    days = [Column(name, Date) for name in names[1:]]
    facts = Table(
        "facts", MetaData(), Column("place", Integer), Column("nature", String), *days, prefixes=["TEMPORARY"]
    )
    c = facts.c
    total = StatusFacts(*(c[name] for name in names))
    in_sql = AskedAbout(literal(asked.day, Date()), literal(asked.warning_until, Date()))  # type: ignore[arg-type]
    status = case(*((holds(total, in_sql), str(row)) for row, holds in TABLE), else_=str(OTHERWISE))
    with store.writing() as session:
        facts.create(session.connection())
        session.execute(insert(facts), [{"place": place, **vars(each)} for place, each in enumerate(every)])
        return [Status(row) for row in session.scalars(select(status).order_by(c.place))]


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """Draw a handful of duties with everything that can be recorded about them."""
    instants = sorted(draw(st.lists(INSTANTS, min_size=4, max_size=4)))
    found = Facts(workbooks=[Workbook(at, draw(st.none() | INSTANTS)) for at in instants])
    found.workbooks.insert(0, Workbook(datetime(2025, 3, 15, tzinfo=UTC)))
    for duty in range(draw(st.integers(1, 8))):
        found.duties.append(Duty(duty + 1, "BYT", SIGNED_ON))
        found.wordings.append(Wording(duty, 0, draw(DUES)))
        if draw(st.booleans()):
            found.wordings.append(Wording(duty, draw(st.integers(1, 4)), draw(DUES), gone=draw(st.booleans())))
        found.reports += draw(st.lists(_report(duty), max_size=4))
        found.rulings += draw(st.lists(_ruling(duty), max_size=6))
    found.wordings.sort(key=lambda each: each.workbook)
    found.reports.sort(key=lambda each: each.workbook)
    found.rulings.sort(key=lambda each: each.at)
    return found


def _report(duty: int) -> st.SearchStrategy[Report]:
    number, fits = st.sampled_from([None, "1/QĐ-BYT", "2/BC-BYT"]), st.sampled_from([True, None, False])
    done = st.sampled_from([True, True, None, False])
    maybe = st.none() | NEAR
    return st.builds(Report, st.just(duty), st.integers(0, 4), NEAR, done, maybe, number, maybe, fits)


def _ruling(duty: int) -> st.SearchStrategy[Ruling]:
    kinds = ["cancel", "reinstate", "hold", "hold", "resume", "extend", "extend", "confirm", "return"]
    what = st.sampled_from(kinds)
    return st.builds(Ruling, st.just(duty), what, NEAR, INSTANTS, NEAR)


@settings(
    max_examples=300 if os.environ.get("DONDOC_DEEP") else 15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[*HealthCheck],
)
@given(
    recorded=facts(),
    as_of=NEAR,
    known_at=st.just(MUCH_LATER) | INSTANTS,
    level=st.sampled_from(CompletionLevel),
    window=st.integers(0, 15),
)
def test_python_and_sql_agree(
    store: Store, recorded: Facts, as_of: date, known_at: datetime, level: CompletionLevel, window: int
) -> None:
    """The story of one assignment, judged in Python, against the one statement that judges all."""
    with store.writing() as session:
        for table in (Decision, Progress, AssignmentRevision, Assignment, TaskRevision, Task, Document, Undo, Batch):
            session.execute(delete(table))
    store_facts(store, recorded)
    answer = status_of(store, as_of=as_of, known_at=known_at, level=level, warning_working_days=window)
    with store.reading() as session:
        calendar = calendar_of(session)
        asked = AskedAbout(as_of, calendar.add_working_days(as_of, window))
        stories = [story_of(session, duty.code, known_at=known_at) for duty in recorded.duties]
        expected = {
            story.assignment.code: judge(_facts_of(story, as_of, level, last_good_day(calendar, story.due_on)), asked)
            for story in stories
            if story is not None and story.dates.standing
        }
    assert {row.code: row.status for row in answer.rows} == expected


def _facts_of(story: Story, as_of: date, level: CompletionLevel, good_until: date) -> StatusFacts:
    covering = story.hold_on(as_of)
    return StatusFacts(
        nature=Nature(story.dates.nature),
        last_good_day=good_until,
        completed_on=story.completed_on(level) or NEVER,
        cancelled_on=story.cancelled_on(as_of) or NEVER,
        held_from=covering.effective_on if covering else NEVER,
        held_until=(covering.until_on if covering else None) or NEVER,
    )
