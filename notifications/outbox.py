"""The outbox: claim a notice with a lease, record what came of it. Each verb is one short transaction.

`planned` or `failed_temporary` (when its time has come) → `sending` → `accepted`, `failed_temporary`,
`failed_permanent`. A lease that ran out leaves `unknown`: the letter may have arrived, so it is never sent again,
unless its channel files the same letter in the same place, where nobody can tell how often, or its rung must be
delivered: then it is repeated, under the same Message-ID.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, and_, func, not_, or_, select
from sqlalchemy.exc import OperationalError
from sqlmodel import col

from models import Store
from models.chain import seal, wait_for_my_turn
from models.outcome_tables import Notice
from models.reference import calendar_of
from notifications import statements
from notifications.attachment import Attachment
from notifications.letter import Letter, Outcome
from notifications.notice import NoticeState, Suppression
from rules.digest_policy import DigestPolicy
from rules.ladder import EMAIL
from texts.wording import HANOI

LEASE = timedelta(minutes=10)
GAPS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 45, 120, 240))
ATTEMPTS = len(GAPS) + 1
WAITING = (NoticeState.PLANNED, NoticeState.FAILED_TEMPORARY, NoticeState.SENDING)
LEASE_EXPIRED = "lease_expired"
_BEST_FIRST = (NoticeState.ACCEPTED, NoticeState.UNKNOWN, NoticeState.FAILED_TEMPORARY, NoticeState.FAILED_PERMANENT)
AT_ANY_HOUR = DigestPolicy()
_MEANWHILE = frozenset({"40P01", "40001"})  # PostgreSQL: somebody was in the way, nothing was written
_TRIES = 5
Answer = TypeVar("Answer")
_JITTER = 5  # a gap grows by up to a fifth, so that those who failed together do not come back together


@dataclass(frozen=True)
class Claim:
    """One notice that this worker alone may send, in its attempt number `attempt` (of those that count)."""

    notice_id: int
    attempt: int
    letter: Letter
    must_deliver: bool = False
    attempts: int = 0


@dataclass(frozen=True)
class Attempt:
    """One channel's answer to a claim, and when it was asked and answered (aware)."""

    channel: str
    outcome: Outcome
    started_at: datetime
    finished_at: datetime


def gap(key: str, attempt: int) -> timedelta:
    """Return how long the notice `key` waits after its failed attempt number `attempt` (from 1): longer each time.

    The jitter comes from the key, so the same notice always waits as long.
    """
    share = int.from_bytes(sha256(f"{key}#{attempt}".encode()).digest()[:4], "big") / 2**32
    return GAPS[attempt - 1] * (1 + share / _JITTER)


