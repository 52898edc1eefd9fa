"""`decide`: check a decision against the assignment as it stands, and record it with its audit entry."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from decisions.actions import Action, Cancel, Decline, Extend, Reinstate, SetDueDay, Succeed, effective_on, until_on
from decisions.answering import AnswerObstacle, answer_obstacle
from decisions.checks import Bench, due_day_given, incomplete, refusal_of, repeated
from decisions.dating import give_due_day
from decisions.linking import Link, Unlink, decide_link
from decisions.outcome import RECORDED, REFUSED, UNCHANGED, Outcome, Refusal
from decisions.overtaking import overtaken
from decisions.replies import Delegate, Reply, Settle
from decisions.replying import asked_on, reply
from decisions.settling import settle
from models.assignment_tables import Batch, Decision
from models.columns import table_of
from models.outcome_tables import AuditEntry
from models.raised_tables import ExtensionRequest
from models.reference import calendar_of, register_of
from models.status_query import counted
from models.store import Store
from models.story import Story, story_of
from models.succession import later_periods
from models.writers import wait_for_writers_of
from rules.extension import ExtensionPolicy
from rules.status import CompletionLevel
from texts.wording import HANOI

ANY_DEPLOYMENT = ExtensionPolicy()


def decide(
    action: Action | AnswerObstacle | Link | Unlink | Reply | Settle | Delegate,
    *,
    store: Store,
    by: str,
    now: datetime,
    level: CompletionLevel = CompletionLevel.EVIDENCED,
    policy: ExtensionPolicy = ANY_DEPLOYMENT,
    seen: str | None = None,
) -> Outcome:
    """Record `action`, decided by the post `by`, in one transaction with one audit entry.

    A decision that cannot be taken is a refused `Outcome` with a sentence; the same decision again is `unchanged`
    and names the first one's audit entry. `now` is aware; `level` is what counts as completed work, `policy` how
    often and how far work may be extended. `seen` is the mark of the newest facts the post saw (`models.newest`): when
    somebody recorded another since, the decision is refused; None asks nothing.
    """
    if isinstance(action, AnswerObstacle):
        return answer_obstacle(action, store=store, by=by, now=now, seen=seen)
    if isinstance(action, Link | Unlink):
        return decide_link(action, store=store, by=by, now=now)
    if isinstance(action, Reply):
        return reply(action, store=store, by=by, now=now, level=level)
    if isinstance(action, Settle | Delegate):
        return settle(action, store=store, by=by, now=now, seen=seen)
    missing = incomplete(action, by)
    if missing:
        return Outcome(action.name, REFUSED, refusal=missing)
    with store.writing() as session:
        wait_for_writers_of(session, Decision)
        return _decide(session, action, by.strip(), now, (level, policy), seen)


def _decide(
    session: Session, action: Action, by: str, now: datetime, rules: tuple[CompletionLevel, ExtensionPolicy],
    seen: str | None,
) -> Outcome:  # fmt: skip
    story = story_of(session, action.code, known_at=now)
    if story is None:
        return Outcome(action.name, REFUSED, refusal=Refusal("unknown_assignment", {"code": action.code}))
    in_workbook_on = _requested_in_workbook_on(session, story, now)
    earlier = repeated(action, story)
    if earlier and not (isinstance(action, Decline) and in_workbook_on):
        return Outcome(action.name, UNCHANGED, _audit_of(session, action, earlier))
    assert story.assignment.id is not None
    requested_on = min(filter(None, (in_workbook_on, _asked_on(session, story))), default=None)
    today, calendar, register = now.astimezone(HANOI).date(), calendar_of(session), register_of(session)
    bench = Bench(today, calendar, *rules, requested_on, register, in_workbook_on)
    refusal = overtaken(session, story.assignment.id, action.code, seen) or refusal_of(action, story, bench)
    if refusal:
        return Outcome(action.name, REFUSED, refusal=refusal)
    return Outcome(action.name, RECORDED, _record(session, action, story, by, now))


def _requested_in_workbook_on(session: Session, story: Story, now: datetime) -> date | None:
    """Return the day of the earliest request for more time in a workbook that nobody has granted or declined."""
    answered, request = story.last_decision(Extend.name, Decline.name), ExtensionRequest
    since = answered.recorded_at if answered else datetime.min.replace(tzinfo=UTC)
    in_workbooks = (
        select(func.min(request.asked_on))
        .join(Batch, col(Batch.id) == col(request.batch_id))
        .where(request.assignment_id == story.assignment.id, counted(table_of(request), now), Batch.recorded_at > since)
    )
    return session.exec(in_workbooks).one()


def _asked_on(session: Session, story: Story) -> date | None:
    """Return the day of the earliest request by somebody who was told that no extension has answered."""
    assert story.assignment.id is not None
    extended = story.last_decision(Extend.name)
    since = extended.recorded_at if extended else datetime.min.replace(tzinfo=UTC)
    return asked_on(session, story.assignment.id, after=since)


def _record(session: Session, action: Action, story: Story, by: str, now: datetime) -> int | None:
    decision, *later = [
        Decision(
            assignment_id=assignment,
            action=action.name,
            effective_on=effective_on(action),
            until_on=until_on(action),
            due_on=due_day_given(action, story),
            to_agency=action.to if isinstance(action, Succeed) else None,
            document=action.document.strip(),
            reason=action.reason.strip(),
            decided_by=by,
            recorded_at=now,
        )
        for assignment in _decided_about(session, action, story, now)
    ]
    session.add_all([decision, *later])
    session.flush()
    if isinstance(action, SetDueDay):
        give_due_day(session, story, decision)
    detail = _detail(action, decision) | ({"later_periods": len(later)} if later else {})
    entry = AuditEntry(at=now, by=by, action=_audited(action), subject=action.code, detail=detail)
    session.add(entry)
    session.flush()
    return entry.id


def _decided_about(session: Session, action: Action, story: Story, now: datetime) -> Sequence[int]:
    """Return the assignment, and its later periods where the decision is about the duty as it comes back.

    A cancellation, or its end, says nothing of what was due before its day.
    """
    assert story.assignment.id is not None
    later: Sequence[int] = []
    if isinstance(action, Succeed):
        later = later_periods(session, story, known_at=now)
    if isinstance(action, Cancel | Reinstate):
        later = later_periods(session, story, known_at=now, due_from=action.on)
    return [story.assignment.id, *later]


def _detail(action: Action, decision: Decision) -> dict[str, object]:
    beside: dict[str, object] = {"exception": True} if isinstance(action, Extend) and action.exception else {}
    if decision.to_agency:
        beside["to"] = decision.to_agency
    if decision.due_on:
        beside["due_on"] = decision.due_on.isoformat()
    return {
        **beside,
        "decision": decision.id,
        "effective_on": decision.effective_on.isoformat(),
        "until_on": decision.until_on.isoformat() if decision.until_on else None,
        "document": decision.document,
        "reason": decision.reason,
    }


def _audit_of(session: Session, action: Action, decision: Decision) -> int | None:
    entries = session.exec(
        select(AuditEntry)
        .where(AuditEntry.subject == action.code, AuditEntry.action == _audited(action))
        .order_by(col(AuditEntry.id).desc())
    )
    return next((entry.id for entry in entries if entry.detail.get("decision") == decision.id), None)


def _audited(action: Action) -> str:
    return f"decide.{action.name}"
