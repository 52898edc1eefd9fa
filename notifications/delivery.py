"""Empty the outbox: claim, send once, record, one notice after the other."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from models import Store
from models.outcome_tables import Notice
from notifications import outbox
from notifications.channel import Channel, see_that_all_are_set_up
from notifications.letter import Outcome
from notifications.notice import NoticeState
from rules.digest_policy import DigestPolicy
from rules.ladder import EMAIL

SLOW_ANSWER = timedelta(seconds=4)  # longer than `channel.REACHED_WITHIN`: by then the letter may be there
OUT_OF_REACH = 3  # so many letters in a row found the channel down: the others wait, untried, for the next run
Clock = Callable[[], datetime]
_FAILED = frozenset({NoticeState.FAILED_TEMPORARY, NoticeState.FAILED_PERMANENT})


@dataclass(frozen=True)
class DeliverySummary:
    """What this run did: the first four count notices it brought to that state; `pending` counts all still waiting.

    `unknown` are letters whose outcome was lost, now or in an earlier run; a temporary failure is also `pending`.
    """

    accepted: int
    failed_temporary: int
    failed_permanent: int
    unknown: int
    pending: int


def deliver(
    store: Store,
    *,
    channel: str,
    now: Clock,
    limit: int | None = None,
    through: date | None = None,
    fallback: str = "",
    policy: DigestPolicy = outbox.AT_ANY_HOUR,
    channels: Mapping[str, str] | None = None,
) -> DeliverySummary:
    """Send every notice whose time has come, at most `limit`, through the Apprise URL `channel` (a secret).

    `channels` are the URLs of those that rungs name beside e-mail, by name. `now` gives the current instant (aware).
    With `through`, notices planned for a later day wait. A notice by e-mail that must be delivered and that `channel`
    failed to take goes through the Apprise URL `fallback` at once, where one is given. Nothing goes out while `policy`
    is quiet, and in its trial what waits for anybody else is suppressed. Several runs at once share the work: each
    notice is sent by one of them. Raises ChannelError, before touching the outbox, when a channel cannot be used or one
    that notices wait for is not set up.
    """
    others = channels or {}
    see_that_all_are_set_up(_waited_for(store), others)
    with ExitStack() as opened:
        posts = {name: opened.enter_context(Channel(url)) for name, url in {EMAIL: channel, **others}.items()}
        second = opened.enter_context(Channel(fallback)) if fallback.strip() else None
        desk = opened.enter_context(outbox.desk(store, policy))
        unknown, done = desk.expire(now()), Counter[NoticeState]()
        for name, post in posts.items():
            left = None if limit is None else limit - done.total()
            done += _Round(desk, post, second if name == EMAIL else None, now, name).send(left, through)
    return DeliverySummary(
        accepted=done[NoticeState.ACCEPTED],
        failed_temporary=done[NoticeState.FAILED_TEMPORARY],
        failed_permanent=done[NoticeState.FAILED_PERMANENT],
        unknown=unknown + done[NoticeState.UNKNOWN],
        pending=outbox.waiting(store),
    )


def _waited_for(store: Store) -> list[str]:
    """Return the names of the channels that notices not in a final state go over, beside e-mail."""
    query = select(col(Notice.channel)).where(col(Notice.state).in_(outbox.WAITING), col(Notice.channel) != EMAIL)
    with store.reading() as session:
        return sorted(set(session.scalars(query)))


@dataclass(frozen=True)
class _Round:
    """One worker's way through the outbox."""

    desk: outbox.Desk
    post: Channel
    second: Channel | None
    now: Clock
    name: str

    def send(self, limit: int | None, through: date | None) -> Counter[NoticeState]:
        """Send what waits and count the states it came to."""
        done: Counter[NoticeState] = Counter()
        left, in_a_row = limit, 0
        claimed = None if limit == 0 or not self._is_open() else self._first(through)
        while claimed:
            attempts = self._attempts(claimed)
            left = None if left is None else left - 1
            in_a_row = in_a_row + 1 if all(attempt.outcome.down for attempt in attempts) else 0
            if left == 0 or in_a_row == OUT_OF_REACH or not self._is_open():
                state, claimed = self.desk.finish(claimed, attempts), None
            else:
                state, claimed = self.desk.hand_over(claimed, attempts, self.now(), through=through, name=self.name)
            done[state] += 1
        return done

    def _is_open(self) -> bool:
        return self.desk.is_open(self.now())

    def _first(self, through: date | None) -> outbox.Claim | None:
        return self.desk.claim(self.now(), channel=self.post.scheme, through=through, name=self.name)

    def _attempts(self, claimed: outbox.Claim) -> list[outbox.Attempt]:
        attempts = [self._attempt(self.post, claimed)]
        if self.second and claimed.must_deliver and attempts[0].outcome.state in _FAILED:
            attempts.append(self._attempt(self.second, claimed))
        return attempts

    def _attempt(self, post: Channel, claimed: outbox.Claim) -> outbox.Attempt:
        """Send one letter. Elsewhere a failure as long as a time-out may hide a yes: it is `unknown`, not a failure."""
        started = self.now()
        outcome = post.send(claimed.letter)
        finished = self.now()
        failed = outcome.state is NoticeState.FAILED_TEMPORARY and not post.tells_exactly
        if failed and finished - started >= SLOW_ANSWER:
            outcome = Outcome(NoticeState.UNKNOWN, "slow_answer")
        return outbox.Attempt(post.scheme, outcome, started, finished)
