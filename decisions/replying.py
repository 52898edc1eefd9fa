"""`reply`: record what somebody who was told answers. None of it moves a due day or ends a duty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import Select as SelectOf

from decisions.outcome import RECORDED, REFUSED, UNCHANGED, Outcome, Refusal
from decisions.replies import Acknowledge, Dispute, Redirect, Reply, RequestExtension
from models.columns import table_of
from models.commitment_tables import Appeal, AppealAnswer, Commitment
from models.outcome_tables import AuditEntry, Notice, NoticeItem
from models.people import holdings_of
from models.reference import calendar_of, contacts_of, ladder_of
from models.status import last_good_day
from models.store import Store
from models.story import Story, story_of
from models.writers import wait_for_writers_of
from rules.calendar import WorkingCalendar
from rules.ladder import Role, Rung, rung_reached
from rules.people import People
from rules.status import CompletionLevel
from texts import date_text
from texts.wording import HANOI

COMMIT_WITHIN = 20  # working days: further away the work needs an extension, not a commitment
MOST_APPEALS = 100  # by one digest: a link that got about must not fill the queue
_LONGEST = 2000
SelectOfBoth = SelectOf[NoticeItem, Notice]
_OVERTAKEN = ("superseded", "bundled")
_SETTLED = select(AppealAnswer.appeal_id)


@dataclass(frozen=True)
class _Told:
    """One item of the answered digest: the rung and due day told, to which post, at which address."""

    last_good_day: date
    rung: int
    step: str
    agency: str
    role: Role
    address: str
    information: bool


def reply(
    action: Reply, *, store: Store, by: str, now: datetime, level: CompletionLevel = CompletionLevel.EVIDENCED
) -> Outcome:
    """Record the answer of the post `by` in one transaction with one audit entry; the same again is `unchanged`.

    `now` is aware; `level` is what counts as completed work. What cannot be is a refused `Outcome` with a sentence.
    """
    missing = _missing(action, by)
    if missing:
        return Outcome(action.name, REFUSED, refusal=Refusal(missing))
    with store.writing() as session:
        wait_for_writers_of(session, Commitment, Appeal)
        story = story_of(session, action.code, known_at=now)
        if story is None:
            return Outcome(action.name, REFUSED, refusal=Refusal("unknown_assignment", {"code": action.code}))
        today, calendar = now.astimezone(HANOI).date(), calendar_of(session)
        told = _told(session, story.assignment.id, action.notice)
        refusal = _objection(action, story, today, level, calendar) or _against_reader(session, action, told, now)
        if refusal:
            return Outcome(action.name, REFUSED, refusal=refusal)
        if isinstance(action, Acknowledge):
            return _commit(session, action, story, calendar, told, by.strip(), now)
        return _appeal(session, action, story, by.strip(), now)


def _missing(action: Reply, by: str) -> str | None:
    if not by.strip():
        return "needs_decider"
    if not action.reason.strip():
        return "needs_reason"
    return "needs_other_post" if isinstance(action, Redirect) and not action.to.strip() else None


def _objection(
    action: Reply, story: Story, today: date, level: CompletionLevel, calendar: WorkingCalendar
) -> Refusal | None:
    """Return the first thing that stands against an answer, or None."""
    if not story.dates.standing:
        return Refusal("not_standing", {"code": action.code})
    if action.on > today:
        return Refusal("in_the_future", {"on": date_text(action.on), "today": date_text(today)})
    cancelled = story.cancellation
    if cancelled and cancelled.effective_on <= today:
        values = {"on": date_text(cancelled.effective_on), "document": cancelled.document}
        return Refusal("already_cancelled", values)
    return None if isinstance(action, Dispute | Redirect) else _against_day(action, story, level, calendar)


def _against_day(
    action: Acknowledge | RequestExtension, story: Story, level: CompletionLevel, calendar: WorkingCalendar
) -> Refusal | None:
    """Return what stands against the day somebody commits to or asks for."""
    done_on = story.completed_on(level)
    if done_on:
        return Refusal("already_completed", {"on": date_text(done_on)})
    if story.due_on is None:
        return Refusal("no_due_day", {"deadline": story.wording.deadline_text})
    if isinstance(action, RequestExtension):
        days = {"due_on": date_text(story.due_on), "until_on": date_text(action.until_on)}
        return Refusal("not_later", days) if action.until_on <= story.due_on else None
    if action.until_on < action.on:
        return Refusal("committed_to_the_past", {"until_on": date_text(action.until_on), "on": date_text(action.on)})
    furthest = calendar.add_working_days(action.on, COMMIT_WITHIN)
    if action.until_on > furthest:
        return Refusal("committed_too_far", {"until_on": date_text(action.until_on), "furthest": date_text(furthest)})
    return None


def _against_reader(session: Session, action: Reply, told: Sequence[_Told], now: datetime) -> Refusal | None:
    """Return what stands against the reader of the digest: it was for information, or the post is another's by now."""
    own = [each for each in told if not each.information]
    if told and not own:
        return Refusal("only_for_information") if isinstance(action, Acknowledge | RequestExtension) else None
    if not own:
        return None
    people = People(contacts_of(session), holdings_of(session, known_at=now), now.astimezone(HANOI).date())
    if not any(people.may_answer(each.agency, each.role, each.address) for each in own):
        return Refusal("post_changed_hands")
    return None


