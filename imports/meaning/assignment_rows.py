"""Rows of an annex → tasks with their assignments: who is accountable, until when, and what is in doubt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from imports.layout.headings import Field
from imports.layout.rows import WrittenRow
from imports.layout.written_row import Moved, Place
from imports.meaning.annex_doubts import annex_doubts
from imports.meaning.context import Context
from imports.meaning.days import ImpossibleDayError, read_day
from imports.meaning.digests import digest_of
from imports.meaning.documents import DocumentRef, row_doubts, slug
from imports.meaning.sections import numbered_rows
from imports.problem import Problem, Severity, shown, stops
from imports.reading.cells import Value
from rules.deadline import Deadline, DeadlineKind, Stage, occurrences, read_deadline
from rules.leads import LeadReading
from rules.status import Nature

NO_ACCOUNTABLE_LEAD = "no_accountable_lead"
# The columns an annex is read from.
ASSIGNS = frozenset(
    {
        Field.SEQ,
        Field.TASK_CODE,
        Field.GROUP,
        Field.TASK,
        Field.LEAD,
        Field.COORDINATING,
        Field.PRODUCT,
        Field.DEADLINE,
        Field.ASSIGNING_DOC,
        Field.ASSIGNED_DATE,
    }
)
_AS_WRITTEN = (Field.TASK, Field.PRODUCT, Field.COORDINATING)
_NUMBERS_SHOWN = 20
_TO_CONFIRM_PROBLEMS = ("needs_date", "awaiting_event", "start_only")


@dataclass(frozen=True, order=True)
class AssignmentRow:
    """One assignment a task gives: agency and period are its key, the rest is its content."""

    agency: str
    period: str
    nature: Nature
    counts_from: date
    original_due_on: date | None
    collective: str | None
    several_leads: bool


class TaskRow(NamedTuple):
    """One task as a workbook words it, with the cells its values came from; document and number are its key.

    `stages` are those its deadline names, of work done in several. `name` is the number its codes are made of when an
    open file says one.
    """

    document: DocumentRef
    number: str
    section: str
    text: str
    product: str
    lead_text: str
    coordinating_text: str
    deadline_text: str
    deadline_kind: str
    recurrence: str
    problem: str | None
    needs_confirmation: bool
    queue: str | None
    place: Place
    row: int
    moved: Moved
    digest: str
    assignments: tuple[AssignmentRow, ...]
    stages: tuple[Stage, ...] = ()
    name: str = ""

    @property
    def sheet(self) -> str:
        """Return the name of the sheet it stands in."""
        return self.place.sheet

    @property
    def cells(self) -> dict[str, str]:
        """Return the address of each field's cell, e.g. `D7`; made anew every time."""
        return self.place.cells(self.row, self.moved)

    @property
    def key(self) -> tuple[str, str]:
        """What names the task: its document and its number there."""
        return self.document.code, self.number

    @property
    def named(self) -> tuple[str, str]:
        """Its document and the number its codes are made of."""
        return self.document.code, self.name or self.number

    def code_of(self, assignment: AssignmentRow) -> str:
        """Return the assignment's code, e.g. 07-CT-TTg.64.BCA.2025-08."""
        parts = (slug(self.document.code), slug(self.name or self.number), assignment.agency, assignment.period)
        return ".".join(part for part in parts if part)


class _Given(NamedTuple):
    """What rows of one lead, deadline and document have in common: how they are dated, by whom they are held.

    `stated` are the fields of a task from `deadline_kind` to `queue`, `digest` that of everything here.
    """

    stated: tuple[str, str, str | None, bool, str | None]
    assignments: tuple[AssignmentRow, ...]
    digest: str
    stages: tuple[Stage, ...]


