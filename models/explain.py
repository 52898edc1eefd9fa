"""`explain`: why an assignment has its status, from the document's words to the row of the decision table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from models.explained_beside import clear, holder, indicators, obstacles, same_work
from models.explained_duty import assigned, deadline, decided, effective, redated, steps
from models.explained_handed import handed
from models.explained_reports import reports
from models.explanation import (
    Case,
    ExplainedStep,
    Explanation,
    Saying,
    Telling,
    UnknownAssignmentError,
    cell_of,
    entry,
    saying,
    step,
    working_days,
)
from models.handed import handed_of
from models.indicators import MeasuredIndicator, indicators_beside
from models.obstacles import ObstacleRow, obstacles_of
from models.reference import read_reference
from models.status import WARNING_WORKING_DAYS, last_good_day, status_of
from models.status_table import StatusRow
from models.steps import steps_in
from models.store import Store
from models.story import story_of
from rules.status import NEVER, TABLE, AskedAbout, CompletionLevel, Nature, Status, StatusFacts, judge
from rules.steps import next_good_day
from texts import Language

__all__ = ["ExplainedStep", "Explanation", "UnknownAssignmentError", "explain", "tell"]


@dataclass(frozen=True)
class _Beside:
    """What stands beside one part."""

    indicators: Sequence[MeasuredIndicator]
    obstacles: Sequence[ObstacleRow]


def explain(
    store: Store,
    code: str,
    *,
    as_of: date,
    known_at: datetime,
    level: CompletionLevel = CompletionLevel.EVIDENCED,
    warning_working_days: int = WARNING_WORKING_DAYS,
    language: Language | None = None,
) -> Explanation:
    """Return the derivation of the status of `code` on `as_of`, by what had been recorded at `known_at` (aware).

    Every part an agency holds together with `code` is told. Sentences are Vietnamese with English beside, or in
    `language` alone. Raises UnknownAssignmentError when no assignment had the code then.
    """
    with store.reading() as session:
        story, reference = story_of(session, code, known_at=known_at), read_reference(session)
    if story is None:
        raise UnknownAssignmentError(code, known_at)
    given_to = story.held_by(as_of) or story.assignment.agency_code
    held_by = reference.register.accountable(as_of).get(given_to, given_to)
    table = status_of(
        store, as_of=as_of, known_at=known_at, agency=held_by, level=level, warning_working_days=warning_working_days
    )
    row = next((row for row in table.rows if code in row.codes), None) if story.dates.standing else None
    case = Case(story, row, reference, as_of, level, warning_working_days)
    with store.reading() as session:
        told = list(tell(session, case, known_at))
    return Explanation(code, row.status.value if row else None, tuple(step(*each, language) for each in told))


def tell(session: Session, case: Case, known_at: datetime) -> Iterator[Telling]:
    """Tell the whole derivation of a case, by what had been recorded at `known_at` (aware)."""
    code = case.story.assignment.code
    others = [each for each in (case.row.codes if case.row else ()) if each != code]
    yield from assigned(case)
    yield from _part(session, case, known_at)
    yield from holder(case)
    yield from same_work(case)
    for other in others:
        story = story_of(session, other, known_at=known_at)
        assert story is not None, f"{other} is held and not known"
        part = replace(case, story=story)
        yield _own_status(part)
        yield from _part(session, part, known_at)
    yield from handed(handed_of(session, as_of=case.as_of, known_at=known_at, assignments=[code, *others]), case)
    yield from clear(case)
    yield _verdict(case)


def _part(session: Session, case: Case, known_at: datetime) -> Iterator[Telling]:
    """Tell one assignment: its deadline, what was decided and reported, its indicators and obstacles."""
    beside = _beside(session, case, known_at)
    yield from deadline(case)
    yield from redated(case)
    yield from decided(case, "date", "extend", "decline", "hold", "resume")
    yield from effective(case)
    yield from steps(case, steps_in(case.story, _facts(case), _asked(case), case.reference.calendar))
    yield from decided(case, "cancel", "reinstate", "succeed")
    yield from reports(case)
    yield from decided(case, "confirm", "return")
    yield from indicators(beside.indicators)
    yield from obstacles(beside.obstacles, case)


def _beside(session: Session, case: Case, known_at: datetime) -> _Beside:
    assignment = case.story.assignment
    return _Beside(
        indicators_beside(session, assignment, as_of=case.as_of, known_at=known_at),
        obstacles_of(session, as_of=case.as_of, known_at=known_at, assignment=assignment.code),
    )


def _own_status(case: Case) -> Telling:
    """Tell how a part would stand alone."""
    story, wording = case.story, case.story.wording
    agency = case.reference.register.by_code()[story.assignment.agency_code]
    what = saying("part_what", code=story.assignment.code, agency=agency.name_vi, status=_named(_judged(case)))
    return what, saying("part_why"), cell_of(wording, "task", story.batches[wording.batch_id])


def _judged(case: Case) -> Status:
    story, calendar, asked = case.story, case.reference.calendar, _asked(case)
    facts = _facts(case)
    steps = steps_in(story, facts, asked, calendar)
    return judge(replace(facts, last_good_day=next_good_day(steps, facts.last_good_day)), asked)


def _asked(case: Case) -> AskedAbout:
    return AskedAbout(case.as_of, case.reference.calendar.add_working_days(case.as_of, case.window))


def _facts(case: Case) -> StatusFacts:
    story, calendar = case.story, case.reference.calendar
    held = story.hold_on(case.as_of)
    return StatusFacts(
        nature=Nature(story.dates.nature),
        last_good_day=last_good_day(calendar, story.due_on),
        completed_on=story.completed_on(case.level) or NEVER,
        cancelled_on=story.cancelled_on(case.as_of) or NEVER,
        held_from=held.effective_on if held else NEVER,
        held_until=(held.until_on if held else None) or NEVER,
    )


def _verdict(case: Case) -> Telling:
    row, story = case.row, case.story
    if row is None:
        why = "not_counted_why" if story.dates.standing else "gone_why"
        batch = story.batches[story.dates.batch_id]
        return (
            saying("not_counted_what", as_of=case.as_of),
            saying(why, counts_from=story.dates.counts_from),
            saying("source_file", file=batch.file, batch=batch.id),
        )
    facts = {
        "completed_on": row.completed_on or "—",
        "effective_on": row.last_good_day,
        "days_late": working_days(row.days_late),
        "window": working_days(case.window),
    }
    what = saying("status_what", as_of=case.as_of, status=_named(row.status))
    return what, saying(f"why_{row.status}", **facts), _table_row(row)


def _named(status: Status) -> Saying:
    return entry(f"status.{status}")


def _table_row(row: StatusRow) -> Saying:
    matching = [position for position, (status, _) in enumerate(TABLE, start=1) if status is row.status]
    rows = len(TABLE) + 1
    return saying("table_row", position=matching[0] if matching else rows, rows=rows)
