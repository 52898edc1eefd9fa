"""What a workbook changes: its rows against what is stored. The comparison is the preview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlmodel import Session

from imports.meaning.assignment_rows import TaskRow
from imports.meaning.progress_rows import ProgressRow
from imports.problem import Problem
from imports.storing.matching import Matcher, concerned
from imports.storing.measures import MeasureComparison, Measures
from imports.storing.proof import proof_of
from imports.storing.referred import reported_documents
from imports.storing.report_doubts import report_doubts
from imports.storing.report_words import FieldChange, report_fields, words_of_reports
from imports.storing.stored import (
    FOREVER,
    StoredTask,
    fill_in,
    newest_progress,
    reported_assignments,
    stored_tasks,
)
from models.succession import TakenOver, taken_over
from rules.product import Proof
from rules.register import Register


@dataclass(frozen=True)
class ChangedTask:
    """A stored task that differs in `fields`; `dropped` are the codes of assignments it no longer gives."""

    task_id: int
    row: TaskRow
    fields: tuple[FieldChange, ...]
    dropped: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse to call a task changed that does not differ."""
        assert self.fields, "a changed task names what differs"


@dataclass(frozen=True)
class GoneTask:
    """A task an earlier workbook of the same list had and this one has not."""

    task_id: int
    document: str
    number: str
    text: str


@dataclass(frozen=True)
class ReportedProgress:
    """A report to append: `replaces` says that the same day had another one about the same assignment.

    `proof` is the document cited that counts for the task's product, `fields` what differs from the one replaced.
    """

    assignment_id: int
    code: str
    row: ProgressRow
    reported_on: date
    replaces: bool
    proof: Proof
    fields: tuple[FieldChange, ...] = ()

    def __post_init__(self) -> None:
        """Refuse to replace a report by one that does not differ."""
        assert self.fields or not self.replaces, "a report that replaces another names what differs"


@dataclass(frozen=True)
class Changes:
    """Everything recording would do. Rows are counted, not assignments: new + changed + unchanged is all rows."""

    new: tuple[TaskRow, ...] = ()
    changed: tuple[ChangedTask, ...] = ()
    gone: tuple[GoneTask, ...] = ()
    progress: tuple[ReportedProgress, ...] = ()
    unchanged: int = 0
    measures: Measures = field(default_factory=Measures)

    @property
    def nothing(self) -> bool:
        """Whether recording would change nothing."""
        return not (self.new or self.changed or self.gone or self.progress or self.measures.any)


@dataclass
class Comparison:
    """The changes, what the store held when they were found (by task), and what cannot be matched.

    `listed` are the stored tasks the rows are or report on, by their ids.
    """

    changes: Changes
    stored: Mapping[int, StoredTask]
    problems: list[Problem] = field(default_factory=list)
    listed: list[int] = field(default_factory=list)


def with_measures(work: Comparison, indicators: MeasureComparison) -> Comparison:
    """Return what a workbook changes of tasks and reports together with what it changes of indicators."""
    changes = replace(work.changes, measures=indicators.measures)
    return replace(work, changes=changes, problems=[*work.problems, *indicators.problems])


def compare_progress(session: Session, rows: Sequence[ProgressRow], register: Register, on: date) -> Comparison:
    """Match rows with the assignments they are about: as reports of the day `on`, or of the day each names itself."""
    by_day: dict[date, list[ProgressRow]] = {}
    for row in rows:
        by_day.setdefault(row.reported_on or on, []).append(row)
    taken = {day: list(taken_over(session, on=day, known_at=FOREVER)) for day in sorted(by_day)}
    codes, named = reported_documents(session, rows), {each for row in rows for each in row.agencies}
    agencies = {each.former for of_day in taken.values() for each in of_day}
    agencies = agencies.union(*(concerned(named, register.accountable(day)) for day in taken))
    stored = stored_tasks(session, codes)
    fill_in(session, stored.values(), agencies=agencies)
    found = [_of_day(session, by_day[day], register, day, of_day, stored) for day, of_day in taken.items()]
    return Comparison(
        Changes(
            progress=tuple(entry for each in found for entry in each.changes.progress),
            unchanged=sum(each.changes.unchanged for each in found),
        ),
        stored,
        [problem for each in found for problem in each.problems],
        sorted({id_ for each in found for id_ in each.listed}),
    )


def _of_day(
    session: Session,
    rows: Sequence[ProgressRow],
    register: Register,
    on: date,
    taken: Sequence[TakenOver],
    stored: Mapping[int, StoredTask],
) -> Comparison:
    """Compare the reports of one day with what is stored."""
    codes = {task.document for task in stored.values()}
    matcher = Matcher(stored.values(), register, on, taken)
    reported = matcher.match(rows)
    if matcher.assumed:
        matcher.ask_about_periods(reported_assignments(session, codes) | reported.keys())
    known = newest_progress(session, codes, on)
    fresh = {id_: pair for id_, pair in reported.items() if id_ not in known or known[id_].digest != pair[1].digest}
    said = words_of_reports(session, [known[id_].id for id_ in fresh if id_ in known])
    tasks = {a.id: task for task in stored.values() for a in task.standing.values()}
    progress = []
    for id_, (assignment, row) in fresh.items():
        proof = proof_of(row, tasks[id_].product)
        fields = tuple(report_fields(said[known[id_].id], row, proof)) if id_ in known else ()
        # Another version's digest alone is no difference.
        if fields or id_ not in known:
            progress.append(ReportedProgress(id_, assignment.code, row, on, id_ in known, proof, fields))
    proofs = ((entry.row, entry.proof, tasks[entry.assignment_id].product) for entry in progress)
    matcher.problems.extend(report_doubts(session, on, reported, proofs, tasks))
    touched = {id(entry.row) for entry in progress}
    unchanged = sum(id(row) not in touched for row in rows)
    listed = sorted({tasks[id_].id for id_ in reported})
    return Comparison(Changes(progress=tuple(progress), unchanged=unchanged), stored, matcher.problems, listed)
