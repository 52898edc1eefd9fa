"""`status_of`: how every duty stood on a day, by what was known at an instant. The one query all front doors call."""

from collections import defaultdict, namedtuple
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache, lru_cache, partial
from typing import Any

from sqlalchemy import Result, Row, Select, exists, func, select
from sqlmodel import Session, col

from models.assignment_tables import Assignment, Document, Task, TaskRevision
from models.columns import table_of
from models.commitments import flags_of_commitments
from models.counted import in_live_batch
from models.kinds import kinds_of
from models.question import Question, Shape
from models.reference import calendar_of, milestones_of, succession_of
from models.register_tables import AgencyRow
from models.same_work import Held, OtherDocument, others_by_row
from models.status_query import documented, inherited, judged
from models.status_table import QueuedTask, StatusRow, StatusTable
from models.steps import steps_of
from models.store import Store
from rules.calendar import WorkingCalendar
from rules.milestone import BEYOND, Milestone, Verdict, VerdictFacts, milestone_of, verdict
from rules.status import NEVER, AskedAbout, CompletionLevel, Flag, Nature, Status
from rules.steps import StepStanding

WARNING_WORKING_DAYS = 10
SILENT_AFTER = timedelta(days=30)
_DONE = frozenset({Status.COMPLETED_ON_TIME, Status.COMPLETED_LATE})
_NUMBER = func.coalesce(TaskRevision.number, Task.number).label("number")


def status_of(
    store: Store,
    *,
    as_of: date,
    known_at: datetime,
    agency: str | None = None,
    milestone: str | None = None,
    level: CompletionLevel = CompletionLevel.EVIDENCED,
    warning_working_days: int = WARNING_WORKING_DAYS,
) -> StatusTable:
    """Return the status of every assignment on `as_of`, by what had been recorded at `known_at` (aware).

    `agency` and `milestone` are codes that narrow the rows. The warning window is `warning_working_days` working
    days after `as_of`, both included.
    """
    with store.reading() as session:
        calendar, milestones = calendar_of(session), milestones_of(session)
        window = AskedAbout(as_of, calendar.add_working_days(as_of, warning_working_days))
        question = Question(window, known_at, level, succession_of(session), agency, kinds_of(session))
        rows = rows_for(session, question, calendar, milestones)
        queue = queue_of(session, known_at, as_of)
        kept = [row for row in rows if milestone is None or row.milestone == milestone]
        table = StatusTable(as_of, known_at, kept, milestones, queue)
        return with_commitments(session, table) if question.kinds.promised else table


def with_commitments(session: Session, table: StatusTable) -> StatusTable:
    """Return the table with the flags that commitments give its rows."""
    flags = flags_of_commitments(session, table)
    rows = [replace(row, flags=(*row.flags, *flags[row.code])) if row.code in flags else row for row in table.rows]
    return replace(table, rows=rows)


def rows_for(
    session: Session, question: Question, calendar: WorkingCalendar, milestones: Sequence[Milestone]
) -> list[StatusRow]:
    """Return the rows the question asks about, in the order of lists, without the flags of commitments."""
    found = _as_tuples(session.execute(_listed(question.shape(session)), question.values()))
    parts, steps = _parts(session, question), steps_of(session, question, found, calendar)
    read = RowReader(question.asked.day, calendar, milestones, parts, steps, _others(session, question, parts))
    return [read.row(row) for row in found]


def _as_tuples(found: Result[Any]) -> list[Any]:
    """Return the rows as named tuples, whose values are reached ten times faster: of each row some forty are read."""
    row = namedtuple("row", found.keys())  # type: ignore[misc]  # noqa: PYI024 - its names are the statement's
    return list(map(row._make, found))


@lru_cache
def _listed(shape: Shape) -> Select[Any]:
    holder, words = judged(shape), table_of(TaskRevision).c
    listed: Select[Any] = (
        select(
            holder, Assignment.code, _NUMBER, col(Document.code).label("document"), Document.issued_on, words.section,
            words.text, words.product, words.deadline_text, words.problem,
        )  # type: ignore[call-overload]
        .join(Assignment, Assignment.id == holder.c.named_after)
        .join(Task, Task.id == holder.c.task_id)
        .join(Document, Document.id == Task.document_id)
        .join(TaskRevision, TaskRevision.id == holder.c.task_revision_id)
        .join(AgencyRow, AgencyRow.code == holder.c.holder)
    )  # fmt: skip
    order = (col(Document.issued_on), col(Document.code), col(Task.id), holder.c.period, col(AgencyRow.position))
    return listed.order_by(*order)


def _parts(session: Session, question: Question) -> Mapping[tuple[int, str, str], list[str]]:
    """Return the codes of the assignments that passed to a successor, by task, period and successor."""
    parts: dict[tuple[int, str, str], list[str]] = defaultdict(list)
    if question.passed_on or question.taken_over:
        former = {*question.passed_on, *(code for code, _ in question.taken_over)}
        values = question.values()
        values = {**values, "codes": tuple(code for code in values["codes"] if code in former)}
        passed_on = session.execute(inherited(question.shape(session)), values) if values["codes"] else ()
        for task_id, period, holder, code in passed_on:
            parts[task_id, period, holder].append(code)
    return parts


