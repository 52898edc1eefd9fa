"""What an administrator decides about subscriptions of other systems: one transaction and one audit entry each."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, func, select

from models.account_tables import ApiClient, ApiClientEnd
from models.assignment_tables import Batch
from models.outcome_tables import AuditEntry
from models.reference import register_of
from models.store import Store
from models.webhook_tables import Webhook, WebhookReading, WebhookState
from models.webhooks import HookAsIs, Source, append_state, hooks_of
from models.writers import wait_for_writers_of
from rules.webhook import OF_ALL_AGENCIES, ChangeKind, HookState, place_of
from texts import SaidError


class WebhookRefusedError(SaidError):
    """What was asked of a subscription cannot be; the message says why and what to do."""


def subscribe(
    store: Store, *, client: int, address: str, kinds: Collection[ChangeKind], agency: str = "",
    inside: Collection[str], by: str, now: datetime,
) -> int:  # fmt: skip
    """Let a program hear of changes from now on; return the subscription's number.

    `inside` are the hosts of this network it may be reached at, `agency` narrows what a program of all agencies hears.
    Raises WebhookRefusedError.
    """
    place = place_of(address.strip(), inside=inside)
    if isinstance(place, str):
        raise WebhookRefusedError(f"webhooks.bad_{place}")
    if not kinds:
        raise WebhookRefusedError("webhooks.no_kind")
    with store.writing() as session:
        wait_for_writers_of(session, ApiClientEnd)
        heard = _scope(session, client, agency, kinds)
        hook = Webhook(
            client_id=client, address=address.strip(), kinds=sorted(map(str, kinds)), agency=heard,
            created_at=now, created_by=by,
        )  # fmt: skip
        session.add(hook)
        session.flush()
        assert hook.id is not None
        session.add(WebhookState(webhook_id=hook.id, state=HookState.ON, recorded_at=now, recorded_by=by))
        session.add_all(_read_from_now(session, hook.id, now))
        detail = {"client": client, "host": place.host, "kinds": hook.kinds, "agency": heard}
        session.add(AuditEntry(at=now, by=by, action="webhook.add", subject=str(hook.id), detail=detail))
        return hook.id


def turn(store: Store, number: int, state: HookState, *, by: str, now: datetime) -> None:
    """Pause a subscription, let it hear again (of all that happened meanwhile), or remove it for good.

    Raises WebhookRefusedError for one that is unknown or was removed. The same again changes nothing.
    """
    with store.writing() as session:
        wait_for_writers_of(session, WebhookState)
        found = _standing(session, number)
        if found.state is not state:
            append_state(session, found, state, by=by, now=now)


def standing(store: Store, number: int) -> HookAsIs:
    """Return a subscription. Raises WebhookRefusedError for one that is unknown or was removed."""
    with store.reading() as session:
        return _standing(session, number)


def _standing(session: Session, number: int) -> HookAsIs:
    found = next(iter(hooks_of(session, only=number)), None)
    if found is None or found.state is HookState.REMOVED:
        raise WebhookRefusedError("webhooks.unknown", found=number)
    return found


def _scope(session: Session, client: int, agency: str, kinds: Collection[ChangeKind]) -> str:
    """Return the one agency to hear of, "" for all. Raises WebhookRefusedError for what the program may not hear."""
    program = session.get(ApiClient, client)
    if program is None or session.get(ApiClientEnd, client) is not None:
        raise WebhookRefusedError("webhooks.no_client", found=client)
    if agency and agency not in {each.code for each in register_of(session).agencies}:
        raise WebhookRefusedError("portal.bad_agency", found=agency)
    if agency and program.agency not in ("", agency):
        raise WebhookRefusedError("webhooks.not_its_agency", agency=program.agency)
    heard = agency or program.agency
    if heard and OF_ALL_AGENCIES.intersection(kinds):
        raise WebhookRefusedError("webhooks.all_agencies_only")
    return heard


def _read_from_now(session: Session, number: int, now: datetime) -> list[WebhookReading]:
    newest = {
        Source.BATCHES: session.exec(select(func.max(col(Batch.id)))).one(),
        Source.AUDIT: session.exec(select(func.max(col(AuditEntry.id)))).one(),
    }
    return [
        WebhookReading(webhook_id=number, source=source, position=position or 0, read_at=now)
        for source, position in newest.items()
    ]