def _commit(
    session: Session, action: Acknowledge, story: Story, calendar: WorkingCalendar, told: Sequence[_Told], by: str,
    now: datetime,
) -> Outcome:  # fmt: skip
    assert story.assignment.id is not None
    day = last_good_day(calendar, story.due_on)
    answered = [(each.rung, each.step) for each in told if each.last_good_day == day and not each.information]
    if told and not answered:
        days = {"told": date_text(max(each.last_good_day for each in told)), "now": date_text(day)}
        return Outcome(action.name, REFUSED, refusal=Refusal("told_of_another_day", days))
    highest = max(answered, default=None) or _highest(session, story.assignment.id, day)
    rung, step = highest or _reached(session, day, action.on, calendar)
    standing = _standing(session, story.assignment.id, day)
    given = standing and (standing.until_on, standing.reason, standing.rung)
    if standing and given == (action.until_on, action.reason.strip(), rung):
        return Outcome(action.name, UNCHANGED, _audit_of(session, action, standing.id))
    refusal = _against_standing(standing, action, rung, calendar) if standing else None
    if refusal:
        return Outcome(action.name, REFUSED, refusal=refusal)
    row = Commitment(
        assignment_id=story.assignment.id, last_good_day=day, rung=rung, step=step, given_on=action.on,
        until_on=action.until_on, reason=action.reason.strip()[:_LONGEST], given_by=by, notice_key=action.notice,
        recorded_at=now,
    )  # fmt: skip
    return _recorded(session, action, row, by, now)


def _against_standing(
    standing: Commitment, action: Acknowledge, rung: int, calendar: WorkingCalendar
) -> Refusal | None:
    """Return why a rung may not commit: a higher one's word stands, or its own runs and only to an earlier day."""
    if rung > standing.rung:
        return None
    values = {"until_on": date_text(standing.until_on)}
    if calendar.next_working(standing.until_on) < action.on:
        return Refusal("commitment_broken", values)
    if rung < standing.rung:
        return Refusal("committed_above", values)
    return Refusal("already_committed", values) if action.until_on >= standing.until_on else None


def _appeal(
    session: Session, action: RequestExtension | Dispute | Redirect, story: Story, by: str, now: datetime
) -> Outcome:
    assert story.assignment.id is not None
    until_on = action.until_on if isinstance(action, RequestExtension) else None
    said = f"{action.to.strip()}: {action.reason.strip()}" if isinstance(action, Redirect) else action.reason.strip()
    said = said[:_LONGEST]
    same = select(Appeal).where(
        Appeal.assignment_id == story.assignment.id, Appeal.kind == action.name, Appeal.text == said,
        Appeal.until_on == until_on, Appeal.asked_by == by, col(Appeal.id).not_in(_SETTLED),
    )  # fmt: skip
    earlier = session.exec(same).first()
    if earlier:
        return Outcome(action.name, UNCHANGED, _audit_of(session, action, earlier.id))
    if action.notice and _answered(session, action.notice) >= MOST_APPEALS:
        return Outcome(action.name, REFUSED, refusal=Refusal("too_many_answers", {"most": MOST_APPEALS}))
    row = Appeal(
        assignment_id=story.assignment.id, kind=action.name, asked_on=action.on, until_on=until_on, text=said,
        asked_by=by, notice_key=action.notice, recorded_at=now,
    )  # fmt: skip
    return _recorded(session, action, row, by, now)


