"""The story of one assignment: its words, dates, reports and decisions, as known at an instant, each with its batch."""

from collections.abc import Iterable, Sequence
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
from models.columns import table_of
from models.status_query import counted
from models.work_tables import TaskStep
from rules.hold import Stretch, ended_before
from rules.status import CompletionLevel

Fact = TypeVar("Fact", AssignmentRevision, Progress)


@dataclass(frozen=True)
class Story:
    """One assignment with every fact known about it, oldest first.

    `revisions` are its dates as each batch gave them, `dates` the newest of these, `wording` the task as the batch of
    `dates` worded it, `steps` those of work done in several, `batches` the batches by id.
    """

    assignment: Assignment
    task: Task
    document: Document
    dates: AssignmentRevision
    wording: TaskRevision
    reports: Sequence[Progress]
    decisions: Sequence[Decision]
    batches: dict[int, Batch]
    revisions: Sequence[AssignmentRevision]
    steps: Sequence[TaskStep] = ()

    def last_decision(self, *actions: str) -> Decision | None:
        """Return the newest decision of one of the actions: the one that counts."""
        return next((decision for decision in reversed(self.decisions) if decision.action in actions), None)

    @property
    def cancellation(self) -> Decision | None:
        """The cancellation that stands, whatever its day; None without one, or once the duty was reinstated."""
        last = self.last_decision("cancel", "reinstate")
        return last if last and last.action == "cancel" else None

    def cancelled_on(self, day: date) -> date | None:
        """Return the day from which the duty is cancelled as of `day`, or None."""
        last = self._last_begun(day, "cancel", "reinstate")
        return last.effective_on if last and last.action == "cancel" else None

    def hold_on(self, day: date) -> Decision | None:
        """Return the hold in force on `day`, or None: a resumption ends all holds decided before it."""
        begun = (each for each in reversed(self.decisions) if each.effective_on <= day)
        last = next((each for each in begun if each.action == "resume" or _rests_on(each, day)), None)
        return last if last and last.action == "hold" else None

    def held_by(self, day: date) -> str | None:
        """Return the agency somebody decided is accountable on `day` for what a split one was assigned, or None."""
        last = self._last_begun(day, "succeed")
        return last.to_agency if last else None

    @property
    def clock_stops(self) -> list[Stretch]:
        """The stretches for which the clock stopped, oldest decision first, as far as none was ended early."""
        return clock_stops(self.decisions)

    def _last_begun(self, day: date, *actions: str) -> Decision | None:
        begun = (each for each in reversed(self.decisions) if each.action in actions and each.effective_on <= day)
        return next(begun, None)

    @property
    def last_move(self) -> Decision | None:
        """The newest decision that gives another due day: the one that counts."""
        return next((decision for decision in reversed(self.decisions) if moves_the_deadline(decision)), None)

    @property
    def due_on(self) -> date | None:
        """The due day after extensions and holds that stop the clock; None for duties without one. None shortens."""
        original = self.dates.original_due_on
        move = self.last_move
        moved_to = move and (move.due_on or move.until_on)
        return max(original, moved_to) if original and moved_to else original

    @property
    def last_report(self) -> Progress | None:
        """The newest report by its day."""
        return self.reports[-1] if self.reports else None

    @property
    def last_declared(self) -> Progress | None:
        """The newest report that says the work is done, unless a later one denies it: what a decision answers."""
        return next((report for report in reversed(self._since_denial()) if report.declared_done), None)

    @property
    def claim(self) -> Progress | None:
        """The report that says the work is done, where that still stands; as `models.completion_query` finds it.

        A report that says "not done" ends what was claimed before it; a claim made again keeps the evidence, or else
        the completion day, given before; what was sent back counts only when reported anew, or when a confirmation
        comes after all with nothing new to confirm.
        """
        claims = self._claims()
        proven = [report for report in claims if is_evidenced(report)]
        dated = [report for report in claims if report.evidence_on or report.declared_completed_on]
        return next(reversed(proven or dated or claims), None)

    @property
    def acceptance(self) -> Decision | None:
        """The confirmation or return that answers the last report; None while nobody has answered it."""
        answer, report = self.last_decision("confirm", "return"), self.last_report
        return answer if answer and report and answer.recorded_at >= self._recorded_at(report) else None

    def completed_on(self, level: CompletionLevel) -> date | None:
        """Return the day the work counts as done at `level`, or None; the same rule as in `models.completion_query`."""
        claim = self.claim
        if claim is None:
            return None
        enough = {
            CompletionLevel.DECLARED: True,
            CompletionLevel.EVIDENCED: is_evidenced(claim) or self._is_accepted(claim),
            CompletionLevel.CONFIRMED: self._is_accepted(claim),
        }[level]
        first_claimed_on = self._claims()[0].reported_on
        return claim.evidence_on or claim.declared_completed_on or first_claimed_on if enough else None

    @property
    def cited(self) -> list[tuple[str, date]]:
        """The documents with number and date that reports give, those sent back left out: they do the first steps."""
        since = self._sent_back_at()
        counted = (report for report in self.reports if since is None or self._recorded_at(report) > since)
        return [
            (each.evidence_number, each.evidence_on) for each in counted if each.evidence_number and each.evidence_on
        ]

    def _claims(self) -> list[Progress]:
        since = self._sent_back_at()
        claims = [report for report in self._since_denial() if report.declared_done]
        return [report for report in claims if since is None or self._recorded_at(report) > since]

    def _sent_back_at(self) -> datetime | None:
        """Return the instant from which reports count; None when nothing was sent back, or it was confirmed after all.

        A confirmation that finds something reported anew answers that alone.
        """
        returned = self.last_decision("return")
        if returned is None:
            return None
        confirmed = self._confirmed_after(returned)
        if confirmed is None:
            return returned.recorded_at
        claimed = (self._recorded_at(report) for report in self._since_denial() if report.declared_done)
        anew = any(returned.recorded_at < at <= confirmed.recorded_at for at in claimed)
        return returned.recorded_at if anew else None

    def _confirmed_after(self, returned: Decision) -> Decision | None:
        """Return the first confirmation after a completion was sent back."""
        later = self.decisions[self.decisions.index(returned) + 1 :]
        return next((decision for decision in later if decision.action == "confirm"), None)

    def _since_denial(self) -> Sequence[Progress]:
        denied = max((at for at, report in enumerate(self.reports) if report.declared_done is False), default=-1)
        return self.reports[denied + 1 :]

    def _is_accepted(self, claim: Progress) -> bool:
        """Whether the claim's evidence was confirmed after it was first given."""
        answer = self.last_decision("confirm", "return")
        same = [
            self._recorded_at(report)
            for report in self._claims()
            if (report.evidence_number, report.evidence_on) == (claim.evidence_number, claim.evidence_on)
        ]
        return answer is not None and answer.action == "confirm" and answer.recorded_at >= min(same)

    def _recorded_at(self, report: Progress) -> datetime:
        return self.batches[report.batch_id].recorded_at


