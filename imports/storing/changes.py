"""What a workbook changes: its rows against what is stored. The comparison is the preview."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from imports.meaning.assignment_rows import TaskRow
from imports.meaning.named_periods import named_periods, period_alone
from imports.meaning.progress_rows import ProgressRow
from imports.problem import Problem, Severity, shown
from imports.storing.same_task import TaskWords
from imports.storing.stored import (
    Key,
    Scope,
    StoredAssignment,
    StoredTask,
    newest_progress,
    reported_assignments,
    scope_batches,
    stored_tasks,
)
from rules.register import Register

_WORDS = ("section", "text", "product", "lead_text", "coordinating_text", "deadline_text")


@dataclass(frozen=True)
class FieldChange:
    """One field of a task: as it was and as the workbook has it."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class ChangedTask:
    """A task whose words, dates or leads differ; `dropped` are the codes of assignments it no longer gives."""

    row: TaskRow
    fields: tuple[FieldChange, ...]
    dropped: tuple[str, ...]


@dataclass(frozen=True)
class GoneTask:
    """A task the earlier workbook of the same scope had and this one has not."""

    document: str
    number: str
    text: str


@dataclass(frozen=True)
class ReportedProgress:
    """A report to append: `replaces` says that the same day had another one about the same assignment."""

    assignment_id: int
    code: str
    row: ProgressRow
    reported_on: date
    replaces: bool


@dataclass(frozen=True)
class Changes:
    """Everything recording would do. Rows are counted, not assignments: new + changed + unchanged is all rows."""

    new: tuple[TaskRow, ...] = ()
    changed: tuple[ChangedTask, ...] = ()
    gone: tuple[GoneTask, ...] = ()
    progress: tuple[ReportedProgress, ...] = ()
    unchanged: int = 0

    @property
    def nothing(self) -> bool:
        """Whether recording would change nothing."""
        return not (self.new or self.changed or self.gone or self.progress)


@dataclass
class Comparison:
    """The changes, what the store held when they were found, and what cannot be matched."""

    changes: Changes
    stored: Mapping[Key, StoredTask]
    problems: list[Problem] = field(default_factory=list)


def compare_tasks(session: Session, rows: Sequence[TaskRow], scope: Scope) -> Comparison:
    """Compare the tasks of an annex with the store: new, changed, unchanged, gone."""
    stored = stored_tasks(session, {row.document.code for row in rows})
    new, changed, unchanged = [], [], 0
    for row in rows:
        task = stored.get(row.key)
        if task is None or task.revision is None:
            new.append(row)
        elif _is_same(row, task):
            unchanged += 1
        else:
            changed.append(_changed(row, task))
    gone = tuple(_gone(session, rows, stored, scope))
    return Comparison(Changes(tuple(new), tuple(changed), gone, unchanged=unchanged), stored)


def compare_progress(session: Session, rows: Sequence[ProgressRow], register: Register, on: date) -> Comparison:
    """Match the rows of a report of the day `on` with the assignments they are about."""
    codes = {row.document.code for row in rows}
    agencies = _concerned({agency for row in rows for agency in row.agencies}, register.accountable(on))
    matcher = _Matcher(stored_tasks(session, codes, agencies=agencies), register, on)
    reported = matcher.match(rows)
    if matcher.assumed:
        matcher.ask_about_periods(reported_assignments(session, codes) | reported.keys())
    known = newest_progress(session, codes, on)
    fresh = {id_: pair for id_, pair in reported.items() if known.get(id_) != pair[1].digest}
    progress = tuple(
        ReportedProgress(id_, assignment.code, row, on, id_ in known) for id_, (assignment, row) in fresh.items()
    )
    touched = {id(entry.row) for entry in progress}
    unchanged = sum(id(row) not in touched for row in rows)
    return Comparison(Changes(progress=progress, unchanged=unchanged), matcher.stored, matcher.problems)


def _concerned(agencies: set[str], successors: Mapping[str, str]) -> set[str]:
    """Return `agencies`, those whose work they took over and those who took over theirs."""
    formers = {former for former, successor in successors.items() if successor in agencies}
    return agencies | formers | {successors[agency] for agency in agencies & successors.keys()}


def _is_same(row: TaskRow, task: StoredTask) -> bool:
    assert task.revision is not None
    expected = {(assignment.agency, assignment.period) for assignment in row.assignments}
    return task.revision.digest == row.digest and task.standing.keys() == expected


def _changed(row: TaskRow, task: StoredTask) -> ChangedTask:
    old = task.revision
    fields = [FieldChange(name, getattr(old, name), getattr(row, name)) for name in _WORDS]
    expected = {(assignment.agency, assignment.period) for assignment in row.assignments}
    dropped = tuple(standing.code for key, standing in task.standing.items() if key not in expected)
    return ChangedTask(row, tuple(change for change in fields if change.old != change.new), dropped)


def _gone(
    session: Session, rows: Sequence[TaskRow], stored: Mapping[Key, StoredTask], scope: Scope
) -> Iterator[GoneTask]:
    """Yield the tasks missing since the last workbook of the scope; a list that shares none is another list."""
    batches = scope_batches(session, scope)
    listed = {
        key: task
        for key, task in stored.items()
        if task.revision is not None and task.revision.batch_id in batches and (task.standing or task.revision.queue)
    }
    here = {row.key for row in rows}
    if here & listed.keys():
        for key, task in listed.items():
            if key not in here and task.revision is not None:
                yield GoneTask(*key, task.revision.text)


@dataclass(frozen=True)
class _Assumed:
    """A report counted for the period `chosen` because of its day; `several` says that it names more than one."""

    row: ProgressRow
    before: StoredAssignment
    chosen: StoredAssignment
    several: bool


