"""Which programs may ask `/api/v1`: a token is issued once and kept as its digest alone; taking it back is final."""

from datetime import datetime
from secrets import token_urlsafe

from sqlmodel import Session

from decisions.accounts import AccountRefusedError
from models.account_tables import ApiClient, ApiClientEnd
from models.accounts import digest_of
from models.outcome_tables import AuditEntry
from models.reference import register_of
from models.store import Store
from models.writers import wait_for_writers_of
from rules.access import Caller, Scope

_PREFIX = "dondoc_"


def issue_client(store: Store, *, name: str, scope: Scope, agency: str = "", by: str, now: datetime) -> str:
    """Let a program in, held to an agency or to none (""); return its token, shown this once.

    Raises AccountRefusedError.
    """
    token = _PREFIX + token_urlsafe(32)
    named = name.strip()
    if not named:
        raise AccountRefusedError("signing.no_client_name")
    with store.writing() as session:
        if agency and agency not in {each.code for each in register_of(session).agencies}:
            raise AccountRefusedError("portal.bad_agency", found=agency)
        client = ApiClient(
            name=named, scope=scope, agency=agency, token_sha256=digest_of(token), created_at=now, created_by=by
        )
        session.add(client)
        session.flush()
        _audit(session, client, "issue", by, now)
    return token


def end_client(store: Store, client: int, *, by: str, now: datetime) -> None:
    """Take a program's token back. Raises AccountRefusedError for one that is unknown or has ended."""
    with store.writing() as session:
        wait_for_writers_of(session, ApiClientEnd)
        found = session.get(ApiClient, client)
        if found is None or session.get(ApiClientEnd, client) is not None:
            raise AccountRefusedError("signing.no_client")
        session.add(ApiClientEnd(client_id=client, ended_at=now, ended_by=by))
        _audit(session, found, "end", by, now)


def note_sent(session: Session, caller: Caller, *, batch: int, sha256: str, now: datetime) -> None:
    """Say in the audit trail, in the transaction that records a batch, which program sent its workbook."""
    detail = {"client": caller.client, "batch": batch, "sha256": sha256}
    session.add(AuditEntry(at=now, by=caller.name, action="api_client.sent", subject=str(batch), detail=detail))


def _audit(session: Session, client: ApiClient, what: str, by: str, now: datetime) -> None:
    detail = {"client": client.id, "scope": str(client.scope), "agency": client.agency}
    session.add(AuditEntry(at=now, by=by, action=f"api_client.{what}", subject=client.name, detail=detail))
