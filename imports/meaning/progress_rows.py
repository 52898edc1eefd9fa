"""Rows of a progress workbook → what an agency declared: done or not, its evidence, its obstacles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from imports.layout.headings import PROGRESS, Field
from imports.layout.rows import WrittenRow
from imports.meaning.context import Context
from imports.meaning.day_order import month_first_doubts
from imports.meaning.days import ImpossibleDayError, names_impossible_day, read_day
from imports.meaning.declared_rows import DeclaredReader
from imports.meaning.digests import digest_of
from imports.meaning.documents import DocumentRef, row_doubts, same_number
from imports.meaning.raised import RAISES, AskedExtension, RaisedObstacle, RaisedReader, said, tells
from imports.meaning.sections import number_in_section, said_done
from imports.problem import Problem, Severity, stops
from rules.evidence import EvidenceReference, find_evidence
from rules.leads import LeadReading
from rules.register import AgencyKind

_TOLD = PROGRESS | RAISES
_DAYS = (Field.COMPLETED_DATE, Field.NEEDED_BY, Field.EXTENSION)
# The columns a report is read from.
REPORTS = _TOLD | {
    Field.SEQ,
    Field.TASK_CODE,
    Field.REFERENCE,
    Field.TASK,
    Field.LEAD,
    Field.DEADLINE,
    Field.ASSIGNING_DOC,
    Field.ADDRESSED_TO,
    Field.NEEDED_BY,
    Field.EXTENSION_REASON,
}


@dataclass(frozen=True)
class ProgressRow:
    """What one row reports about one task of one agency, or of several when a summary names them.

    `named` says that the row itself named them; else they are the agency whose workbook it is. `reference` is the code
    a template gave the row; it goes before number and text. `text` is the task as the row words it, `period_text` its
    cell of deadlines, `number_in_section` its number where each group counts anew. `declared_done` is None when it says
    nothing of completion, `reported_on` when the row itself names no day: it is then that of the whole workbook.
    """

    document: DocumentRef
    number: str
    text: str
    period_text: str
    agencies: tuple[str, ...]
    named: bool
    declared_done: bool | None
    declared_text: str
    declared_completed_on: date | None
    result_text: str
    evidence_text: str
    evidence_number: str | None
    evidence_on: date | None
    difficulty: str
    proposal: str
    sheet: str
    row: int
    cells: dict[str, str]
    digest: str
    reference: str = ""
    obstacle: RaisedObstacle | None = None
    extension: AskedExtension | None = None
    number_in_section: str = ""
    reported_on: date | None = None

    def reports_on(self, reported_on: date) -> date:
        """Return the day that says which period of a recurring task the row is about."""
        return self.evidence_on or self.declared_completed_on or reported_on


@dataclass
class ReportReader:
    """Reads the rows of progress workbooks; `problems` grows as it goes."""

    context: Context
    agency: str | None
    reported_on: date
    problems: list[Problem] = field(default_factory=list)

    @cached_property
    def _raised(self) -> RaisedReader:
        return RaisedReader(self.context, self.reported_on, self.problems)

    def read(self, rows: Sequence[WrittenRow]) -> list[ProgressRow]:
        """Return what `rows` report; a row that reports nothing yet is left out with a note."""
        declared = DeclaredReader(rows, self.problems)
        read = [self._progress(row, declared) for row in rows if self._tells(row)]
        self.problems += [*month_first_doubts(rows, _DAYS), *said_done(rows)]
        return [row for row in read if row]

    def _tells(self, row: WrittenRow) -> bool:
        states = row.stated is not None and row.stated.done is not None
        if states or any(row.texts.get(field_) for field_ in PROGRESS) or tells(row):
            return True
        self._say(row, "nothing_reported", Severity.NOTE, Field.SEQ, row.number)
        return False

    def _progress(self, row: WrittenRow, says: DeclaredReader) -> ProgressRow | None:
        document = self._document(row)
        agencies, named = self._agencies(row, document)
        if document is None or not agencies:
            return None
        number, on = self._evidence(row, document)
        completed_on = self._completed_on(row, document)
        done, declared = self._declared(row, says, has_proof=number is not None or completed_on is not None)
        if done and not (number and on):
            self._say(row, "declared_without_evidence", Severity.NOTE, Field.EVIDENCE)
        result, evidence_text = row.texts.get(Field.RESULT_NOW, ""), row.texts.get(Field.EVIDENCE, "")
        texts = [result, evidence_text, said(row, Field.DIFFICULTY), said(row, Field.PROPOSAL)]
        obstacle, extension = self._raised.obstacle(row), self._raised.extension(row, document)
        raised = [one.digest for one in (obstacle, extension) if one]
        return ProgressRow(
            document=document,
            number=row.number,
            text=row.texts.get(Field.TASK, ""),
            period_text=row.texts.get(Field.DEADLINE, ""),
            agencies=agencies,
            named=named,
            declared_done=done,
            declared_text=declared,
            declared_completed_on=completed_on,
            result_text=result,
            evidence_text=evidence_text,
            evidence_number=number,
            evidence_on=on,
            difficulty=texts[2],
            proposal=texts[3],
            sheet=row.sheet,
            row=row.row,
            cells=row.cells,
            digest=digest_of(done, declared, completed_on, *texts, number, on, *raised),
            reference=row.texts.get(Field.REFERENCE, ""),
            obstacle=obstacle,
            extension=extension,
            number_in_section=number_in_section(row),
            reported_on=row.stated.reported_on if row.stated else None,
        )

    def _declared(self, row: WrittenRow, says: DeclaredReader, *, has_proof: bool) -> tuple[bool | None, str]:
        if row.stated and row.stated.done is not None:
            return row.stated.done, row.texts.get(Field.STATUS) or row.texts.get(Field.PROGRESS_PCT, "")
        return says.declared(row, has_proof=has_proof)

    def _document(self, row: WrittenRow) -> DocumentRef | None:
        document = self.context.documents.of_row(row.texts.get(Field.ASSIGNING_DOC, ""), None)
        self.problems += row_doubts(row, self.context.documents, None)
        if document is None and row.texts.get(Field.ASSIGNING_DOC):
            self._say(row, "row_document_unknown", Severity.STOPS, Field.ASSIGNING_DOC)
        elif document is None and not any(problem.code == "no_document" for problem in self.problems):
            self.problems.append(stops("no_document"))
        return document

    def _agencies(self, row: WrittenRow, document: DocumentRef | None) -> tuple[tuple[str, ...], bool]:
        """Return on whose behalf the row reports, and whether the row itself names them.

        A row that names several, or a collective, speaks for all of them only in a summary by somebody else: the
        report of one member is its own.
        """
        if row.stated:
            self._ask_about_another(row, row.stated.agency)
            return (row.stated.agency,), True
        if document is not None and row.texts.get(Field.LEAD):
            reading = self.context.leads(document.issued_on).read(row.texts[Field.LEAD])
            holders = tuple(holder.agency for holder in reading.holders)
            if len(holders) == 1:
                self._ask_about_another(row, holders[0])
                return holders, True
            if holders and self.agency not in holders and self._may_speak_for_all(row, reading):
                return holders, True
        if self.agency is None and not any(problem.code == "no_agency" for problem in self.problems):
            self.problems.append(stops("no_agency"))
        return (self.agency,) if self.agency else (), False

    def _ask_about_another(self, row: WrittenRow, holder: str) -> None:
        """Ask when the row is about another agency than the reporter, unless the reporter took over from it."""
        if self.agency not in {None, holder, self._successors.get(holder)}:
            self._ask_about_others(row)

    @cached_property
    def _successors(self) -> Mapping[str, str]:
        return self.context.register.accountable(self.reported_on)

    def _may_speak_for_all(self, row: WrittenRow, reading: LeadReading) -> bool:
        if self.agency is None:
            return not reading.collectives
        self._ask_about_others(row)
        return True

    def _ask_about_others(self, row: WrittenRow) -> None:
        reporter = self.context.register.by_code().get(self.agency or "")
        if reporter is not None and reporter.kind is not AgencyKind.STEERING:
            self._say(row, "reported_for_others", Severity.TO_CONFIRM, Field.LEAD)

    def _evidence(self, row: WrittenRow, document: DocumentRef) -> tuple[str | None, date | None]:
        """Return the number and date of the document that proves the result: of several, the last one dated.

        The document that assigned the work proves nothing about it.
        """
        text = row.texts.get(Field.EVIDENCE, "")
        cited = [reference for reference in find_evidence(text) if not assigns(reference, document)]
        if not cited:
            return None, None
        last = max(cited, key=lambda reference: reference.on or date.min)
        if last.on is None and names_impossible_day(text):
            self._say(row, "impossible_date", Severity.STOPS, Field.EVIDENCE)
        if last.on and not document.issued_on <= last.on <= self.reported_on:
            self._say(row, "evidence_day_to_confirm", Severity.TO_CONFIRM, Field.EVIDENCE, day=f"{last.on:%d/%m/%Y}")
        return f"{last.number}/{last.sign}", last.on

    def _completed_on(self, row: WrittenRow, document: DocumentRef) -> date | None:
        value = row.values.get(Field.COMPLETED_DATE, "")
        try:
            day = read_day(value)
        except ImpossibleDayError:
            self._say(row, "impossible_date", Severity.STOPS, Field.COMPLETED_DATE)
            return None
        if day is None and row.texts.get(Field.COMPLETED_DATE):
            self._say(row, "unknown_day", Severity.TO_CONFIRM, Field.COMPLETED_DATE)
        if day and day > self.reported_on:
            values = {"day": f"{day:%d/%m/%Y}", "report": f"{self.reported_on:%d/%m/%Y}"}
            self._say(row, "completed_day_to_confirm", Severity.TO_CONFIRM, Field.COMPLETED_DATE, **values)
        elif day and day < document.issued_on:
            values = {"day": f"{day:%d/%m/%Y}", "document": document.code, "issued": f"{document.issued_on:%d/%m/%Y}"}
            self._say(row, "completed_before_assigned", Severity.TO_CONFIRM, Field.COMPLETED_DATE, **values)
        return day

    def _say(
        self, row: WrittenRow, code: str, severity: Severity, column: Field, found: str | None = None, **values: Any
    ) -> None:
        self.problems.append(row.problem(code, severity, column, found, **values))


def assigns(cited: EvidenceReference, document: DocumentRef) -> bool:
    """Whether the document cited is the one that assigned the work."""
    same = same_number(f"{cited.number}/{cited.sign}") == same_number(document.code)
    return same and (cited.on is None or cited.on.year == document.issued_on.year)
