"""`send_webhooks`: tell other systems what changed: read the facts, claim, send once, record what was answered.

Each subscriber hears in the order of the facts: what waits for a retry holds back what comes after it. A sender that
dies between sending and recording leaves an attempt without an outcome; after a while the message goes again, under the
same key: nothing is lost, and what comes twice can be told by its key.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote

from pydantic import SecretStr
from sqlalchemy.exc import IntegrityError

from models.store import Store
from models.webhook_facts import Change, change_of, read_changes
from models.webhook_tables import WebhookAttempt, WebhookMessage, WebhookOutcome
from models.webhooks import ACCEPTED, HookAsIs, append_state, attempts_of, hooks_of, told_of, unaccepted
from notifications.webhook_line import Answer, post
from rules.webhook import GIVEN_UP_AFTER, ChangeKind, HookState, gap_after, secret_of, signature
from texts.wording import HANOI

LOST_AFTER = timedelta(minutes=2)
AT_ONCE = 200
_BY = "dondoc webhooks"
_FAILED = "failed"


@dataclass(frozen=True)
class Sender:
    """What sends: `key` derives each subscription's secret, links lead below `portal`, `inside` may be reached too."""

    key: SecretStr
    portal: str
    inside: frozenset[str] = frozenset()

    def secret(self, number: int) -> str:
        """Return what a subscriber checks the signature with: the same each time, shown to administrators alone."""
        return secret_of(self.key.get_secret_value(), number)


@dataclass
class WebhookSummary:
    """How many messages were put down, taken, failed for now; which subscriptions were given up on; what waits."""

    made: int = 0
    accepted: int = 0
    failed: int = 0
    set_aside: list[int] = field(default_factory=list)
    waiting: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """The same as numbers alone."""
        return {**vars(self), "set_aside": len(self.set_aside)}


def send_webhooks(store: Store, sender: Sender, *, now: Callable[[], datetime], limit: int = AT_ONCE) -> WebhookSummary:
    """Tell every subscription what waits for it, at most `limit` messages each; `now` is asked at each step."""
    summary = WebhookSummary()
    with store.reading() as session:
        hooks = [hook for hook in hooks_of(session) if hook.listens]
    for hook in hooks:
        at = now()
        summary.made += read_changes(store, hook, today=at.astimezone(HANOI).date(), now=at)
        _tell(store, hook, sender, summary, now, limit)
    with store.reading() as session:
        summary.waiting = sum(told_of(session, hook.number).waiting for hook in hooks_of(session))
    return summary


def body_of(change: Change, key: str, portal: str) -> bytes:
    """Return what is sent: JSON of stable codes, with the link of what it is about at `/api/v1`."""
    told = {
        "id": key,
        "kind": str(change.kind),
        "at": change.at.isoformat(),
        "agency": change.agency,
        "what": change.what,
        "link": f"{portal.rstrip('/')}/api/v1{_resource(change)}",
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _resource(change: Change) -> str:
    if "assignment" in change.what:
        return f"/assignments/{quote(change.what['assignment'], safe='')}"
    if "edition" in change.what:
        return f"/editions/{change.what['edition']}"
    return f"/batches/{change.what['batch']}"


def _tell(
    store: Store, hook: HookAsIs, sender: Sender, summary: WebhookSummary, now: Callable[[], datetime], limit: int
) -> None:
    with store.reading() as session:
        waiting = unaccepted(session, hook.number, limit=limit)
    for message in waiting:
        attempt = _claimed(store, hook, message, now())
        if attempt is None:
            return
        answer = _sent(store, hook, message, sender, now())
        if _recorded(store, hook, message, attempt, answer, now()):
            summary.set_aside.append(hook.number)
        if not answer.taken:
            summary.failed += 1
            return
        summary.accepted += 1


def _claimed(store: Store, hook: HookAsIs, message: WebhookMessage, at: datetime) -> int | None:
    """Begin an attempt and return its id; None while it is not time, or when somebody else has it."""
    assert message.id is not None
    try:
        with store.writing() as session:
            known = attempts_of(session, message.id)
            here = next(iter(hooks_of(session, only=hook.number)))
            if not here.listens or at < _not_before(known, here, message.key):
                return None
            attempt = WebhookAttempt(message_id=message.id, number=len(known) + 1, started_at=at)
            session.add(attempt)
            session.flush()
            return attempt.id
    except IntegrityError:
        return None


def _not_before(known: list[tuple[WebhookAttempt, WebhookOutcome | None]], hook: HookAsIs, key: str) -> datetime:
    """Return when a message may be sent again: what failed before the subscription was turned on no longer counts."""
    if not known:
        return hook.since
    attempt, outcome = known[-1]
    if outcome is None:
        return attempt.started_at + LOST_AFTER
    if outcome.outcome == ACCEPTED:
        return datetime.max.replace(tzinfo=attempt.started_at.tzinfo)
    failures = sum(each.started_at >= hook.since for each, _ in known)
    return outcome.finished_at + gap_after(failures, key) if failures else hook.since


def _sent(store: Store, hook: HookAsIs, message: WebhookMessage, sender: Sender, at: datetime) -> Answer:
    with store.reading() as session:
        today = at.astimezone(HANOI).date()
        change = change_of(session, ChangeKind(message.kind), message.position, today=today, now=at)
    body = body_of(change, message.key, sender.portal)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Dondoc-Webhook/1",
        "Idempotency-Key": message.key,
        "Dondoc-Signature": signature(sender.secret(hook.number), int(at.timestamp()), body),
    }
    return post(hook.address, body, headers, inside=sender.inside)


def _recorded(
    store: Store, hook: HookAsIs, message: WebhookMessage, attempt: int, answer: Answer, at: datetime
) -> bool:
    """Record what was answered; return whether the subscription was set aside with it."""
    assert message.id is not None
    with store.writing() as session:
        here = next(iter(hooks_of(session, only=hook.number)))
        tried = [each.started_at for each, _ in attempts_of(session, message.id) if each.started_at >= here.since]
        session.add(
            WebhookOutcome(
                attempt_id=attempt, outcome=ACCEPTED if answer.taken else _FAILED, status=answer.status,
                detail=answer.problem, finished_at=at,
            )
        )  # fmt: skip
        over = not answer.taken and (answer.is_final or at - min(tried, default=at) >= GIVEN_UP_AFTER)
        if over and here.listens:
            append_state(session, here, HookState.SET_ASIDE, by=_BY, now=at)
        return over and here.listens
