"""The items of an open file → rows as written, as those of a workbook, so that the same checks are made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Protocol

from imports.layout.accounting import account
from imports.layout.headings import Field
from imports.layout.written import Written
from imports.layout.written_row import NOTHING, Place, Stated, WrittenRow
from imports.problem import Problem, Severity
from imports.reading.cells import Value, cell_text
from imports.reading.open_file import OpenFile
from models.open_forms import OpenAssignment, OpenKind, OpenProgress
from rules.evidence import find_evidence
from rules.register import Register

_WORDS = ("section", "task", "product", "lead_text", "coordinating_text", "deadline_text", "document_issued_on")
_COLUMNS = {
    OpenKind.ASSIGNMENTS: {
        Field.SEQ: "number",
        Field.GROUP: "section",
        Field.TASK: "task",
        Field.PRODUCT: "product",
        Field.LEAD: "lead_text",
        Field.COORDINATING: "coordinating_text",
        Field.DEADLINE: "deadline_text",
        Field.ASSIGNING_DOC: "document",
    },
    OpenKind.PROGRESS: {
        Field.REFERENCE: "assignment",
        Field.STATUS: "status_text",
        Field.PROGRESS_PCT: "percent",
        Field.RESULT_NOW: "result",
        Field.EVIDENCE: "evidence_text",
        Field.COMPLETED_DATE: "completed_on",
        Field.DIFFICULTY: "difficulty",
        Field.PROPOSAL: "proposal",
        Field.ADDRESSED_TO: "addressed_to",
        Field.NEEDED_BY: "needed_by",
        Field.EXTENSION: "asked_due_on",
        Field.EXTENSION_REASON: "asked_reason",
    },
}


class Known(Protocol):
    """What the store knows of an assignment's code."""

    @property
    def document(self) -> str:
        """The number of its document."""

    @property
    def number(self) -> str:
        """The number of its task there."""

    @property
    def agency(self) -> str:
        """The agency it was assigned to."""


