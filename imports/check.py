"""`check_workbook`: the preview. It reads the store and writes nothing; recording takes exactly what was checked."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlmodel import Session

from imports.collecting import collector_at_rest
from imports.layout.accounting import SheetAccount
from imports.layout.corrections import by_agency
from imports.layout.open_rows import OpenRows
from imports.layout.written import ReadWith, Written, read_written
from imports.meaning.assignment_rows import AnnexReader, TaskRow
from imports.meaning.context import Context
from imports.meaning.documents import Documents, documents_of_sections, other_documents, workbook_document
from imports.meaning.fields_read import fields_read
from imports.meaning.indicator_rows import IndicatorReader, IndicatorRow, beside_tasks
from imports.meaning.indicator_values import IndicatorValueReader, IndicatorValueRow
from imports.meaning.open_doubts import open_doubts
from imports.meaning.progress_rows import ProgressRow, ReportReader
from imports.opened import only_one, open_reports, opened_rows
from imports.problem import Problem, Severity, stopping, stops
from imports.reading.reader import read_workbook
from imports.reading.secrecy import secret_marks
from imports.storing.annex_changes import Sender, compare_tasks
from imports.storing.changes import Changes, Comparison, compare_progress, with_measures
from imports.storing.measures import compare_indicators, compare_values
from imports.storing.same_file import Answered, Asked, answered_before, request_digest
from imports.storing.stamp import Stamp, stamp_of
from imports.storing.stored import known_documents, live_batch
from models.mappings import newest_mappings
from models.reference import calendar_of, layouts_of, register_of
from models.store import Store
from rules.register import Register

_NOTHING = Changes()


class WorkbookKind(StrEnum):
    """Whether a workbook gives work or reports on it."""

    ASSIGNMENTS = "assignments"
    PROGRESS = "progress"


@dataclass(frozen=True)
class Check:
    """What a workbook says, what it would change, and everything wrong with it.

    `rows` counts the rows understood; new + changed + unchanged is their number, `gone` counts tasks of the earlier
    workbook that are missing. `assignments` counts the assignments an annex gives, periods included. `already` is
    the live batch of exactly these bytes. `reason` is the one given for changing deadlines, `request` the digest of
    all that was asked. `comparison` is what recording rests on, found when the store stood at `stamp`. Of a file that
    need not be read again, `before` is what was answered when it was recorded. `accounting` says of each sheet where
    its rows went. What an `excerpt` (an open file) leaves out is not gone.
    """

    name: str
    sha256: str
    kind: WorkbookKind | None = None
    agency: str | None = None
    document: str | None = None
    reported_on: date | None = None
    problems: tuple[Problem, ...] = ()
    tasks: tuple[TaskRow, ...] = ()
    progress: tuple[ProgressRow, ...] = ()
    indicators: tuple[IndicatorRow, ...] = ()
    values: tuple[IndicatorValueRow, ...] = ()
    changes: Changes = field(default_factory=Changes)
    already: int | None = None
    accounting: tuple[SheetAccount, ...] = ()
    reason: str = ""
    request: str = ""
    before: Answered | None = None
    excerpt: bool = False
    comparison: Comparison | None = field(default=None, compare=False, repr=False)
    stamp: Stamp | None = field(default=None, compare=False, repr=False)

    @property
    def stops(self) -> bool:
        """Whether some problem refuses the whole workbook."""
        return stopping(self.problems)

    @property
    def is_secret(self) -> bool:
        """Whether a row is marked secret: then nothing of the file may be kept anywhere."""
        return any(problem.code in {"secret_row", "secret_mark"} for problem in self.problems)

    @property
    def rows(self) -> int:
        """Count the rows understood."""
        if self.before:
            return self.before.rows
        return len(self.tasks) + len(self.progress) + len(self.indicators) + len(self.values)

    @property
    def new(self) -> int:
        """Count the rows with something the store does not have."""
        fresh = {id(entry.row) for entry in self.changes.progress if not entry.replaces}
        return len(self.changes.new) + len(fresh) + self.changes.measures.new

    @property
    def changed(self) -> int:
        """Count the rows that differ from what the store has."""
        fresh = {id(entry.row) for entry in self.changes.progress if not entry.replaces}
        replacing = {id(entry.row) for entry in self.changes.progress if entry.replaces} - fresh
        return len(self.changes.changed) + len(replacing) + self.changes.measures.changed

    @property
    def unchanged(self) -> int:
        """Count the rows the store already has."""
        return self.changes.unchanged + self.changes.measures.unchanged

    @property
    def gone(self) -> int:
        """Count the tasks an earlier workbook of the same list had and this one has not."""
        return len(self.changes.gone)

    @property
    def assignments(self) -> int:
        """Count the assignments the rows give."""
        if self.before:
            return self.before.assignments
        return sum(len(task.assignments) for task in self.tasks)

    @property
    def raised(self) -> dict[str, int]:
        """Count, by kind, the rows that raise something beside tasks and progress, whether it is new or not."""
        if self.before:
            return dict(self.before.raised)
        return {
            "obstacles": sum(row.obstacle is not None for row in self.progress),
            "extension_requests": sum(row.extension is not None for row in self.progress),
            "indicators": len(self.indicators),
            "indicator_values": len(self.values),
        }


@collector_at_rest()
def check_workbook(
    content: bytes,
    *,
    name: str,
    store: Store,
    today: date,
    agency: str | None = None,
    document: str | None = None,
    document_date: date | None = None,
    reason: str | None = None,
) -> Check:
    """Read a workbook and compare it with the store. Whatever the bytes are, the answer is a value.

    `agency` is a code, for workbooks that do not say whose they are; `document` and `document_date` go before what
    the title block says. `reason` says why deadlines stored before change: without one, such a change stops.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    asked = Asked(name, agency, document, document_date, " ".join((reason or "").split()))
    with store.reading() as session:
        request = request_digest(session, sha256, asked, today)
        before = answered_before(session, request)
    if before:
        return _again(Check(name, sha256, reason=asked.reason, request=request, before=before))
    workbook = read_workbook(content, name=name)
    secret = secret_marks(workbook, name)
    if secret or stopping(workbook.problems):
        return Check(name, sha256, problems=tuple(secret or workbook.problems))
    with store.reading() as session:
        register = register_of(session)
        unknown = _unknown_agency(agency, register)
        if unknown:
            return Check(name, sha256, problems=(unknown,))
        known = known_documents(session)
        if workbook.open:
            opened, context = opened_rows(session, workbook, register, known, today, agency)
            excerpt = Check(name, sha256, reason=asked.reason, request=request, excerpt=True)
            return _Checker(session, context, opened.written, opened).check(excerpt)
        corrections = by_agency(newest_mappings(session))
        given = ReadWith(register, today, layouts_of(session), fields_read, agency, corrections)
        written = read_written(workbook.sheets, given)
        written.problems[:0] = workbook.problems
        reference, found = workbook_document(
            written.title,
            known,
            code=document,
            issued_on=document_date,
            must_be_known=written.reports_progress or bool(written.indicators and not written.rows),
        )
        written.problems.extend(found)
        if document is None and reference is not None:
            written.problems.extend(other_documents(reference.code, written.named_above))
            written.problems.extend(documents_of_sections(reference.code, written.rows))
        documents = Documents(known, reference)
        context = Context(register, calendar_of(session), documents, today, agency)
        return _Checker(session, context, written).check(Check(name, sha256, reason=asked.reason, request=request))


