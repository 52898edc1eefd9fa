"""`check_workbook`: the preview. It reads the store and writes nothing; recording takes exactly what was checked."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlmodel import Session

from imports.digests import content_digest
from imports.layout.written import Written, read_written
from imports.meaning.assignment_rows import AnnexReader, TaskRow
from imports.meaning.context import Context
from imports.meaning.documents import Documents, workbook_document
from imports.meaning.progress_rows import ProgressRow, ReportReader
from imports.problem import Problem, Severity, stops
from imports.reading.reader import Sheet, read_sheets
from imports.reading.secrecy import secret_rows
from imports.storing.changes import Changes, Comparison, compare_progress, compare_tasks
from imports.storing.stored import Scope, known_documents, live_batch, stem
from models.reference import calendar_of, register_of
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
    the live batch of exactly these bytes.
    """

    name: str
    sha256: str
    content_sha256: str = ""
    kind: WorkbookKind | None = None
    agency: str | None = None
    document: str | None = None
    reported_on: date | None = None
    problems: tuple[Problem, ...] = ()
    tasks: tuple[TaskRow, ...] = ()
    progress: tuple[ProgressRow, ...] = ()
    changes: Changes = field(default_factory=Changes)
    already: int | None = None

    @property
    def stops(self) -> bool:
        """Whether some problem refuses the whole workbook."""
        return any(problem.severity is Severity.STOPS for problem in self.problems)

    @property
    def rows(self) -> int:
        """Count the rows understood."""
        return len(self.tasks) + len(self.progress)

    @property
    def new(self) -> int:
        """Count the rows with something the store does not have."""
        fresh = {id(entry.row) for entry in self.changes.progress if not entry.replaces}
        return len(self.changes.new) + len(fresh)

    @property
    def changed(self) -> int:
        """Count the rows that differ from what the store has."""
        fresh = {id(entry.row) for entry in self.changes.progress if not entry.replaces}
        replacing = {id(entry.row) for entry in self.changes.progress if entry.replaces} - fresh
        return len(self.changes.changed) + len(replacing)

    @property
    def unchanged(self) -> int:
        """Count the rows the store already has."""
        return self.changes.unchanged

    @property
    def gone(self) -> int:
        """Count the tasks missing since the last workbook of the same scope."""
        return len(self.changes.gone)

    @property
    def assignments(self) -> int:
        """Count the assignments the rows give."""
        return sum(len(task.assignments) for task in self.tasks)

    @property
    def scope(self) -> Scope:
        """Return which earlier workbooks this one replaces."""
        return Scope(self.agency, stem(self.name))


def check_workbook(
    content: bytes,
    *,
    name: str,
    store: Store,
    today: date,
    agency: str | None = None,
    document: str | None = None,
    document_date: date | None = None,
) -> Check:
    """Read a workbook and compare it with the store. Whatever the bytes are, the answer is a value.

    `agency` is a code, for workbooks that do not say whose they are; `document` and `document_date` go before what
    the title block says.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    sheets, problem = read_sheets(content)
    secret = secret_rows(sheets)
    if problem or secret:
        # Of a workbook with a secret row nothing is kept, not even the digest of its content.
        return Check(name, sha256, problems=(problem,) if problem else tuple(secret))
    with store.reading() as session:
        register = register_of(session)
        unknown = _unknown_agency(agency, register)
        if unknown:
            return Check(name, sha256, content_digest(sheets), problems=(unknown,))
        known = known_documents(session)
        written = read_written(content, sheets, register, today)
        reference, found = workbook_document(
            written.title,
            known,
            code=document,
            issued_on=document_date,
            must_be_known=written.reports_progress,
        )
        written.problems.extend(found)
        documents = Documents(known, reference)
        context = Context(register, calendar_of(session), documents, today, agency)
        return _Checker(session, context, written).check(name, sha256, sheets)


def compared(session: Session, check: Check) -> Comparison:
    """Compare what was checked with the store as it is in `session`."""
    if check.kind is WorkbookKind.PROGRESS and check.reported_on:
        return compare_progress(session, check.progress, register_of(session), check.reported_on)
    return compare_tasks(session, check.tasks, check.scope)


class _Checker:
    """Understands the written rows and compares them, in one reading session."""

    def __init__(self, session: Session, context: Context, written: Written) -> None:
        self.session, self.context, self.written = session, context, written

    def check(self, name: str, sha256: str, sheets: Sequence[Sheet]) -> Check:
        context, written = self.context, self.written
        document = context.documents.default.code if context.documents.default else None
        common = {"name": name, "sha256": sha256, "content_sha256": content_digest(sheets), "document": document}
        if any(problem.severity is Severity.STOPS for problem in written.problems):
            return Check(**common, problems=tuple(written.problems), agency=context.agency)  # type: ignore[arg-type]
        kind = WorkbookKind.PROGRESS if written.reports_progress else WorkbookKind.ASSIGNMENTS
        read = self._report if kind is WorkbookKind.PROGRESS else self._annex
        check = read(Check(**common, kind=kind))  # type: ignore[arg-type]
        comparison = compared(self.session, check)
        problems = (*written.problems, *check.problems, *comparison.problems)
        refused = any(problem.severity is Severity.STOPS for problem in problems)
        already = live_batch(self.session, sha256) if comparison.changes.nothing else None
        changes = _NOTHING if refused else comparison.changes
        return _with(check, problems=problems, changes=changes, already=already)

    def _annex(self, check: Check) -> Check:
        if self.written.lacks_leads and self.context.agency is None:
            return _with(check, problems=(stops("no_agency"),))
        reader = AnnexReader(self.context)
        tasks = tuple(reader.read(self.written.rows))
        named = {assignment.agency for task in tasks for assignment in task.assignments}
        agency = self.context.agency or (next(iter(named)) if len(named) == 1 else None)
        return _with(check, tasks=tasks, agency=agency, problems=tuple(reader.problems))

    def _report(self, check: Check) -> Check:
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
        problems += reader.problems
        return _with(check, progress=progress, agency=agency, reported_on=reported_on, problems=tuple(problems))


def _report_day_problem(found: str, today: date) -> Problem:
    values = {"today": f"{today:%d/%m/%Y}"}
    code = "report_day_to_confirm" if found else "no_report_day"
    return Problem(code, Severity.TO_CONFIRM, found=found, values=values)


def _unknown_agency(agency: str | None, register: Register) -> Problem | None:
    return None if agency is None or agency in register.by_code() else stops("unknown_agency", agency)


def _with(check: Check, **values: object) -> Check:
    return Check(**{**vars(check), **values})