class Desk:
    """One worker's place at the outbox: every verb is a transaction of its own, beside other workers'."""

    def __init__(self, connection: Connection, policy: DigestPolicy, opens: Callable[[datetime], datetime]) -> None:
        """Work over `connection`, which sees what others have committed (see `Store.beside_others`)."""
        self._connection, self._policy, self._opens = connection, policy, opens

    def is_open(self, now: datetime) -> bool:
        """Whether letters may go at `now`."""
        return self._opens(now) <= now

    def claim(self, now: datetime, *, channel: str, through: date | None = None, name: str = EMAIL) -> Claim | None:
        """Take a notice that may be sent at `now` for the scheme `channel`, the oldest first; None: there is none.

        Only those that go over the channel called `name`; with `through`, only those planned for that day or an
        earlier one. What waits for somebody who does not receive is suppressed on the way.
        """
        with self._connection.begin():
            return self._claim(now, channel, through, name)

    def finish(self, claimed: Claim, attempts: Sequence[Attempt]) -> NoticeState:
        """Write what came of a claim, with a Delivery row for each attempt; return the state the notice is in now.

        Of several attempts the best decides. A temporary failure waits for the next gap, and is permanent after the
        last one. An answer that comes after the lease ran out still replaces `unknown`.
        """
        return self._tried_again(lambda: self._record(claimed, attempts))

    def hand_over(
        self,
        claimed: Claim,
        attempts: Sequence[Attempt],
        now: datetime,
        *,
        through: date | None = None,
        name: str = EMAIL,
    ) -> tuple[NoticeState, Claim | None]:
        """Finish a claim and take the next notice of the channel called `name` in the same transaction.

        One commit for each letter: whenever a worker dies, it holds one claim at most.
        """
        return self._tried_again(
            lambda: (self._record(claimed, attempts), self._claim(now, attempts[0].channel, through, name))
        )

    def expire(self, now: datetime) -> int:
        """Let go of every claim whose lease has run out: `unknown`, or back in the queue where it may be repeated.

        Each has its Delivery row. Return how many are `unknown` for good.
        """
        return self._tried_again(lambda: self._expire(now))

    def _expire(self, now: datetime) -> int:
        wait_for_my_turn(self._connection)  # before any row is held: whoever records an answer takes them in this order
        self._connection.execute(statements.AGAIN, {"now": now})
        rows = self._connection.execute(statements.LOST, {"now": now}).all()
        return [self._lost(row, now) for row in rows].count(NoticeState.UNKNOWN)

    def _lost(self, row: Row[Any], now: datetime) -> NoticeState:
        started_at = row.lease_until - LEASE
        attempt = Attempt(row.claimed_by, Outcome(NoticeState.UNKNOWN, LEASE_EXPIRED), started_at, now)
        return self._record(_claimed(self._connection, row, started_at), (attempt,))

    def _tried_again(self, verb: Callable[[], Answer]) -> Answer:
        """Do `verb` in a transaction of its own, again where another's stood in its way: an answer is never lost."""
        for _ in range(_TRIES - 1):
            try:
                with self._connection.begin():
                    return verb()
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in _MEANWHILE:
                    raise
        with self._connection.begin():
            return verb()

    def _claim(self, now: datetime, scheme: str, through: date | None, name: str) -> Claim | None:
        asked = {"now": now, "lease": now + LEASE, "scheme": scheme, "through": through or date.max, "name": name}
        for take in statements.TAKE:
            while row := self._connection.execute(take, asked).one_or_none():
                if self._policy.receives(row.address):
                    return _claimed(self._connection, row, now)
                held_back = {"notice": row.id, "why": str(Suppression.TRIAL)}
                self._connection.execute(statements.HOLD_BACK, held_back)
        return None

    def _record(self, claimed: Claim, attempts: Sequence[Attempt]) -> NoticeState:
        best = min(attempts, key=lambda attempt: _BEST_FIRST.index(attempt.outcome.state))
        state, outcome = _state(claimed, best.outcome.state), best.outcome
        waits = state is NoticeState.FAILED_TEMPORARY
        came_to = {
            "notice": claimed.notice_id,
            "attempt": claimed.attempts,
            "came_to": str(state),
            "why": "" if state is NoticeState.ACCEPTED else outcome.detail,
            "again": self._opens(best.finished_at + gap(claimed.letter.key, claimed.attempt)) if waits else None,
        }
        wait_for_my_turn(self._connection)
        newest = self._connection.execute(statements.CAME_TO, came_to).scalar()
        for attempt in attempts:
            told = state if attempt is best and outcome.state is not NoticeState.UNKNOWN else attempt.outcome.state
            row = seal(self._connection, statements.DELIVERY, _delivery(claimed, attempt, told), newest=newest)
            self._connection.execute(statements.ADD_DELIVERY, row)
        return state


@contextmanager
def desk(store: Store, policy: DigestPolicy = AT_ANY_HOUR) -> Iterator[Desk]:
    """Give a place at the outbox for the length of a block; `policy` says who receives, and when."""
    opens = _opening(store, policy)
    with store.beside_others() as connection:
        yield Desk(connection, policy, opens)