def _rests_on(decision: Decision, day: date) -> bool:
    return decision.action == "hold" and decision.until_on is not None and day <= decision.until_on


def moves_the_deadline(decision: Decision) -> bool:
    """Whether a decision gives another due day: an extension, a hold that stops the clock, or its early end."""
    return decision.action == "extend" or decision.due_on is not None


def is_evidenced(report: Progress) -> bool:
    """Whether a report cites a document with number and date that is not plainly another thing than the product."""
    cited = report.evidence_number is not None and report.evidence_on is not None
    return cited and report.evidence_matches is not False


def story_of(session: Session, code: str, *, known_at: datetime) -> Story | None:
    """Return the story of the assignment `code`, or None when none was known by `known_at` (aware)."""
    assignment = session.exec(select(Assignment).where(Assignment.code == code)).first()
    dates = _live(session, AssignmentRevision, assignment, known_at)
    if assignment is None or not dates:
        return None
    newest = dates[-1]
    wording = session.get_one(TaskRevision, newest.task_revision_id)
    task = session.get_one(Task, assignment.task_id)
    batches = {wording.batch_id, *(revision.batch_id for revision in dates)}
    reports = sorted(_live(session, Progress, assignment, known_at), key=lambda report: (report.reported_on, report.id))
    return Story(
        assignment=assignment,
        task=task,
        document=session.get_one(Document, task.document_id),
        dates=newest,
        wording=wording,
        reports=reports,
        decisions=_decisions(session, assignment, known_at),
        batches=_batches(session, batches | {report.batch_id for report in reports}),
        revisions=dates,
        steps=_steps(session, wording),
    )


def clock_stops(decisions: Iterable[Decision]) -> list[Stretch]:
    """Return the stretches for which `decisions`, oldest first, stopped the clock, as far as none was ended early."""
    found: list[Stretch] = []
    for decision in decisions:
        if decision.action == "hold" and decision.due_on and decision.until_on:
            found.append((decision.effective_on, decision.until_on))
        if decision.action == "resume" and decision.due_on:
            found = ended_before(decision.effective_on, found)
    return found


def _live(session: Session, table: type[Fact], assignment: Assignment | None, known_at: datetime) -> Sequence[Fact]:
    if assignment is None:
        return []
    query = select(table).where(table.assignment_id == assignment.id, counted(table_of(table), known_at))
    return session.exec(query.order_by(col(table.id))).all()


def _steps(session: Session, wording: TaskRevision) -> Sequence[TaskStep]:
    query = select(TaskStep).where(TaskStep.task_revision_id == wording.id)
    return session.exec(query.order_by(col(TaskStep.position))).all()


def _decisions(session: Session, assignment: Assignment, known_at: datetime) -> Sequence[Decision]:
    query = select(Decision).where(Decision.assignment_id == assignment.id, col(Decision.recorded_at) <= known_at)
    return session.exec(query.order_by(col(Decision.id))).all()


def _batches(session: Session, ids: set[int]) -> dict[int, Batch]:
    rows = session.exec(select(Batch).where(col(Batch.id).in_(ids)))
    return {batch.id: batch for batch in rows if batch.id is not None}
