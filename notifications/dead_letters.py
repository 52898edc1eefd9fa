"""Letters nobody will send again by itself, and what a person does about one: put it back, or call it off."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from models import Store
from models.chain import wait_for_my_turn
from models.handed import handed_of
from models.obstacles import obstacles_of
from models.outcome_tables import AuditEntry, Notice, NoticeItem
from models.reference import calendar_of, succession_of
from models.status import last_good_day
from models.story import Story, story_of
from models.writers import wait_for_writers_of
from notifications.notice import NoticeState, Reason
from rules.status import CompletionLevel
from texts import SaidError
from texts.wording import HANOI

DEAD = (NoticeState.FAILED_PERMANENT, NoticeState.UNKNOWN)
_MAY_BECOME = {
    NoticeState.PLANNED: (*DEAD, NoticeState.FAILED_TEMPORARY, NoticeState.CANCELLED),
    NoticeState.CANCELLED: (*DEAD, NoticeState.FAILED_TEMPORARY, NoticeState.PLANNED),
}
_TELLS = (NoticeState.PLANNED, NoticeState.SENDING, NoticeState.FAILED_TEMPORARY, NoticeState.ACCEPTED)
_ACTION = {NoticeState.PLANNED: "requeue_notice", NoticeState.CANCELLED: "cancel_notice"}


class StaleLetterError(SaidError):
    """A letter is not put back: what it tells was told since, or does not hold any more."""


@dataclass(frozen=True)
class DeadLetter:
    """A notice that failed for good or whose outcome is unknown, and why."""

    key: str
    day: date
    recipient: str
    address: str
    state: str
    reason: str
    attempts: int


def dead_letters(store: Store) -> tuple[DeadLetter, ...]:
    """Return every dead letter, oldest first."""
    query = select(Notice).where(col(Notice.state).in_(DEAD)).order_by(col(Notice.id))
    with store.reading() as session:
        return tuple(
            DeadLetter(n.key, n.as_of, n.recipient, n.address, n.state, n.state_reason, n.attempts)
            for n in session.scalars(query)
        )


def requeue(
    store: Store, key: str, *, by: str, reason: str, now: datetime, level: CompletionLevel = CompletionLevel.EVIDENCED
) -> str | None:
    """Put the notice `key` back into the queue, with all its attempts before it and its Message-ID; see `_turn`.

    Raises StaleLetterError where some of what it tells was told later, is done by `level`, or has another due day.
    """
    return _turn(store, key, NoticeState.PLANNED, by=by, reason=reason, now=now, level=level)


def cancel(store: Store, key: str, *, by: str, reason: str, now: datetime) -> str | None:
    """Call the notice `key` off: it is never sent; see `_turn`."""
    return _turn(store, key, NoticeState.CANCELLED, by=by, reason=reason, now=now)


def _turn(
    store: Store, key: str, state: NoticeState, *, by: str, reason: str, now: datetime,
    level: CompletionLevel | None = None,
) -> str | None:  # fmt: skip
    """Bring a notice to `state` by the post `by`, with an audit entry; with `level`, only if it still tells the truth.

    Return the state it was in, or None when there is no such notice or its state does not allow it.
    """
    with store.beside_others() as connection, connection.begin(), Session(connection) as session:
        wait_for_my_turn(connection)  # before any row is held: whoever records an answer takes them in this order
        wait_for_writers_of(session, Notice)
        notice = session.scalars(select(Notice).where(col(Notice.key) == key)).one_or_none()
        if notice is None or notice.state not in _MAY_BECOME[state]:
            return None
        stale = _stale(session, notice, now, level) if level else []
        if stale:
            raise StaleLetterError("outbox.stale_letter", key=key, codes=", ".join(dict.fromkeys(stale)))
        before = notice.state
        turned = {
            "state": str(state),
            "state_reason": reason,
            "forgiven": notice.attempts,
            "next_at": now if level else None,
        }
        session.execute(update(Notice).where(col(Notice.id) == notice.id).values(**turned))
        detail = {"before": before, "reason": reason}
        session.add(AuditEntry(at=now, by=by, action=_ACTION[state], subject=key, detail=detail))
        session.flush()
    return before


def _stale(session: Session, notice: Notice, now: datetime, level: CompletionLevel) -> list[str]:
    """Return the codes of what a letter tells that was told later or does not hold any more."""
    its_items = select(NoticeItem).where(col(NoticeItem.notice_id) == notice.id).order_by(col(NoticeItem.id))
    return [
        item.code
        for item in session.scalars(its_items).all()
        if _told_later(session, item, notice)
        or (item.reason != Reason.RESOLVED and not _holds(session, item, now, level))
    ]


def _told_later(session: Session, item: NoticeItem, notice: Notice) -> bool:
    later = (
        select(Notice.address)  # type: ignore[call-overload]
        .join(NoticeItem, col(NoticeItem.notice_id) == col(Notice.id))
        .where(col(Notice.as_of) > notice.as_of, col(Notice.state).in_(_TELLS))
        .where(col(NoticeItem.assignment_id) == item.assignment_id, col(NoticeItem.information).is_(item.information))
        .where(col(NoticeItem.obstacle_id) == item.obstacle_id, col(NoticeItem.handed_id) == item.handed_id)
    )
    readers = {address.casefold() for address in session.scalars(later)}
    return notice.address.casefold() in readers if item.information else bool(readers)


def _holds(session: Session, item: NoticeItem, now: datetime, level: CompletionLevel) -> bool:
    """Whether the work, its share or the answer owed to an obstacle is still open under the due day that was told."""
    today = now.astimezone(HANOI).date()
    if item.obstacle_id:
        waiting = obstacles_of(session, as_of=today, known_at=now, assignment=item.code)
        still = [each for each in waiting if each.obstacle.id == item.obstacle_id and each.answer is None]
        return any(each.effective_needed_by == item.last_good_day for each in still)
    story = story_of(session, item.code, known_at=now)
    if story is None or not story.dates.standing or story.cancelled_on(today) or story.hold_on(today):
        return False
    if story.completed_on(level) is not None:
        return False
    if item.handed_id:
        return _is_with_its_unit(session, item, story, today, now)
    return last_good_day(calendar_of(session), story.due_on) == item.last_good_day


def _is_with_its_unit(session: Session, item: NoticeItem, story: Story, today: date, now: datetime) -> bool:
    """Whether a share is open, under the day that was told, at the agency that answers for the work."""
    given_to = story.held_by(today) or story.assignment.agency_code
    if succession_of(session).accountable(today).get(given_to, given_to) != item.accountable:
        return False
    open_ = [row for row in handed_of(session, as_of=today, known_at=now, assignments=[item.code]) if not row.is_done]
    return any((row.handed.id, row.effective_due_on) == (item.handed_id, item.last_good_day) for row in open_)