def _answered(session: Session, notice: str) -> int:
    """Count the appeals that answer one digest."""
    return session.exec(select(func.count()).select_from(Appeal).where(Appeal.notice_key == notice)).one()


def _standing(session: Session, assignment_id: int, day: date) -> Commitment | None:
    """Return the newest commitment about this due day."""
    query = select(Commitment).where(Commitment.assignment_id == assignment_id, Commitment.last_good_day == day)
    return session.exec(query.order_by(col(Commitment.id).desc())).first()


def _told(session: Session, assignment_id: int | None, notice: str) -> list[_Told]:
    """Return what the digest `notice` told of an assignment as open; nothing for an answer given otherwise.

    Where a later digest to the same address took its place before it was known to have left, that one counts.
    """
    query = (
        select(NoticeItem, Notice)
        .join(Notice, col(Notice.id) == col(NoticeItem.notice_id))
        .where(NoticeItem.assignment_id == assignment_id, NoticeItem.reason != "resolved")
        .where(NoticeItem.obstacle_id == 0, NoticeItem.handed_id == 0)
    )
    query = query.where(Notice.key == _standing_for(session, notice, query))
    return [
        _Told(item.last_good_day, item.rung, item.step, item.agency_code or sent.agency_code, Role(item.role),
              sent.address, item.information)
        for item, sent in session.exec(query)
    ]  # fmt: skip


def _standing_for(session: Session, notice: str, told: SelectOfBoth) -> str:
    """Return the key of the digest that tells today what `notice` told: its own, unless planning overtook it."""
    overtaken = session.exec(select(Notice).where(Notice.key == notice, col(Notice.state).in_(_OVERTAKEN))).first()
    if overtaken is None:
        return notice
    later = told.where(Notice.address == overtaken.address, col(Notice.as_of) > overtaken.as_of)
    newest = session.exec(later.where(col(Notice.state).not_in(_OVERTAKEN)).order_by(col(Notice.id).desc())).first()
    return newest[1].key if newest else notice


def _highest(session: Session, assignment_id: int, day: date) -> tuple[int, str] | None:
    """Return the highest rung that was told of a due day."""
    told = select(NoticeItem.rung, NoticeItem.step).where(
        NoticeItem.assignment_id == assignment_id,
        NoticeItem.obstacle_id == 0,
        NoticeItem.handed_id == 0,
        NoticeItem.last_good_day == day,
        col(NoticeItem.information).is_(False),
    )
    return max(((rung, step) for rung, step in session.exec(told)), default=None)


def _reached(session: Session, day: date, on: date, calendar: WorkingCalendar) -> tuple[int, str]:
    """Return the rung a due day has reached though nobody was told: the first one before any."""
    ladder = ladder_of(session)
    found: Rung | None = rung_reached(day, on, ladder, calendar) or min(ladder, default=None)
    return (found.offset, found.step) if found else (0, "")


def _recorded(session: Session, action: Reply, row: SQLModel, by: str, now: datetime) -> Outcome:
    session.add(row)
    session.flush()
    detail: dict[str, object] = {"reply": row.id, "reason": action.reason.strip()[:_LONGEST], "notice": action.notice}  # type: ignore[attr-defined]
    if isinstance(action, Acknowledge | RequestExtension):
        detail["until_on"] = action.until_on.isoformat()
    entry = AuditEntry(at=now, by=by, action=_audited(action), subject=action.code, detail=detail)
    session.add(entry)
    session.flush()
    return Outcome(action.name, RECORDED, entry.id)


def _audit_of(session: Session, action: Reply, reply_id: int | None) -> int | None:
    entries = session.exec(
        select(AuditEntry).where(AuditEntry.subject == action.code, AuditEntry.action == _audited(action))
    )
    return next((entry.id for entry in entries if entry.detail.get("reply") == reply_id), None)


def _audited(action: Reply) -> str:
    return f"decide.{action.name}"


def asked_on(session: Session, assignment_id: int, *, after: datetime) -> date | None:
    """Return the day of the earliest unanswered request for more time by somebody who was told, recorded `after`."""
    appeals = table_of(Appeal).c
    earliest = select(func.min(appeals.asked_on)).where(
        appeals.assignment_id == assignment_id, appeals.kind == RequestExtension.name,
        appeals.recorded_at > after, appeals.id.not_in(_SETTLED),
    )  # fmt: skip
    found: date | None = session.scalar(earliest)
    return found
