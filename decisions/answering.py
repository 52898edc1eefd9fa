"""What is answered to an obstacle: recorded with its audit entry, and never about one that nobody raised."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlmodel import Session, select

from decisions.outcome import RECORDED, REFUSED, UNCHANGED, Outcome, Refusal
from models.answer_tables import ObstacleAnswer
from models.newest import mark_of_obstacle
from models.obstacles import ObstacleRow, obstacles_of
from models.outcome_tables import AuditEntry
from models.store import Store
from models.writers import wait_for_writers_of
from texts import date_text
from texts.wording import HANOI

_AUDITED = "decide.answer"


@dataclass(frozen=True, kw_only=True)
class AnswerObstacle:
    """The obstacle of the id `obstacle` is answered on `on` in the words of `answer`; `document` gives its number."""

    name: ClassVar[str] = "answer"
    obstacle: int
    on: date
    answer: str
    document: str = ""


def answer_obstacle(
    action: AnswerObstacle, *, store: Store, by: str, now: datetime, seen: str | None = None
) -> Outcome:
    """Record the answer given by the post `by`; the same answer again is `unchanged`. `now` is aware.

    `seen` is the mark of the answer the post saw (`models.newest`); None asks nothing.
    """
    if not by.strip():
        return _refused("needs_decider")
    if not action.answer.strip():
        return _refused("needs_answer")
    with store.writing() as session:
        wait_for_writers_of(session, ObstacleAnswer)
        return _answer(session, action, by.strip(), now, seen)


def _answer(session: Session, action: AnswerObstacle, by: str, now: datetime, seen: str | None) -> Outcome:
    today = now.astimezone(HANOI).date()
    if action.on > today:
        return _refused("in_the_future", on=date_text(action.on), today=date_text(today))
    standing = obstacles_of(session, as_of=today, known_at=now)
    found = next((row for row in standing if row.obstacle.id == action.obstacle), None)
    if found is None:
        return _refused("unknown_obstacle", obstacle=action.obstacle)
    if action.on < found.obstacle.raised_on:
        return _refused("before_raised", on=date_text(action.on), raised_on=date_text(found.obstacle.raised_on))
    given = (action.on, action.answer.strip(), action.document.strip())
    earlier = found.answer
    if earlier and (earlier.answered_on, earlier.answer, earlier.document) == given:
        return Outcome(action.name, UNCHANGED, _audit_of(session, found.assignment, earlier))
    if seen is not None and mark_of_obstacle(session, action.obstacle) != seen:
        return _refused("answered_meanwhile", obstacle=action.obstacle)
    return Outcome(action.name, RECORDED, _record(session, action, found, by, now))


def _record(session: Session, action: AnswerObstacle, found: ObstacleRow, by: str, now: datetime) -> int | None:
    answer = ObstacleAnswer(
        obstacle_id=action.obstacle,
        answered_on=action.on,
        answer=action.answer.strip(),
        document=action.document.strip(),
        decided_by=by,
        recorded_at=now,
    )
    session.add(answer)
    session.flush()
    detail = {
        "answer": answer.id,
        "obstacle": action.obstacle,
        "answered_on": action.on.isoformat(),
        "document": answer.document,
        "reason": answer.answer,
    }
    entry = AuditEntry(at=now, by=by, action=_AUDITED, subject=found.assignment, detail=detail)
    session.add(entry)
    session.flush()
    return entry.id


def _audit_of(session: Session, subject: str, answer: ObstacleAnswer) -> int | None:
    entries = session.exec(select(AuditEntry).where(AuditEntry.action == _AUDITED, AuditEntry.subject == subject))
    return next((entry.id for entry in entries if entry.detail.get("answer") == answer.id), None)


def _refused(code: str, **values: object) -> Outcome:
    return Outcome(AnswerObstacle.name, REFUSED, refusal=Refusal(code, values))