class _Matcher:
    """Finds the assignments a report's rows are about; the last row about one assignment counts."""

    def __init__(self, stored: Mapping[Key, StoredTask], register: Register, on: date) -> None:
        self.stored, self.on = stored, on
        self.successors = register.accountable(on)
        self.ended = {agency.code: agency.valid_to for agency in register.agencies if agency.code in self.successors}
        self.words = TaskWords(stored.values())
        self.problems: list[Problem] = []
        self.assumed: list[_Assumed] = []

    def match(self, rows: Iterable[ProgressRow]) -> dict[int, tuple[StoredAssignment, ProgressRow]]:
        found: dict[int, tuple[StoredAssignment, ProgressRow]] = {}
        for row in rows:
            for assignment in self._targets(row):
                earlier = found.pop(assignment.id, None)
                if earlier is not None:
                    self._complain_of_two(earlier[1], row)
                found[assignment.id] = (assignment, row)
        return found

    def _targets(self, row: ProgressRow) -> Iterator[StoredAssignment]:
        task = self.stored.get((row.document.code, row.number))
        for agency in row.agencies:
            if task is None or not self._holders(task, agency, row):
                self._complain_of_unknown(row, agency)
                continue
            meant = self._meant(row, task, agency)
            for holder in self._holders(meant, agency, row) if meant else ():
                yield self._of_period(meant or task, holder, row)

    def _meant(self, row: ProgressRow, numbered: StoredTask, agency: str) -> StoredTask | None:
        """Return the task of the agency the row's words name: its number alone may be that of another list."""
        meant = self.words.meant(row.text, numbered, lambda task: bool(self._holders(task, agency, row)))
        if meant is None:
            values = {"number": row.number, "stored": shown(numbered.text)}
            self._say(row, "task_text_differs", Severity.STOPS, shown(row.text), **values)
        elif meant is not numbered:
            values = {"number": meant.number, "stored": shown(meant.text)}
            self._say(row, "task_number_differs", Severity.TO_CONFIRM, row.number, **values)
        return meant

    def _holders(self, task: StoredTask, agency: str, row: ProgressRow) -> list[str]:
        """Return whose assignments the row is about: the agency's own, and those it took over from others.

        A row that names its agency is about that one's alone. What was proved before a merger proves nothing about
        the part of the body merged since.
        """
        has = {key[0] for key in task.standing}
        inherited = [former for former, successor in self.successors.items() if successor == agency and former in has]
        own = [agency] if agency in has else []
        if row.named and own:
            return own
        proved = [former for former in inherited if not self._proved_before(row, former)]
        successor = self.successors.get(agency)
        return own + proved or inherited or ([successor] if successor in has and successor else [])

    def _proved_before(self, row: ProgressRow, former: str) -> bool:
        ended = self.ended[former]
        return row.evidence_on is not None and ended is not None and row.evidence_on <= ended

    def _of_period(self, task: StoredTask, agency: str, row: ProgressRow) -> StoredAssignment:
        """Return the agency's assignment of the period the row names, else of the period of its day, or the nearest."""
        periods = sorted((a for a in task.standing.values() if a.agency == agency), key=lambda a: a.counts_from)
        if len(periods) == 1:
            return periods[0]
        named = self._named(task, row, [a for a in periods if a.counts_from <= self.on])
        if len(named) == 1:
            return named[0]
        begun = [assignment for assignment in periods if assignment.counts_from <= row.reports_on(self.on)]
        chosen = begun[-1] if begun else periods[0]
        if len(begun) > 1 and (row.declared_done or row.evidence_number):
            self.assumed.append(_Assumed(row, before=begun[-2], chosen=chosen, several=bool(named)))
        return chosen

    def _named(self, task: StoredTask, row: ProgressRow, periods: Sequence[StoredAssignment]) -> list[StoredAssignment]:
        """Return the assignments whose period the row names: as its deadline, in the task's words, or in the result."""
        given = named_periods(task.text)
        for names in (period_alone(row.period_text), named_periods(row.text) - given, named_periods(row.result_text)):
            found = [assignment for assignment in periods if assignment.period in names]
            if found:
                return found
        return []

    def ask_about_periods(self, reported: Collection[int]) -> None:
        """Ask about reports counted for a period by their day alone while the one before has none (ids `reported`)."""
        for assumed in self.assumed:
            if assumed.several or assumed.before.id not in reported:
                values = {"period": assumed.chosen.period, "before": assumed.before.period}
                self._say(assumed.row, "period_to_confirm", Severity.TO_CONFIRM, assumed.row.number, **values)

    def _complain_of_unknown(self, row: ProgressRow, agency: str) -> None:
        values = {"document": row.document.code, "agency": agency}
        place = (row.sheet, row.row, row.cells.get("seq", "").rstrip("0123456789") or None)
        self.problems.append(Problem("unknown_task", Severity.STOPS, *place, row.number, values))

    def _say(self, row: ProgressRow, code: str, severity: Severity, found: str, **values: object) -> None:
        column = row.cells.get("task", "").rstrip("0123456789") or None
        problem = Problem(code, severity, row.sheet, row.row, column, found, values)
        if problem not in self.problems:
            self.problems.append(problem)

    def _complain_of_two(self, first: ProgressRow, second: ProgressRow) -> None:
        severity = Severity.NOTE if first.digest == second.digest else Severity.TO_CONFIRM
        values = {"first_row": first.row, "first_sheet": first.sheet}
        problem = Problem("reported_twice", severity, second.sheet, second.row, None, second.number, values)
        if problem not in self.problems:
            self.problems.append(problem)
