"""`open_questions`: everything that waits for a person to decide, and the holds that run: one list for the desk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from decisions.replies import RequestExtension
from models.assignment_tables import Assignment, Batch, Decision
from models.columns import table_of
from models.commitment_tables import Appeal, AppealAnswer
from models.kinds import kinds_of
from models.obstacles import obstacles_of
from models.question import Question
from models.raised_tables import ExtensionRequest
from models.reference import calendar_of, succession_of
from models.status_query import counted
from models.store import Store
from models.story import Story, story_of
from models.succession import waiting_successions
from models.waiting_duties import waiting_duties
from rules.obstacle import ObstacleStatus
from rules.status import AskedAbout, CompletionLevel


@dataclass(frozen=True)
class OpenQuestion:
    """One thing that waits for a person.

    `number` is its id among its `kind`: extension, dispute, redirect, requested, obstacle, succession of an agency
    that was split, completion to be confirmed or returned, or undated work. `asked_on` is since when it waits,
    `days_waiting` working days since then; `until_on` the day it asks for.
    """

    kind: str
    number: int
    assignment: str
    agency: str
    asked_on: date
    days_waiting: int
    until_on: date | None
    text: str
    asked_by: str


@dataclass(frozen=True)
class RunningHold:
    """A hold that rests an assignment on the day asked about, and ends by itself after `until_on`."""

    assignment: str
    agency: str
    from_on: date
    until_on: date
    document: str
    reason: str
    stops_clock: bool


Waiting = tuple[str, int, str, date, datetime, date | None, str, str]


def open_questions(
    store: Store, *, as_of: date, known_at: datetime, level: CompletionLevel = CompletionLevel.EVIDENCED
) -> Sequence[OpenQuestion]:
    """Return what waits for a person on `as_of`, by what had been recorded at `known_at` (aware), oldest first.

    What was answered, extended or cancelled since, and work that is done, does not wait any more.
    """
    successions = waiting_successions(store, as_of=as_of, known_at=known_at, level=level)
    with store.reading() as session:
        calendar, stories = calendar_of(session), _Stories(session, known_at)
        found = [
            OpenQuestion(
                kind, number, code, stories.agency(code), asked_on, calendar.working_days_between(asked_on, as_of),
                until_on, said, asked_by,
            )
            for kind, number, code, asked_on, recorded_at, until_on, said, asked_by in [
                *_appeals(session, as_of, known_at), *_requests(session, as_of, known_at)
            ]
            if stories.waits(kind, code, recorded_at, as_of, level)
        ]  # fmt: skip
        for duty in waiting_duties(session, _question(session, as_of, known_at, level)):
            waiting = calendar.working_days_between(duty.since, as_of)
            about = (duty.kind, duty.assignment_id, duty.code, duty.agency)
            found.append(OpenQuestion(*about, duty.since, waiting, None, duty.task, ""))
        for row in obstacles_of(session, as_of=as_of, known_at=known_at):
            if row.status is not ObstacleStatus.ANSWERED and row.obstacle.id is not None:
                raised = row.obstacle
                waiting = calendar.working_days_between(raised.raised_on, as_of)
                found.append(
                    OpenQuestion("obstacle", row.obstacle.id, row.assignment, row.addressed_to or "", raised.raised_on,
                                 waiting, raised.needed_by, raised.text, raised.raised_by)
                )  # fmt: skip
    for open_ in successions:
        waiting = calendar.working_days_between(open_.since, as_of)
        values = (open_.code, open_.agency, open_.since, waiting, None, open_.task, "")
        found.append(OpenQuestion("succession", open_.assignment_id, *values))
    return sorted(found, key=lambda each: (each.asked_on, each.kind, each.number))


def _question(session: Session, as_of: date, known_at: datetime, level: CompletionLevel) -> Question:
    return Question(AskedAbout(as_of, as_of), known_at, level, succession_of(session), kinds=kinds_of(session))


def holds_of(store: Store, *, as_of: date, known_at: datetime) -> Sequence[RunningHold]:
    """Return the holds that run on `as_of`, by what was recorded at `known_at` (aware), the first to end first."""
    query = (
        select(Decision, Assignment.code, Assignment.agency_code)
        .join(Assignment, col(Assignment.id) == col(Decision.assignment_id))
        .where(col(Decision.action).in_(("hold", "resume")), col(Decision.recorded_at) <= known_at)
        .where(col(Decision.effective_on) <= as_of)
        .order_by(col(Decision.id))
    )
    with store.reading() as session:
        found = ((held, code, agency) for held, code, agency in session.exec(query) if _counts_on(held, as_of))
        newest = {code: (held, agency) for held, code, agency in found}
        running = [
            RunningHold(code, agency, held.effective_on, held.until_on, held.document, held.reason,
                        held.due_on is not None)
            for code, (held, agency) in newest.items()
            if held.until_on
        ]  # fmt: skip
    return sorted(running, key=lambda each: (each.until_on, each.assignment))


def _counts_on(decision: Decision, day: date) -> bool:
    """Whether a resumption or hold says something of a day: a hold that has ended leaves the one before it."""
    return decision.action == "resume" or (decision.until_on is not None and decision.until_on >= day)


def _appeals(session: Session, as_of: date, known_at: datetime) -> Iterator[Waiting]:
    answered = select(AppealAnswer.appeal_id).where(
        col(AppealAnswer.recorded_at) <= known_at, col(AppealAnswer.answered_on) <= as_of
    )
    query = (
        select(Appeal, Assignment.code)
        .join(Assignment, col(Assignment.id) == col(Appeal.assignment_id))
        .where(col(Appeal.recorded_at) <= known_at, col(Appeal.asked_on) <= as_of, col(Appeal.id).not_in(answered))
    )
    for row, code in session.exec(query):
        assert row.id is not None
        yield row.kind, row.id, code, row.asked_on, row.recorded_at, row.until_on, row.text, row.asked_by


def _requests(session: Session, as_of: date, known_at: datetime) -> Iterator[Waiting]:
    """Yield the newest request for more time of each assignment that came in a workbook."""
    query = (
        select(ExtensionRequest, Assignment.code, Batch.recorded_at)
        .join(Assignment, col(Assignment.id) == col(ExtensionRequest.assignment_id))
        .join(Batch, col(Batch.id) == col(ExtensionRequest.batch_id))
        .where(counted(table_of(ExtensionRequest), known_at), col(ExtensionRequest.asked_on) <= as_of)
        .order_by(col(ExtensionRequest.id))
    )
    newest = {code: (row, recorded_at) for row, code, recorded_at in session.exec(query)}
    for code, (row, recorded_at) in newest.items():
        assert row.id is not None
        yield "requested", row.id, code, row.asked_on, recorded_at, row.new_due_on, row.reason, row.asked_by


class _Stories:
    """The assignments that questions are about, each read once."""

    def __init__(self, session: Session, known_at: datetime) -> None:
        self._session, self._known_at = session, known_at
        self._read: dict[str, Story | None] = {}

    def of(self, code: str) -> Story | None:
        if code not in self._read:
            self._read[code] = story_of(self._session, code, known_at=self._known_at)
        return self._read[code]

    def agency(self, code: str) -> str:
        story = self.of(code)
        return story.assignment.agency_code if story else ""

    def waits(self, kind: str, code: str, recorded_at: datetime, as_of: date, level: CompletionLevel) -> bool:
        """Whether nothing has been decided since that answers the question."""
        story = self.of(code)
        if story is None or not story.dates.standing:
            return False
        if story.cancelled_on(as_of):
            return False
        if kind not in {RequestExtension.name, "requested"}:
            return True
        answering = ("extend",) if kind == RequestExtension.name else ("extend", "decline")
        answer, done_on = story.last_decision(*answering), story.completed_on(level)
        return not (answer and answer.recorded_at >= recorded_at) and not (done_on and done_on <= as_of)
