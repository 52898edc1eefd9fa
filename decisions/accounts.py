"""What an administrator decides about accounts: one transaction and one audit entry each; states are appended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from re import fullmatch
from typing import Any

from sqlmodel import Session

from decisions.passwords import hashed, one_time_password
from models.account_tables import BY_INIT, Account, AccountState
from models.accounts import AccountAsIs, accounts_of
from models.outcome_tables import AuditEntry
from models.reference import register_of
from models.store import Store
from models.writers import wait_for_writers_of
from rules.access import OF_ONE_AGENCY, SHORTEST_PASSWORD, Role, password_problem
from texts import SaidError

_NAME = r"[a-z0-9][a-z0-9._@-]{1,79}"
_EMAIL = r"[^@\s]{1,64}@[^@\s]{1,190}"


class AccountRefusedError(SaidError):
    """What was asked of an account cannot be; the message says why and what to do."""


@dataclass(frozen=True)
class Holding:
    """What somebody is to hold: the post an account speaks for, its role, and the agency it is held to ("": all)."""

    post: str
    role: Role
    agency: str = ""


def open_account(store: Store, *, name: str, holding: Holding, email: str = "", by: str, now: datetime) -> str:
    """Open an account; return its one-time password.

    With an `email` people sign in at the identity provider that vouches for it, and the password is "". Raises
    AccountRefusedError.
    """
    if not fullmatch(_NAME, name):
        raise AccountRefusedError("signing.bad_name", found=name)
    if email and not fullmatch(_EMAIL, email):
        raise AccountRefusedError("signing.bad_email", found=email)
    password = "" if email else one_time_password()
    with store.writing() as session:
        wait_for_writers_of(session, AccountState)
        _check(session, holding)
        if accounts_of(session, name=name):
            raise AccountRefusedError("signing.name_taken", found=name)
        if email and any(each.email.lower() == email.lower() and not each.closed for each in accounts_of(session)):
            raise AccountRefusedError("signing.email_taken", found=email)
        _open(session, name, holding, email, password, by=by, now=now)
    return password


def first_administrator(store: Store, *, name: str, password: str = "", now: datetime) -> str | None:
    """Open the account of an administrator where there is none; return its password, None where there is one.

    Without a `password` a random one is made, to be changed at the first sign-in. Raises AccountRefusedError for a
    weak one.
    """
    if password:
        check_password(password, name)
    with store.writing() as session:
        wait_for_writers_of(session, AccountState)
        known = accounts_of(session)
        if any(each.visitor.role is Role.ADMINISTRATOR and not each.closed for each in known):
            return None
        if any(each.visitor.name == name for each in known):
            raise AccountRefusedError("signing.name_taken", found=name)
        given = password or one_time_password()
        holding = Holding("Quản trị tài khoản", Role.ADMINISTRATOR)
        _open(session, name, holding, "", given, by=BY_INIT, now=now, must_change=not password)
    return given


def change_account(store: Store, account: int, *, holding: Holding, by: str, now: datetime) -> None:
    """Give an account another post, role or agency; its sessions end. Raises AccountRefusedError."""
    with store.writing() as session:
        wait_for_writers_of(session, AccountState)
        found = _standing(session, account)
        _check(session, holding)
        if holding.role is not Role.ADMINISTRATOR:
            _not_the_last(session, found)
        before = {"post": found.visitor.post, "role": found.visitor.role, "agency": found.visitor.agency or ""}
        _state(session, found, by, now, post=holding.post.strip(), role=holding.role, agency=holding.agency)
        _audit(session, found.visitor.name, "change", by, now, {"before": before, "after": _told(holding)})


def set_password(store: Store, account: int, *, password: str, by: str, now: datetime) -> None:
    """Give an account the password its holder chose; its other sessions end. Raises AccountRefusedError."""
    kept = hashed(password)
    with store.writing() as session:
        wait_for_writers_of(session, AccountState)
        found = _standing(session, account)
        check_password(password, found.visitor.name)
        _state(session, found, by, now, password_hash=kept, must_change=False)
        _audit(session, found.visitor.name, "password", by, now, {})


def reset_password(store: Store, account: int, *, by: str, now: datetime) -> str:
    """Give an account a one-time password and return it; its sessions end.

    Raises AccountRefusedError, for one whose holder signs in at an identity provider too: it has no password here.
    """
    password = one_time_password()
    kept = hashed(password)
    with store.writing() as session:
        wait_for_writers_of(session, AccountState)
        found = _standing(session, account)
        if found.email:
            raise AccountRefusedError("signing.no_password_here", email=found.email)
        _state(session, found, by, now, password_hash=kept, must_change=True)
        _audit(session, found.visitor.name, "reset", by, now, {})
    return password


def close_account(store: Store, account: int, *, by: str, now: datetime) -> None:
    """Close an account: nobody signs in with it any more, its sessions end. Raises AccountRefusedError."""
    with store.writing() as session:
        wait_for_writers_of(session, AccountState)
        found = _standing(session, account)
        _not_the_last(session, found)
        _state(session, found, by, now, closed=True)
        _audit(session, found.visitor.name, "close", by, now, {})


def check_password(password: str, name: str) -> None:
    """Raise AccountRefusedError for a password that will not do."""
    problem = password_problem(password, name)
    if problem:
        raise AccountRefusedError(f"signing.password_{problem}", shortest=SHORTEST_PASSWORD)


def _open(
    session: Session, name: str, holding: Holding, email: str, password: str, *, by: str, now: datetime,
    must_change: bool = True,
) -> None:  # fmt: skip
    account = Account(name=name, email=email, created_at=now, created_by=by)
    session.add(account)
    session.flush()
    assert account.id is not None
    first = AccountState(
        account_id=account.id,
        post=holding.post.strip(),
        role=holding.role,
        agency=holding.agency,
        password_hash=hashed(password) if password else "",
        must_change=must_change and bool(password),
        recorded_at=now,
        recorded_by=by,
    )
    session.add(first)
    _audit(session, name, "open", by, now, {**_told(holding), "email": email})


def _state(session: Session, found: AccountAsIs, by: str, now: datetime, **changed: object) -> None:
    """Append a state that is the one before but for what changed, and ends its sessions."""
    kept: dict[str, Any] = {
        "account_id": found.visitor.account,
        "post": found.visitor.post,
        "role": found.visitor.role,
        "agency": found.visitor.agency or "",
        "password_hash": found.password_hash,
        "must_change": found.must_change,
        "epoch": found.epoch + 1,
    }
    session.add(AccountState(**{**kept, **changed}, recorded_at=now, recorded_by=by))


def _standing(session: Session, account: int) -> AccountAsIs:
    found = accounts_of(session, only=account)
    if not found or found[0].closed:
        raise AccountRefusedError("signing.no_account")
    return found[0]


def _check(session: Session, holding: Holding) -> None:
    if not holding.post.strip():
        raise AccountRefusedError("signing.no_post")
    if holding.agency and holding.agency not in {agency.code for agency in register_of(session).agencies}:
        raise AccountRefusedError("portal.bad_agency", found=holding.agency)
    if holding.agency and holding.role not in OF_ONE_AGENCY:
        raise AccountRefusedError("signing.sees_all")
    if holding.role is Role.FOCAL_POINT and not holding.agency:
        raise AccountRefusedError("signing.needs_agency")


def _not_the_last(session: Session, found: AccountAsIs) -> None:
    administrators = [a for a in accounts_of(session) if a.visitor.role is Role.ADMINISTRATOR and not a.closed]
    if [each.visitor.account for each in administrators] == [found.visitor.account]:
        raise AccountRefusedError("signing.last_administrator")


def _told(holding: Holding) -> dict[str, str]:
    return {"post": holding.post.strip(), "role": str(holding.role), "agency": holding.agency}


def _audit(session: Session, name: str, what: str, by: str, now: datetime, detail: Mapping[str, object]) -> None:
    session.add(AuditEntry(at=now, by=by, action=f"account.{what}", subject=name, detail=dict(detail)))