def _opening(store: Store, policy: DigestPolicy) -> Callable[[datetime], datetime]:
    """Return what says when letters that could go at an instant may go."""
    if not policy.is_ever_quiet:
        return lambda at: at
    with store.reading() as session:
        calendar = calendar_of(session)
    return lambda at: policy.not_before(at.astimezone(HANOI), calendar) or at


def claim(store: Store, now: datetime, *, channel: str, through: date | None = None) -> Claim | None:
    """Take one notice, as `Desk.claim` does."""
    with desk(store) as mine:
        return mine.claim(now, channel=channel, through=through)


def record(store: Store, claimed: Claim, outcome: Outcome, *, channel: str, finished_at: datetime) -> NoticeState:
    """Write one channel's answer to a claim, as `Desk.finish` does."""
    with desk(store) as mine:
        return mine.finish(claimed, [Attempt(channel, outcome, claimed.letter.sent_at, finished_at)])


def expire(store: Store, now: datetime) -> int:
    """Let go of the claims whose lease has run out, as `Desk.expire` does."""
    with desk(store) as mine:
        return mine.expire(now)


def lost_by(now: datetime) -> ColumnElement[bool]:
    """Match the notices that nobody will send again though none is known to have arrived.

    They are `failed_permanent`, `unknown`, or claims that `expire` would make `unknown` at `now` (aware).
    """
    final = col(Notice.state).in_((NoticeState.FAILED_PERMANENT, NoticeState.UNKNOWN))
    repeated = and_(col(Notice.must_deliver), col(Notice.attempts) - col(Notice.forgiven) < ATTEMPTS)
    return or_(final, and_(_ran_out(now), not_(_repeatable()), not_(repeated)))


def waiting(store: Store) -> int:
    """Count the notices that are not in a final state."""
    query = select(func.count()).select_from(Notice).where(col(Notice.state).in_(WAITING))
    with store.reading() as session:
        return session.scalar(query) or 0


def _state(claimed: Claim, found: NoticeState) -> NoticeState:
    """Return where an attempt's outcome leaves the notice, by how often it was tried and whether it must arrive."""
    tried_enough = claimed.attempt >= ATTEMPTS
    if found is NoticeState.FAILED_TEMPORARY and tried_enough:
        return NoticeState.FAILED_PERMANENT
    if found is NoticeState.UNKNOWN and claimed.must_deliver and not tried_enough:
        return NoticeState.FAILED_TEMPORARY
    return found


def _delivery(claimed: Claim, attempt: Attempt, state: NoticeState) -> dict[str, object]:
    return {
        "notice_id": claimed.notice_id,
        "started_at": attempt.started_at,
        "finished_at": attempt.finished_at,
        "channel": attempt.channel,
        "outcome": str(state),
        "detail": attempt.outcome.detail,
        "code": attempt.outcome.code,
        "answer": attempt.outcome.answer,
        "message_id": attempt.outcome.message_id,
        "letter_sha256": claimed.letter.sha256,
    }


def _ran_out(now: datetime) -> ColumnElement[bool]:
    return and_(col(Notice.state) == NoticeState.SENDING, col(Notice.lease_until) <= now)


def _repeatable() -> ColumnElement[bool]:
    return col(Notice.claimed_by).in_(statements.REPEATABLE)


def _claimed(connection: Connection, row: Row[Any], now: datetime) -> Claim:
    letter = Letter(
        row.key,
        row.recipient,
        row.address,
        row.subject,
        row.text,
        row.html,
        sent_at=now,
        attachments=files_of(connection, row.id) if row.has_files else (),
        link=row.link,
    )
    return Claim(row.id, row.attempts - row.forgiven, letter, row.must_deliver, row.attempts)


def files_of(connection: Connection, notice_id: int) -> tuple[Attachment, ...]:
    """Return the files that travel with a notice, in the order they were put there."""
    return tuple(Attachment(*row) for row in connection.execute(statements.FILES_OF, {"notice": notice_id}))