def _again(check: Check) -> Check:
    """Return the check of a file that need not be read again: everything is as it was recorded."""
    before = check.before
    assert before is not None
    return _with(
        check,
        kind=WorkbookKind(before.kind),
        agency=before.agency,
        document=before.document,
        reported_on=before.reported_on,
        problems=before.problems,
        changes=Changes(unchanged=before.rows),
        accounting=before.accounting,
        already=before.batch,
    )


def compared(session: Session, check: Check) -> Comparison:
    """Compare what was checked with the store as it is in `session`."""
    if check.kind is WorkbookKind.PROGRESS and check.reported_on:
        register = register_of(session)
        work = compare_progress(session, check.progress, register, check.reported_on)
        return with_measures(work, compare_values(session, check.values, register))
    work = compare_tasks(session, check.tasks, Sender(check.agency, check.reason, check.excerpt))
    return with_measures(work, compare_indicators(session, check.indicators))


class _Checker:
    """Understands the written rows and compares them, in one reading session."""

    def __init__(self, session: Session, context: Context, written: Written, opened: OpenRows | None = None) -> None:
        self.session, self.context, self.written, self.opened = session, context, written, opened

    def check(self, asked: Check) -> Check:
        context, written = self.context, self.written
        document = context.documents.default.code if context.documents.default else None
        asked = _with(asked, document=document, accounting=written.accounting)
        kind = WorkbookKind.PROGRESS if written.reports_progress else WorkbookKind.ASSIGNMENTS
        if stopping(written.problems):
            found = kind if written.rows else None
            return _with(asked, problems=tuple(written.problems), agency=context.agency, kind=found)
        read = self._report if kind is WorkbookKind.PROGRESS else self._annex
        check = read(_with(asked, kind=kind))
        comparison = compared(self.session, check)
        problems = (*written.problems, *check.problems, *comparison.problems)
        if stopping(problems):
            return _with(check, problems=problems, changes=_NOTHING)
        already = live_batch(self.session, check.sha256) if comparison.changes.nothing else None
        basis = {"comparison": comparison, "stamp": stamp_of(self.session)}
        return _with(check, problems=problems, changes=comparison.changes, already=already, **basis)

    def _annex(self, check: Check) -> Check:
        if self.written.rows and self.written.lacks_leads and self.context.agency is None:
            return _with(check, problems=(stops("no_agency"),))
        reader = AnnexReader(self.context)
        tasks = tuple(reader.read(self.written.rows))
        if self.opened:
            reader.problems += open_doubts(self.opened.file, self.opened.groups, tasks)
        agency = self.context.agency or only_one(each.agency for task in tasks for each in task.assignments)
        measures = IndicatorReader(self.context, reader.problems)
        indicators = tuple(measures.read(self.written.indicators, beside_tasks(self.written.rows, tasks)))
        return _with(check, tasks=tasks, indicators=indicators, agency=agency, problems=tuple(reader.problems))

    def _report(self, check: Check) -> Check:
        if self.opened:
            return self._open_report(check, self.opened)
        day = self.written.title.report_day
        problems = []
        if day is None or day.day is None or day.day > self.context.today:
            problems.append(_report_day_problem(day.text if day else "", self.context.today))
        reported_on = day.day if day and day.day else self.context.today
        agency, issuer = self.context.agency or self.written.title.issuer, self.written.title.issuer
        if issuer is not None and issuer != agency:
            found = self.context.register.by_code()[issuer].name_vi
            values = {"agency": agency}
            problems.append(Problem("agency_differs", Severity.TO_CONFIRM, found=found, values=values))
        reader = ReportReader(self.context, agency, reported_on)
        progress = tuple(reader.read(self.written.rows))
        measures = IndicatorValueReader(self.context, agency, reported_on, reader.problems)
        observed = tuple(measures.read([*self.written.indicators, *self.written.rows]))
        problems += reader.problems
        check = _with(check, progress=progress, values=observed, agency=agency, reported_on=reported_on)
        return _with(check, problems=tuple(problems))

    def _open_report(self, check: Check, opened: OpenRows) -> Check:
        progress, problems = open_reports(self.context, opened)
        told = {"progress": tuple(progress), "problems": tuple(problems), "reported_on": opened.last_day}
        return _with(check, **told, agency=self.context.agency or only_one(a for row in progress for a in row.agencies))


def _report_day_problem(found: str, today: date) -> Problem:
    code = "report_day_to_confirm" if found else "no_report_day"
    return Problem(code, Severity.TO_CONFIRM, found=found, values={"today": f"{today:%d/%m/%Y}"})


def _unknown_agency(agency: str | None, register: Register) -> Problem | None:
    return None if agency is None or agency in register.by_code() else stops("unknown_agency", agency)


def _with(check: Check, **values: object) -> Check:
    return Check(**{**vars(check), **values})