@dataclass
class AnnexReader:
    """Reads the rows of annexes; `problems` grows as it goes."""

    context: Context
    problems: list[Problem] = field(default_factory=list)
    _deadlines: dict[tuple[str, date], Deadline] = field(default_factory=dict)
    _given: dict[tuple[str, str, DocumentRef], _Given] = field(default_factory=dict)
    _settled: dict[tuple[str | None, str | None, DocumentRef], tuple[str, str, _Given]] = field(default_factory=dict)
    _unnamed: list[WrittenRow] = field(default_factory=list)

    def read(self, rows: Sequence[WrittenRow]) -> list[TaskRow]:
        """Return the tasks of `rows`, each number once."""
        tasks = [task for row, number in numbered_rows(rows) if (task := self._task(row, number))]
        self._ask_about_unnamed(rows)
        self.problems += annex_doubts(rows, self.context, self._deadlines)
        return list(self._once_each(tasks))

    def _ask_about_unnamed(self, rows: Sequence[WrittenRow]) -> None:
        """Ask about rows that leave the document out where others name one: they count as the workbook's own."""
        document = self.context.documents.default
        if document and self._unnamed and len(self._unnamed) < len(rows):
            first, count = self._unnamed[0], len(self._unnamed)
            values = {"document": document.code, "count": count}
            self._say(first, "row_document_left_out", Severity.TO_CONFIRM, Field.ASSIGNING_DOC, **values)

    def _task(self, row: WrittenRow, number: str) -> TaskRow | None:
        document = self._document(row)
        if document is None:
            return None
        lead, due, given = self._understood(row, document)
        task, product, coordinating = (row.texts.get(field_, "") for field_ in _AS_WRITTEN)
        if not task:
            self._say(row, "task_without_words", Severity.TO_CONFIRM, Field.TASK)
        words = (row.section, task, product, lead, coordinating, due)
        digest = digest_of(*words, given.digest)
        place = (row.place, row.row, row.moved)
        assigned = (given.assignments, given.stages, row.stated.name if row.stated else "")
        return TaskRow(document, number, *words, *given.stated, *place, digest, *assigned)

    def _understood(self, row: WrittenRow, document: DocumentRef) -> tuple[str, str, _Given]:
        """Return the texts of the row's lead and deadline and what they give; those without a doubt are read once."""
        written = (row.texts.get(Field.LEAD), row.texts.get(Field.DEADLINE), document)
        settled = self._settled.get(written)
        if settled is not None:
            return settled
        said = len(self.problems)
        reading, deadline = self._lead(row, document), self._deadline(row, document)
        given = self._given.get((reading.text, deadline.text, document))
        if given is None:
            given = self._given[reading.text, deadline.text, document] = _given(reading, deadline, document)
        understood = (reading.text, deadline.text, given)
        # A first of the month is a doubt or none by the kind of its cell, which its text does not tell.
        if len(self.problems) == said and not (deadline.due_on and deadline.due_on.day == 1):
            self._settled[written] = understood
        return understood

    def _document(self, row: WrittenRow) -> DocumentRef | None:
        text = row.texts.get(Field.ASSIGNING_DOC, "")
        if self.context.documents.default and not (text or row.texts.get(Field.ASSIGNED_DATE)):
            self._unnamed += [row] if Field.ASSIGNING_DOC in row.texts else ()
            return self.context.documents.default
        try:
            day = read_day(row.values.get(Field.ASSIGNED_DATE, ""))
        except ImpossibleDayError:
            self._say(row, "impossible_date", Severity.STOPS, Field.ASSIGNED_DATE)
            return None
        document = self.context.documents.of_row(text, day)
        self.problems += row_doubts(row, self.context.documents, day)
        if document is None and text:
            self._say(row, "row_document_without_date", Severity.STOPS, Field.ASSIGNING_DOC)
        elif document is None and not any(problem.code == "no_document" for problem in self.problems):
            self.problems.append(stops("no_document"))
        return document

    def _lead(self, row: WrittenRow, document: DocumentRef) -> LeadReading:
        """Return who the lead cell names; without a lead column, the agency the caller named."""
        reader = self.context.leads(document.issued_on)
        if Field.LEAD not in row.texts and self.context.agency:
            return reader.read(self.context.register.by_code()[self.context.agency].name_vi)
        reading = reader.read(row.texts.get(Field.LEAD, ""))
        if reading.holders and not reading.former:
            return reading
        names = self.context.register.by_code()
        for former in reading.former:
            successor = names[former.successor].name_vi if former.successor else ""
            code = "former_agency_split" if former.split else "former_agency"
            self._say(
                row, code, Severity.TO_CONFIRM, Field.LEAD, former=names[former.code].name_vi, successor=successor
            )
        if not reading.holders and not reading.former:
            self._say(row, "no_accountable_lead", Severity.TO_CONFIRM, Field.LEAD)
        return reading

    def _deadline(self, row: WrittenRow, document: DocumentRef) -> Deadline:
        text = row.texts.get(Field.DEADLINE, "")
        key = (text, document.issued_on)
        if key not in self._deadlines:
            calendar = self.context.calendar
            self._deadlines[key] = read_deadline(text, document_on=document.issued_on, calendar=calendar)
        deadline = self._deadlines[key]
        if deadline.problem == "impossible_date":
            self._say(row, "impossible_date", Severity.STOPS, Field.DEADLINE)
        elif deadline.problem in _TO_CONFIRM_PROBLEMS:
            self._say(row, str(deadline.problem), Severity.TO_CONFIRM, Field.DEADLINE)
        elif deadline.needs_confirmation or _may_be_a_month(row.values.get(Field.DEADLINE, ""), deadline):
            read_as = f"{deadline.due_on:%d/%m/%Y}" if deadline.due_on else deadline.kind.value
            self._say(row, "deadline_to_confirm", Severity.TO_CONFIRM, Field.DEADLINE, read_as=read_as)
        return deadline

    def _once_each(self, tasks: Sequence[TaskRow]) -> Iterator[TaskRow]:
        """Yield each task once; the same number again is a note when the row is the same, and stops when it is not.

        Different work under the numbers of another sheet stops once for the sheet.
        """
        first: dict[tuple[str, str], TaskRow] = {}
        again: dict[tuple[str, str], list[TaskRow]] = {}
        for task in tasks:
            kept = first.setdefault(task.key, task)
            if kept is task:
                yield task
                continue
            if kept.sheet != task.sheet and kept.digest != task.digest:
                again.setdefault((task.sheet, kept.sheet), []).append(task)
                continue
            severity = Severity.NOTE if kept.digest == task.digest else Severity.STOPS
            values = {"first_row": kept.row, "first_sheet": kept.sheet}
            self.problems.append(Problem("duplicate_row", severity, task.sheet, task.row, None, task.number, values))
        for (sheet, first_sheet), repeated in again.items():
            found = shown(", ".join(task.number for task in repeated[:_NUMBERS_SHOWN]))
            values = {"first_sheet": first_sheet, "count": len(repeated)}
            row = repeated[0].row
            self.problems.append(Problem("numbers_begin_again", Severity.STOPS, sheet, row, None, found, values))

    def _say(self, row: WrittenRow, code: str, severity: Severity, column: Field, **values: Any) -> None:
        self.problems.append(row.problem(code, severity, column, **values))


