"""Letters nobody will send again by itself, and what a person does about one: put it back, or call it off."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlmodel import col

from models import Store
from models.outcome_tables import AuditEntry, Notice
from notifications.notice import NoticeState

DEAD = (NoticeState.FAILED_PERMANENT, NoticeState.UNKNOWN)
_MAY_BECOME = {
    NoticeState.PLANNED: (*DEAD, NoticeState.FAILED_TEMPORARY, NoticeState.CANCELLED),
    NoticeState.CANCELLED: (*DEAD, NoticeState.FAILED_TEMPORARY, NoticeState.PLANNED),
}
_ACTION = {NoticeState.PLANNED: "requeue_notice", NoticeState.CANCELLED: "cancel_notice"}


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


def requeue(store: Store, key: str, *, by: str, reason: str, now: datetime) -> str | None:
    """Put the notice `key` back into the queue, with all its attempts before it and its Message-ID; see `_turn`."""
    return _turn(store, key, NoticeState.PLANNED, by=by, reason=reason, now=now)


def cancel(store: Store, key: str, *, by: str, reason: str, now: datetime) -> str | None:
    """Call the notice `key` off: it is never sent; see `_turn`."""
    return _turn(store, key, NoticeState.CANCELLED, by=by, reason=reason, now=now)


def _turn(store: Store, key: str, state: NoticeState, *, by: str, reason: str, now: datetime) -> str | None:
    """Bring a notice to `state` by the post `by`, with an audit entry.

    Return the state it was in, or None when there is no such notice or its state does not allow it.
    """
    with store.writing() as session:
        notice = session.scalars(select(Notice).where(col(Notice.key) == key).with_for_update()).one_or_none()
        if notice is None or notice.state not in _MAY_BECOME[state]:
            return None
        before = notice.state
        turned = {"state": str(state), "state_reason": reason, "forgiven": notice.attempts, "next_at": None}
        session.execute(update(Notice).where(col(Notice.id) == notice.id).values(**turned))
        detail = {"before": before, "reason": reason}
        session.add(AuditEntry(at=now, by=by, action=_ACTION[state], subject=key, detail=detail))
    return before
