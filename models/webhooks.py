"""Read the subscriptions of other systems as they stand, and what waits for them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from models.account_tables import ApiClient, ApiClientEnd
from models.outcome_tables import AuditEntry
from models.webhook_tables import Webhook, WebhookAttempt, WebhookMessage, WebhookOutcome, WebhookState
from rules.webhook import ChangeKind, HookState

ACCEPTED = "accepted"


class Source(StrEnum):
    """The facts that are read in the order of their ids, from where a subscription has come to: `WebhookReading`."""

    BATCHES = "batch"
    AUDIT = "audit"


@dataclass(frozen=True)
class HookAsIs:
    """A subscription with its newest state (`since` then); `ended`: its program's token was taken back.

    `agency` is the one it hears of, None for all.
    """

    number: int
    client: int
    program: str
    address: str = field(repr=False)
    kinds: frozenset[ChangeKind]
    agency: str | None
    state: HookState
    since: datetime
    created_at: datetime
    ended: bool

    @property
    def host(self) -> str:
        """The host it is reached at: all that logs and lists say of the address."""
        return urlsplit(self.address).hostname or ""

    @property
    def listens(self) -> bool:
        """Whether anything is sent to it."""
        return self.state is HookState.ON and not self.ended


@dataclass(frozen=True)
class Told:
    """How many messages wait, what came of the newest attempt ("" before the first: accepted, or the problem), when."""

    waiting: int
    last: str = ""
    last_at: datetime | None = None


def hooks_of(session: Session, *, only: int | None = None) -> list[HookAsIs]:
    """Return the subscriptions that were not removed, oldest first; `only` the one of that number, removed or not."""
    newest = select(func.max(WebhookState.id)).group_by(col(WebhookState.webhook_id))
    query = (
        select(Webhook, WebhookState, ApiClient, ApiClientEnd.client_id)
        .join(WebhookState, col(WebhookState.webhook_id) == col(Webhook.id))
        .join(ApiClient, col(ApiClient.id) == col(Webhook.client_id))
        .join(ApiClientEnd, col(ApiClientEnd.client_id) == col(ApiClient.id), isouter=True)
        .where(col(WebhookState.id).in_(newest))
        .order_by(col(Webhook.id))
    )
    wanted = WebhookState.state != HookState.REMOVED if only is None else Webhook.id == only
    return [_as_is(*row) for row in session.exec(query.where(wanted)).all()]


def unaccepted(session: Session, webhook: int, *, limit: int) -> list[WebhookMessage]:
    """Return the messages no attempt has brought yet, in the order they must arrive."""
    query = select(WebhookMessage).where(WebhookMessage.webhook_id == webhook, ~_brought())
    return list(session.exec(query.order_by(col(WebhookMessage.id)).limit(limit)))


def attempts_of(session: Session, message: int) -> list[tuple[WebhookAttempt, WebhookOutcome | None]]:
    """Return the attempts to bring a message, oldest first, each with what came of it (None: nobody knows)."""
    query = select(WebhookAttempt, WebhookOutcome).join(WebhookOutcome, isouter=True)
    found = session.exec(query.where(WebhookAttempt.message_id == message).order_by(col(WebhookAttempt.number)))
    return list(found.all())


def told_of(session: Session, number: int) -> Told:
    """Return how the telling of a subscription stands."""
    waiting = select(func.count()).select_from(WebhookMessage).where(WebhookMessage.webhook_id == number, ~_brought())
    last = (
        select(WebhookOutcome)
        .join(WebhookAttempt, col(WebhookAttempt.id) == col(WebhookOutcome.attempt_id))
        .join(WebhookMessage, col(WebhookMessage.id) == col(WebhookAttempt.message_id))
        .where(WebhookMessage.webhook_id == number)
        .order_by(col(WebhookOutcome.attempt_id).desc())
    )
    newest = session.exec(last.limit(1)).first()
    count = session.exec(waiting).one()
    if newest is None:
        return Told(count)
    return Told(count, newest.detail or newest.outcome, newest.finished_at)


def append_state(session: Session, hook: HookAsIs, state: HookState, *, by: str, now: datetime) -> None:
    """Say what a subscription is from `now` on, with an audit entry that names its host alone."""
    session.add(WebhookState(webhook_id=hook.number, state=state, recorded_at=now, recorded_by=by))
    detail = {"client": hook.client, "host": hook.host, "before": str(hook.state)}
    session.add(AuditEntry(at=now, by=by, action=f"webhook.{state}", subject=str(hook.number), detail=detail))


def _brought() -> ColumnElement[bool]:
    accepted = (
        select(WebhookAttempt.id)
        .join(WebhookOutcome, col(WebhookOutcome.attempt_id) == col(WebhookAttempt.id))
        .where(WebhookAttempt.message_id == WebhookMessage.id, WebhookOutcome.outcome == ACCEPTED)
    )
    return accepted.exists()


def _as_is(hook: Webhook, state: WebhookState, client: ApiClient, ended: int | None) -> HookAsIs:
    assert hook.id is not None
    return HookAsIs(
        number=hook.id,
        client=hook.client_id,
        program=client.name,
        address=hook.address,
        kinds=frozenset(ChangeKind(each) for each in hook.kinds),
        agency=hook.agency or client.agency or None,
        state=HookState(state.state),
        since=state.recorded_at,
        created_at=hook.created_at,
        ended=ended is not None,
    )
