"""The outbox: claim a notice with a lease, record what came of it. Each verb is one short transaction.

`planned` or `failed_temporary` (when its time has come) → `sending` → `accepted`, `failed_temporary`,
`failed_permanent`. A lease that ran out leaves `unknown`: the letter may have arrived, so it is never sent again,
unless its channel files the same letter in the same place, where nobody can tell how often.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, insert, not_, or_, select, text, update
from sqlmodel import Session, col

from models import Store
from models.outcome_tables import Delivery, Notice
from notifications.letter import Letter, Outcome
from notifications.maildir import SCHEME as MAILDIR
from notifications.notice import NoticeState

LEASE = timedelta(minutes=10)
REPEATABLE = frozenset({MAILDIR})
GAPS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 45, 120, 240))
ATTEMPTS = len(GAPS) + 1
_WAITING = (NoticeState.PLANNED, NoticeState.FAILED_TEMPORARY, NoticeState.SENDING)


@dataclass(frozen=True)
class Claim:
    """One notice that this worker alone may send, in its attempt number `attempt`."""

    notice_id: int
    attempt: int
    letter: Letter


def alone(session: Session) -> None:
    """Make this transaction the only one that changes notices, until it ends.

    SQLite's writers are alone already. On PostgreSQL this must be the transaction's first statement, so that it
    sees what those before it left.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE notice IN SHARE ROW EXCLUSIVE MODE"))


def claim(store: Store, now: datetime, *, channel: str, through: date | None = None) -> Claim | None:
    """Take the oldest notice that may be sent at `now` for the scheme `channel`, or None when there is none.

    With `through`, only notices planned for that day or an earlier one.
    """
    due = or_(
        col(Notice.state) == NoticeState.PLANNED,
        and_(col(Notice.state) == NoticeState.FAILED_TEMPORARY, col(Notice.next_at) <= now),
    )
    if through is not None:
        due = and_(due, col(Notice.as_of) <= through)
    oldest = select(func.min(Notice.id)).where(due).scalar_subquery()
    taken = (
        update(Notice)
        .where(col(Notice.id) == oldest, due)
        .values(
            state=str(NoticeState.SENDING),
            attempts=col(Notice.attempts) + 1,
            claimed_by=channel,
            lease_until=now + LEASE,
            next_at=None,
        )
        .returning(Notice)
        .execution_options(synchronize_session=False)
    )
    with store.writing() as session:
        alone(session)
        notice = session.scalars(taken).one_or_none()
        return _claimed(notice, now) if notice else None


def expire(store: Store, now: datetime) -> int:
    """Turn every claim whose lease has run out into `unknown`, or `planned` where it may be repeated.

    Return how many became `unknown`.
    """
    ran_out = _ran_out(now)
    again = update(Notice).where(ran_out, _repeatable()).values(state=str(NoticeState.PLANNED))
    lost = (
        update(Notice)
        .where(ran_out)
        .values(state=str(NoticeState.UNKNOWN))
        .returning(col(Notice.id), col(Notice.lease_until), col(Notice.claimed_by))
        .execution_options(synchronize_session=False)
    )
    with store.writing() as session:
        alone(session)
        session.execute(again.execution_options(synchronize_session=False))
        rows = [
            {
                "notice_id": notice_id,
                "started_at": lease_until - LEASE,
                "finished_at": now,
                "channel": channel,
                "outcome": str(NoticeState.UNKNOWN),
                "detail": "lease_expired",
            }
            for notice_id, lease_until, channel in session.execute(lost)
        ]
        if rows:
            session.execute(insert(Delivery), rows)
    return len(rows)


def record(store: Store, claimed: Claim, outcome: Outcome, *, channel: str, finished_at: datetime) -> NoticeState:
    """Write what came of a claim, with its Delivery row; return the state the notice is in now.

    A temporary failure waits for the next gap, and is permanent after the last attempt. An answer that comes after
    the lease ran out still replaces `unknown`.
    """
    state = outcome.state
    if state is NoticeState.FAILED_TEMPORARY and claimed.attempt >= ATTEMPTS:
        state = NoticeState.FAILED_PERMANENT
    waits = state is NoticeState.FAILED_TEMPORARY
    ours = and_(
        col(Notice.id) == claimed.notice_id,
        col(Notice.attempts) == claimed.attempt,
        col(Notice.state).in_((NoticeState.SENDING, NoticeState.UNKNOWN)),
    )
    next_at = finished_at + GAPS[claimed.attempt - 1] if waits else None
    with store.writing() as session:
        alone(session)
        session.execute(update(Notice).where(ours).values(state=str(state), lease_until=None, next_at=next_at))
        session.add(
            Delivery(
                notice_id=claimed.notice_id,
                started_at=claimed.letter.sent_at,
                finished_at=finished_at,
                channel=channel,
                outcome=str(state),
                detail=outcome.detail,
            )
        )
    return state


def lost_by(now: datetime) -> ColumnElement[bool]:
    """Match the notices that nobody will send again though none is known to have arrived.

    They are `failed_permanent`, `unknown`, or claims that `expire` would make `unknown` at `now` (aware).
    """
    final = col(Notice.state).in_((NoticeState.FAILED_PERMANENT, NoticeState.UNKNOWN))
    return or_(final, and_(_ran_out(now), not_(_repeatable())))


def waiting(store: Store) -> int:
    """Count the notices that are not in a final state."""
    query = select(func.count()).select_from(Notice).where(col(Notice.state).in_(_WAITING))
    with store.reading() as session:
        return session.scalar(query) or 0


def _ran_out(now: datetime) -> ColumnElement[bool]:
    return and_(col(Notice.state) == NoticeState.SENDING, col(Notice.lease_until) <= now)


def _repeatable() -> ColumnElement[bool]:
    return col(Notice.claimed_by).in_(REPEATABLE)


def _claimed(notice: Notice, now: datetime) -> Claim:
    assert notice.id is not None, "a stored notice has an id"
    letter = Letter(notice.key, notice.recipient, notice.address, notice.subject, notice.text, notice.html, sent_at=now)
    return Claim(notice.id, notice.attempts, letter)
