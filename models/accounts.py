"""Read the accounts as they stand: the newest state of each."""

from dataclasses import dataclass, field

from sqlmodel import Session, col, func, select

from models.account_tables import Account, AccountState
from rules.access import Role, Visitor


@dataclass(frozen=True)
class AccountAsIs:
    """An account with its newest state; `state` is that row's id, which a session holds on to."""

    state: int
    visitor: Visitor
    subject: str
    closed: bool
    password_hash: str = field(repr=False)


def accounts_of(session: Session, *, only: int | None = None, name: str | None = None) -> list[AccountAsIs]:
    """Return the accounts by name; `only` one id, or the one called `name`."""
    newest = select(func.max(AccountState.id)).group_by(col(AccountState.account_id))
    query = (
        select(Account, AccountState)
        .join(AccountState, col(AccountState.account_id) == col(Account.id))
        .where(col(AccountState.id).in_(newest))
        .order_by(Account.name)
    )
    if only is not None:
        query = query.where(Account.id == only)
    if name is not None:
        query = query.where(Account.name == name)
    return [_as_is(account, state) for account, state in session.exec(query)]


def _as_is(account: Account, state: AccountState) -> AccountAsIs:
    assert account.id is not None
    assert state.id is not None
    visitor = Visitor(account.id, account.name, state.post, Role(state.role), state.agency or None)
    return AccountAsIs(state.id, visitor, account.subject, state.closed, state.password_hash)


def visitor_of(session: Session, account: int, state: int) -> Visitor | None:
    """Return who holds a session begun at `state`, or None when the account has changed or closed since."""
    found = accounts_of(session, only=account)
    return found[0].visitor if found and found[0].state == state and not found[0].closed else None