def _others(
    session: Session, question: Question, parts: Mapping[Held, Sequence[str]]
) -> Mapping[Held, Sequence[OtherDocument]]:
    """Return the rows of other documents that are the same work, by task, period and agency."""
    if not question.kinds.linked:
        return {}
    return others_by_row(session.execute(documented(question.shape(session)), question.values()).all(), parts)


def queue_of(session: Session, known_at: datetime, as_of: date) -> Sequence[QueuedTask]:
    """Return the tasks nobody registered answers for, of documents issued by `as_of`."""
    words = table_of(TaskRevision)
    later = words.alias("later")
    replaced = exists().where(
        later.c.task_id == words.c.task_id, later.c.id > words.c.id, in_live_batch(later, known_at)
    )
    found = session.execute(
        select(Document.code, _NUMBER, words.c.text, words.c.lead_text, words.c.queue)  # type: ignore[call-overload]
        .join(Task, Task.id == words.c.task_id)
        .join(Document, Document.id == Task.document_id)
        .where(words.c.queue > "", in_live_batch(words, known_at), ~replaced, Document.issued_on <= as_of)
        .order_by(Task.id)
    )
    return [QueuedTask(*row) for row in found]


class RowReader:
    """Turns query rows into `StatusRow`s; the calendar is asked once per distinct pair of days."""

    def __init__(
        self,
        as_of: date,
        calendar: WorkingCalendar,
        milestones: Sequence[Milestone],
        parts: Mapping[tuple[int, str, str], list[str]],
        steps: Mapping[int, Sequence[StepStanding]],
        others: Mapping[Held, Sequence[OtherDocument]],
    ) -> None:
        """Take the day, and what is read beside the rows."""
        self.as_of, self.calendar, self.parts, self.steps, self.others = as_of, calendar, parts, steps, others
        self.working_days, self.effective = cache(calendar.working_days_between), cache(calendar.effective)
        self.milestone_of = cache(partial(milestone_of, milestones=milestones))

    def row(self, row: Row[Any]) -> StatusRow:
        """Return one row in full."""
        status, milestone = Status(row.status), self.milestone_of(row.original_due_on)
        inherited = self.parts.get((row.task_id, row.period, row.holder), [])
        own = [] if row.code in inherited else [row.code]
        return StatusRow(
            assignment_id=row.named_after,
            code=row.code,
            document=row.document,
            number=row.number,
            section=row.section,
            agency=row.holder,
            task=row.text,
            product=row.product,
            deadline_text=row.deadline_text,
            collective=row.collective_code,
            period=row.period,
            original_due_on=row.original_due_on,
            due_on=row.due_on,
            effective_due_on=row.effective_due_on if self._covered(row.due_on) else None,
            last_good_day=row.last_good_day,
            status=status,
            flags=tuple(self._flags(row, status)),
            days_late=self.days_late(row, status),
            completed_on=row.completed_on if status in _DONE else None,
            last_heard_on=row.heard_on,
            milestone=milestone.code if milestone else (BEYOND if row.original_due_on else None),
            verdict=self.verdict(row, milestone),
            parts=tuple(own + inherited),
            nature=Nature(row.nature),
            steps=tuple(self.steps.get(row.assignment_id, ())),
            same_work=tuple(self.others.get((row.task_id, row.period, row.holder), ())),
        )

    def _covered(self, due_on: date | None) -> bool:
        return due_on is not None and self.effective(due_on) is not None

    def days_late(self, row: Row[Any], status: Status) -> int:
        """Return by how many working days a row is or was late; 0 when it is not."""
        if status is Status.OVERDUE:
            return self.working_days(row.last_good_day, self.as_of)
        if status is Status.COMPLETED_LATE:
            return self.working_days(row.last_good_day, row.completed_on)
        return 0

    def verdict(self, row: Row[Any], milestone: Milestone | None) -> Verdict | None:
        """Return how a row stands at its milestone."""
        if milestone is None:
            return None
        as_assigned = last_good_day(self.calendar, row.original_due_on)
        facts = VerdictFacts(row.final_good_day, as_assigned, row.completed_on, row.cancelled_on)
        return verdict(facts, milestone, self.as_of)

    def _flags(self, row: Row[Any], status: Status) -> list[Flag]:
        open_ = status is not Status.CANCELLED and status not in _DONE
        heard = row.heard_on
        said = {
            Flag.AWAITING_CONFIRMATION: open_ and bool(row.awaiting),
            Flag.SILENT: open_ and (heard or row.issued_on) < self.as_of - SILENT_AFTER,
            Flag.EXTENDED: bool(row.extended),
            Flag.LATE_AT_ASSIGNMENT: row.original_due_on is not None and row.original_due_on < row.issued_on,
            Flag.UNDATED: not open_ and row.due_on is None,
            Flag.AWAITING_EVENT: status is Status.UNDATED and row.problem == "awaiting_event",
            Flag.SEVERAL_LEADS: bool(row.several_leads),
            Flag.CALENDAR_NOT_COVERED: row.due_on is not None and not self._covered(row.due_on),
            Flag.SEVERAL_DOCUMENTS: row.documents > 1,
            Flag.SUCCESSOR: (row.task_id, row.period, row.holder) in self.parts,
        }
        return [flag for flag, holds in said.items() if holds]


def last_good_day(calendar: WorkingCalendar, due_on: date | None) -> date:
    """Return the last day through which work due on `due_on` is in time; `NEVER` without a due day."""
    return NEVER if due_on is None else calendar.effective(due_on) or due_on
