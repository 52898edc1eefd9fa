"""Read the accounts as they stand: the newest state of each; and the programs whose token is good."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from models.account_tables import Account, AccountIdentity, AccountState, ApiClient, ApiClientEnd, SessionEnd
from rules.access import Caller, Role, Scope, Visitor


@dataclass(frozen=True)
class AccountAsIs:
    """An account with its newest state; a session holds on to `epoch`."""

    epoch: int
    visitor: Visitor
    email: str
    must_change: bool
    closed: bool
    since: datetime
    password_hash: str = field(repr=False)


@dataclass(frozen=True)
class ClientAsIs:
    """A program with a token, and until when it was good (None: it is)."""

    caller: Caller
    created_at: datetime
    created_by: str
    ended_at: datetime | None


def accounts_of(session: Session, *, only: int | None = None, name: str | None = None) -> list[AccountAsIs]:
    """Return the accounts by name; `only` one id, or the one called `name`."""
    if only is not None:
        return _found(session, col(Account.id) == only)
    return _found(session, *([] if name is None else [col(Account.name) == name]))


def account_by_email(session: Session, email: str) -> AccountAsIs | None:
    """Return the one open account that waits for this e-mail at an identity provider and is bound to nobody yet."""
    bound = select(AccountIdentity.account_id)
    same = func.lower(col(Account.email)) == email.lower()
    waiting = _found(session, same, col(Account.email) != "", col(Account.id).not_in(bound))
    found = [each for each in waiting if not each.closed]
    return found[0] if len(found) == 1 else None


def account_by_identity(session: Session, issuer: str, subject: str) -> AccountAsIs | None:
    """Return the open account bound to somebody at an identity provider; of one that was closed they are free."""
    whom = select(AccountIdentity.account_id).where(
        AccountIdentity.issuer == issuer, AccountIdentity.subject == subject
    )
    return next((each for each in _found(session, col(Account.id).in_(whom)) if not each.closed), None)


def session_holder(session: Session, account: int, epoch: int, name: str) -> AccountAsIs | None:
    """Return who holds the session `name` begun at `epoch`; None when it was ended, or the account changed since."""
    found = accounts_of(session, only=account)
    ended = session.get(SessionEnd, name) is not None
    return found[0] if found and found[0].epoch == epoch and not found[0].closed and not ended else None


def clients_of(session: Session) -> list[ClientAsIs]:
    """Return the programs that have or had a token, newest first."""
    query = select(ApiClient, ApiClientEnd.ended_at).join(ApiClientEnd, isouter=True)
    rows = session.exec(query.order_by(col(ApiClient.id).desc()))
    return [ClientAsIs(_caller(client), client.created_at, client.created_by, ended_at) for client, ended_at in rows]


def caller_of(session: Session, token: str) -> Caller | None:
    """Return the program a token belongs to; None for a token that is unknown or was taken back."""
    query = select(ApiClient).join(ApiClientEnd, isouter=True)
    known = query.where(ApiClient.token_sha256 == digest_of(token), col(ApiClientEnd.client_id).is_(None))
    client = session.exec(known).first()
    return _caller(client) if client else None


def digest_of(token: str) -> str:
    """Return what is kept of a token."""
    return sha256(token.encode()).hexdigest()


def _found(session: Session, *where: ColumnElement[bool]) -> list[AccountAsIs]:
    newest = select(func.max(AccountState.id)).group_by(col(AccountState.account_id))
    query = (
        select(Account, AccountState)
        .join(AccountState, col(AccountState.account_id) == col(Account.id))
        .where(col(AccountState.id).in_(newest), *where)
        .order_by(Account.name)
    )
    return [_as_is(account, state) for account, state in session.exec(query)]


def _as_is(account: Account, state: AccountState) -> AccountAsIs:
    assert account.id is not None
    visitor = Visitor(account.id, account.name, state.post, Role(state.role), state.agency or None)
    return AccountAsIs(
        state.epoch, visitor, account.email, state.must_change, state.closed, state.recorded_at, state.password_hash
    )


def _caller(client: ApiClient) -> Caller:
    assert client.id is not None
    return Caller(client.id, client.name, Scope(client.scope), client.agency or None)
