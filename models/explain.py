"""`explain`: why an assignment has its status, from the document's words to the row of the decision table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from models.explained_beside import clear, holder, indicators, obstacles
from models.explained_duty import assigned, deadline, decided, effective, redated
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
from models.indicators import MeasuredIndicator, indicators_beside
from models.obstacles import ObstacleRow, obstacles_of
from models.reference import read_reference
from models.status import WARNING_WORKING_DAYS, last_good_day, status_of
from models.status_table import StatusRow
from models.store import Store
from models.story import Story, story_of
from rules.status import NEVER, TABLE, AskedAbout, CompletionLevel, Nature, Status, StatusFacts, judge
from texts import Language

__all__ = ["ExplainedStep", "Explanation", "UnknownAssignmentError", "explain"]


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
    held_by = reference.register.accountable(as_of).get(story.assignment.agency_code, story.assignment.agency_code)
    table = status_of(
        store, as_of=as_of, known_at=known_at, agency=held_by, level=level, warning_working_days=warning_working_days
    )
    row = next((row for row in table.rows if code in row.parts), None) if story.dates.standing else None
    case = Case(story, row, reference, as_of, level, warning_working_days)
    with store.reading() as session:
        told = list(_tell(session, case, known_at))
    return Explanation(code, row.status.value if row else None, tuple(step(*each, language) for each in told))


def _tell(session: Session, case: Case, known_at: datetime) -> Iterator[Telling]:
    code = case.story.assignment.code
    others = [each for each in (case.row.parts if case.row else ()) if each != code]
    yield from assigned(case)
    yield from _part(session, case, known_at)
    yield from holder(case)
    for other in others:
        story = story_of(session, other, known_at=known_at)
        assert story is not None, f"{other} is held and not known"
        part = replace(case, story=story)
        yield _own_status(part)
        yield from _part(session, part, known_at)
    yield from clear(case)
    yield _verdict(case)


def _part(session: Session, case: Case, known_at: datetime) -> Iterator[Telling]:
    """Tell one assignment: its deadline, what was decided and reported, its indicators and obstacles."""
    beside = _beside(session, case, known_at)
    yield from deadline(case)
    yield from redated(case)
    yield from decided(case, "extend", "hold")
    yield from effective(case)
    yield from decided(case, "cancel")
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
    story, calendar = case.story, case.reference.calendar
    held, cancelled = _hold_on(story, case.as_of), story.last_decision("cancel")
    facts = StatusFacts(
        nature=Nature(story.dates.nature),
        last_good_day=last_good_day(calendar, story.due_on),
        completed_on=story.completed_on(case.level) or NEVER,
        cancelled_on=cancelled.effective_on if cancelled else NEVER,
        held_from=held[0],
        held_until=held[1],
    )
    return judge(facts, AskedAbout(case.as_of, calendar.add_working_days(case.as_of, case.window)))


def _hold_on(story: Story, day: date) -> tuple[date, date]:
    holds = [(each.effective_on, each.until_on or NEVER) for each in story.decisions if each.action == "hold"]
    return next((hold for hold in reversed(holds) if hold[0] <= day <= hold[1]), (NEVER, NEVER))


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
        "effective_on": last_good_day(case.reference.calendar, row.due_on),
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
