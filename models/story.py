"""The story of one assignment: its words, dates, reports and decisions, as known at an instant, each with its batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlmodel import Session, col, select

from models.assignment_tables import (
    Assignment,
    AssignmentRevision,
    Batch,
    Decision,
    Document,
    Progress,
    Task,
    TaskRevision,
)
from models.status_query import live_batches
from rules.status import CompletionLevel

Fact = TypeVar("Fact", AssignmentRevision, Progress)


@dataclass(frozen=True)
class Story:
    """One assignment with every fact known about it, oldest first.

    `dates` is its newest revision, `wording` the task as that revision's batch worded it, `batches` the batches by id.
    """

    assignment: Assignment
    task: Task
    document: Document
    dates: AssignmentRevision
    wording: TaskRevision
    reports: Sequence[Progress]
    decisions: Sequence[Decision]
    batches: dict[int, Batch]

    def last_decision(self, *actions: str) -> Decision | None:
        """Return the newest decision of one of the actions: the one that counts."""
        return next((decision for decision in reversed(self.decisions) if decision.action in actions), None)

    @property
    def due_on(self) -> date | None:
        """The due day after extensions; None for duties without one."""
        extension = self.last_decision("extend")
        return extension.until_on if extension else self.dates.original_due_on

    @property
    def last_report(self) -> Progress | None:
        """The report that says whether the work is done: the newest by its day."""
        return self.reports[-1] if self.reports else None

    @property
    def acceptance(self) -> Decision | None:
        """The confirmation or return that answers the last report; None while nobody has answered it."""
        answer, report = self.last_decision("confirm", "return"), self.last_report
        return answer if answer and report and answer.effective_on >= report.reported_on else None

    def completed_on(self, level: CompletionLevel) -> date | None:
        """Return the day the work counts as done at `level`, or None; the same rule as in `models.status_query`."""
        report, answer = self.last_report, self.acceptance
        if report is None or not report.declared_done or (answer and answer.action == "return"):
            return None
        evidenced = report.evidence_number is not None and report.evidence_on is not None
        accepted = answer is not None
        enough = {
            CompletionLevel.DECLARED: True,
            CompletionLevel.EVIDENCED: evidenced or accepted,
            CompletionLevel.CONFIRMED: accepted,
        }[level]
        if not enough:
            return None
        return report.evidence_on or report.declared_completed_on or report.reported_on


def story_of(session: Session, code: str, *, known_at: datetime) -> Story | None:
    """Return the story of the assignment `code`, or None when none was known by `known_at` (aware)."""
    assignment = session.exec(select(Assignment).where(Assignment.code == code)).first()
    dates = _live(session, AssignmentRevision, assignment, known_at)
    if assignment is None or not dates:
        return None
    newest = dates[-1]
    wording = session.get_one(TaskRevision, newest.task_revision_id)
    task = session.get_one(Task, assignment.task_id)
    reports = sorted(_live(session, Progress, assignment, known_at), key=lambda report: (report.reported_on, report.id))
    return Story(
        assignment=assignment,
        task=task,
        document=session.get_one(Document, task.document_id),
        dates=newest,
        wording=wording,
        reports=reports,
        decisions=_decisions(session, assignment, known_at),
        batches=_batches(session, {wording.batch_id, newest.batch_id, *(report.batch_id for report in reports)}),
    )


def _live(session: Session, table: type[Fact], assignment: Assignment | None, known_at: datetime) -> Sequence[Fact]:
    if assignment is None:
        return []
    query = select(table).where(table.assignment_id == assignment.id, col(table.batch_id).in_(live_batches(known_at)))
    return session.exec(query.order_by(col(table.id))).all()


def _decisions(session: Session, assignment: Assignment, known_at: datetime) -> Sequence[Decision]:
    query = select(Decision).where(Decision.assignment_id == assignment.id, col(Decision.recorded_at) <= known_at)
    return session.exec(query.order_by(col(Decision.id))).all()


def _batches(session: Session, ids: set[int]) -> dict[int, Batch]:
    rows = session.exec(select(Batch).where(col(Batch.id).in_(ids)))
    return {batch.id: batch for batch in rows if batch.id is not None}