def _given(reading: LeadReading, deadline: Deadline, document: DocumentRef) -> _Given:
    problem = None if deadline.problem is None else str(deadline.problem)
    queue = None if reading.holders else NO_ACCOUNTABLE_LEAD
    stated = (deadline.kind.value, deadline.recurrence, problem, deadline.needs_confirmation, queue)
    assignments = tuple(_assignments(reading, deadline, document))
    digest = digest_of(deadline.kind.value, deadline.problem, queue, assignments)
    return _Given(stated, assignments, digest, deadline.stages)


def _assignments(reading: LeadReading, deadline: Deadline, document: DocumentRef) -> Iterator[AssignmentRow]:
    """Yield one assignment per holder, and per period when the duty recurs.

    Through the document's year and at least the first one; `models.periods` goes on from there.
    """
    periods = [("", document.issued_on, deadline.due_on)]
    nature = deadline.nature
    if deadline.is_recurring:
        through = max(date(document.issued_on.year, 12, 31), deadline.due_on or date.min)
        found = occurrences(deadline, document_on=document.issued_on, through=through)
        periods = [(o.period, max(o.starts_on, document.issued_on), o.due_on) for o in found] or periods
        nature = Nature.DATED if found else nature
    for holder in reading.holders:
        for period, counts_from, due_on in periods:
            yield AssignmentRow(holder.agency, period, nature, counts_from, due_on, holder.collective, reading.several)


def _may_be_a_month(value: Value, deadline: Deadline) -> bool:
    """Whether a real date on the first of a month may stand for the month: the sheet's date format is not read."""
    return isinstance(value, datetime | date) and value.day == 1 and deadline.kind is DeadlineKind.DATE
