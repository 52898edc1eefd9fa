"""Empty the outbox: claim, send once, record, one notice after the other."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models import Store
from notifications import outbox
from notifications.channel import Channel
from notifications.letter import Outcome
from notifications.notice import NoticeState

SLOW_ANSWER = timedelta(seconds=10)


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
    store: Store, *, channel: str, now: Callable[[], datetime], limit: int | None = None, through: date | None = None
) -> DeliverySummary:
    """Send every notice whose time has come, at most `limit`, through the Apprise URL `channel` (a secret).

    `now` gives the current instant (aware). With `through`, notices planned for a later day wait. Several runs at
    once share the work: each notice is sent by one of them. Raises ChannelError, before touching the
    outbox, when the channel cannot be used.
    """
    post = Channel(channel)
    unknown = outbox.expire(store, now())
    done: Counter[NoticeState] = Counter()
    while (limit is None or done.total() < limit) and (
        claimed := outbox.claim(store, now(), channel=post.scheme, through=through)
    ):
        outcome = _sent(post, claimed, now)
        done[outbox.record(store, claimed, outcome, channel=post.scheme, finished_at=now())] += 1
    return DeliverySummary(
        accepted=done[NoticeState.ACCEPTED],
        failed_temporary=done[NoticeState.FAILED_TEMPORARY],
        failed_permanent=done[NoticeState.FAILED_PERMANENT],
        unknown=unknown + done[NoticeState.UNKNOWN],
        pending=outbox.waiting(store),
    )


def _sent(post: Channel, claimed: outbox.Claim, now: Callable[[], datetime]) -> Outcome:
    """Send one letter. A failure that took as long as a time-out may hide a yes, so it is `unknown`, not a failure."""
    started = now()
    outcome = post.send(claimed.letter)
    if outcome.state is NoticeState.FAILED_TEMPORARY and now() - started >= SLOW_ANSWER:
        return Outcome(NoticeState.UNKNOWN, "slow_answer")
    return outcome