class OpenRows:
    """Makes the rows of an open file; `written` has them, `groups` the items of each row of work, by its number."""

    def __init__(self, file: OpenFile, register: Register, known: Mapping[str, Known], today: date) -> None:
        """Take the file, and what the store knows of the codes in it."""
        self.file, self.register, self.known, self.today = file, register, known, today
        columns = {each: file.columns[name] for each, name in _COLUMNS[file.kind].items() if name in file.columns}
        self.place = Place(file.sheet, columns)
        self.written = Written(reports_progress=file.kind is OpenKind.PROGRESS)
        self.groups: dict[int, list[tuple[int, OpenAssignment]]] = {}
        self._make()

    def by_day(self) -> dict[date, list[WrittenRow]]:
        """Return the rows of reports by the day they are of, the first day first."""
        days: dict[date, list[WrittenRow]] = {}
        for row in self.written.rows:
            if row.stated and row.stated.reported_on:
                days.setdefault(row.stated.reported_on, []).append(row)
        return dict(sorted(days.items()))

    @property
    def last_day(self) -> date | None:
        """Return the last day some row reports on; None without reports."""
        return max(self.by_day(), default=None)

    def _make(self) -> None:
        if self.file.answered:
            found = ", ".join(name for name in self.file.columns if name in self.file.answered)
            self.written.problems.append(Problem("open_not_taken", Severity.NOTE, self.file.sheet, found=found))
        first: dict[tuple[str, str], int] = {}
        for row, item in self.file.items:
            if isinstance(item, OpenAssignment):
                self.groups.setdefault(first.setdefault((item.document, item.number), row), []).append((row, item))
            else:
                self._report(row, item)
        for row, items in self.groups.items():
            self._work(row, items)
        filled = [row for row, _ in self.file.items]
        self.written.accounting = (account(self.file.sheet, filled, filled, {}),) if filled else ()

    def _work(self, row: int, items: Sequence[tuple[int, OpenAssignment]]) -> None:
        """Make one row of the assignments of a task."""
        item = items[0][1]
        for at, other in items[1:]:
            differs = next((name for name in _WORDS if getattr(other, name) != getattr(item, name)), None)
            if differs:
                self._complain(
                    "open_words_differ", at, differs, getattr(other, differs), first=self.file.place(row, differs)
                )
        texts = {
            Field.SEQ: item.number,
            Field.GROUP: item.section,
            Field.TASK: item.task,
            Field.PRODUCT: item.product,
            Field.LEAD: item.lead_text or self._names(items),
            Field.COORDINATING: item.coordinating_text,
            Field.DEADLINE: item.deadline_text or self._due_day(items),
            Field.ASSIGNING_DOC: item.document,
        }
        self._add(row, item.number, item.section, texts, Stated(name=item.first_number))

    def _names(self, items: Sequence[tuple[int, OpenAssignment]]) -> str:
        """Return the names of the agencies the items name by their codes."""
        agencies, names = self.register.by_code(), []
        for row, item in items:
            if item.lead in agencies:
                names.append(agencies[item.lead].name_vi)
            else:
                self._complain("open_unknown_agency", row, "lead", item.lead)
        return "; ".join(dict.fromkeys(names))

    def _due_day(self, items: Sequence[tuple[int, OpenAssignment]]) -> str:
        """Return the due day all items have, where no words say the deadline."""
        day = items[0][1].original_due_on
        for row, item in items:
            if item.period or item.original_due_on != day:
                self._complain("open_deadline_without_words", row, "deadline_text", item.period or item.original_due_on)
        return cell_text(day) if day else ""

    def _report(self, row: int, item: OpenProgress) -> None:
        known = self.known.get(item.assignment)
        if known is None:
            self._complain("open_unknown_code", row, "assignment", item.assignment)
            return
        if item.reported_on > self.today:
            self._complain("open_day_to_come", row, "reported_on", item.reported_on)
            return
        values: dict[Field, Value | None] = {
            Field.SEQ: known.number,
            Field.ASSIGNING_DOC: known.document,
            Field.REFERENCE: item.assignment,
            Field.STATUS: item.status_text,
            Field.PROGRESS_PCT: "" if item.percent is None else _share(item.percent),
            Field.RESULT_NOW: item.result,
            Field.EVIDENCE: self._evidence(row, item),
            Field.COMPLETED_DATE: item.completed_on,
            Field.DIFFICULTY: item.difficulty,
            Field.PROPOSAL: item.proposal,
            Field.ADDRESSED_TO: item.addressed_to,
            Field.NEEDED_BY: item.needed_by,
            Field.EXTENSION: item.asked_due_on,
            Field.EXTENSION_REASON: item.asked_reason,
        }
        given = {name: value for name, value in values.items() if value is not None}
        stated = Stated(agency=known.agency, reported_on=item.reported_on, done=item.done)
        self._add(row, known.number, "", {name: cell_text(value) for name, value in given.items()}, stated, given)

    def _evidence(self, row: int, item: OpenProgress) -> str:
        """Return the evidence in words: number and day are added to words that do not give them.

        A day stated alone is that of the one document cited. Words go first: another day is asked about.
        """
        cited: dict[str, set[date]] = {}
        for each in find_evidence(item.evidence_text):
            cited.setdefault(f"{each.number}/{each.sign}", set()).update({each.on} if each.on else ())
        number = item.evidence_number or (next(iter(cited)) if len(cited) == 1 else "")
        worded = cited.get(number, set()) if number else set().union(*cited.values())
        if item.evidence_on and item.evidence_on not in worded and (worded or not number):
            doubt = self.file.problem("open_evidence_day_differs", row, "evidence_on", cell_text(item.evidence_on))
            self.written.problems.append(replace(doubt, severity=Severity.TO_CONFIRM))
        if not number or worded or (number in cited and not item.evidence_on):
            return item.evidence_text
        added = f"{number} ngày {cell_text(item.evidence_on)}" if item.evidence_on else number
        if not find_evidence(added):
            self._complain("open_evidence_not_a_number", row, "evidence_number", number)
        return f"{item.evidence_text}\n{added}".strip()

    def _add(
        self, row: int, number: str, section: str, texts: dict[Field, str], stated: Stated,
        given: Mapping[Field, Value] | None = None,
    ) -> None:  # fmt: skip
        line = self.file.rows[row - 1]
        values = texts if given is None else given
        self.written.rows.append(WrittenRow(self.place, row, number, section, texts, line, values, NOTHING, stated))

    def _complain(self, code: str, row: int, name: str, found: object, **values: object) -> None:
        self.written.problems.append(self.file.problem(code, row, name, found, **values))


def _share(percent: float) -> str:
    """Return a percentage with every digit it has: rounded, almost done would be done."""
    return f"{Decimal(str(percent)).normalize():f}%"
