"""Signing in and out: who may, who must wait, and an entry in the audit trail for each.

A name is locked and an address held back whether the name exists or not, and a refusal says the same and takes as
long: nobody learns here which names there are. What somebody fails at elsewhere does not lock the holder of a name out:
failures count for a name from one place, and a browser it was signed in with before is a place of its own.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from decisions.passwords import IN_LINE, hashed, is_outdated, matches
from models.account_tables import AccountIdentity, AccountState, SessionEnd, SignInAttempt
from models.accounts import AccountAsIs, account_by_email, account_by_identity, accounts_of
from models.outcome_tables import AuditEntry
from models.store import Store
from models.writers import wait_for_writers_of
from texts import SaidError

FAILURES_FROM_ONE_PLACE, FAILURES_FROM_AN_ADDRESS, FAILURES_OF_A_NAME = 5, 30, 50
WAITING = timedelta(minutes=15)
_UNKNOWN = "—"
_ONE_SUBSCRIBER = 64


class SignInRefusedError(SaidError):
    """Nobody was signed in; the message says what to do."""


class TooManyAttemptsError(SignInRefusedError):
    """A name or an address must wait."""


class BusyError(SignInRefusedError):
    """Too many sign in at this moment; nothing was counted."""


def sign_in(
    store: Store, *, name: str, password: str, address: str, now: datetime, device: str = "", audited: str = "signed_in"
) -> AccountAsIs:
    """Return the account of a name and its password; `audited` names what they were given for.

    `device` is what a browser is known by in which the holder of the name signed in before ("": it is not known).
    Raises TooManyAttemptsError for 15 minutes: after 5 failures of a name within that time from one place (a known
    browser, else an address; of IPv6 a /64), and, for browsers not known, after 30 from an address or 50 of a name;
    BusyError when 10 sign in already; SignInRefusedError for a wrong name or password.
    """
    if not IN_LINE.acquire(blocking=False):
        raise BusyError("signing.busy")
    try:
        return _sign_in(store, name.strip(), password, (address, device), now, audited)
    finally:
        IN_LINE.release()


def _sign_in(
    store: Store, typed: str, password: str, whence: tuple[str, str], now: datetime, audited: str
) -> AccountAsIs:
    address, device = whence
    attempt: dict[str, Any] = {"name": _kept(typed), "address": f"device {device}" if device else _network_of(address)}
    if not _may_try(store, attempt, now, is_known=bool(device)):
        raise TooManyAttemptsError("signing.too_many", minutes=int(WAITING.total_seconds() // 60))
    with store.reading() as session:
        found = next(iter(accounts_of(session, name=typed) or accounts_of(session, name=typed.lower())), None)
    good = matches(found.password_hash if found and not found.closed else "", password)
    renewed = hashed(password) if good and found and is_outdated(found.password_hash) else ""
    with store.writing() as session:
        if renewed:
            wait_for_writers_of(session, AccountState)
        if not good or found is None:
            _audit(session, found.visitor.name if found else _UNKNOWN, "refused", address, now)
        else:
            session.add(SignInAttempt(**attempt, succeeded=True, at=now))
            if renewed:
                _renew(session, found, renewed, now)
            _audit(session, found.visitor.name, audited, address, now)
    if not good or found is None:
        raise SignInRefusedError("signing.wrong_password")
    return found


def sign_in_by_identity(
    store: Store, *, issuer: str, subject: str, email: str, address: str, now: datetime
) -> AccountAsIs:
    """Return the account of somebody an identity provider vouches for; `email` is one it has verified, or "".

    An account opened for that e-mail is bound to them at their first sign-in. Raises SignInRefusedError for the rest.
    """
    with store.writing() as session:
        wait_for_writers_of(session, AccountState)
        found = account_by_identity(session, issuer, subject)
        waiting = account_by_email(session, email) if email and not found else None
        if waiting:
            found = waiting
            session.add(AccountIdentity(account_id=found.visitor.account, issuer=issuer, subject=subject, bound_at=now))
            _audit(session, found.visitor.name, "bound", address, now, issuer=issuer)
        _audit(session, found.visitor.name if found else _UNKNOWN, "signed_in" if found else "refused", address, now)
    if found is None:
        raise SignInRefusedError("signing.unknown_person")
    return found


def sign_out(store: Store, *, session_name: str, name: str, now: datetime) -> None:
    """End a session for good: its cookie is of no use any more, wherever a copy lies."""
    with store.writing() as session:
        if session.get(SessionEnd, session_name) is None:
            session.add(SessionEnd(session=session_name, ended_at=now))
            session.add(AuditEntry(at=now, by=name, action="sign_in.signed_out", subject=name))


def _may_try(store: Store, attempt: dict[str, Any], now: datetime, *, is_known: bool) -> bool:
    """Count an attempt before its password is looked at, so that many at once are counted too."""
    with store.writing() as session:
        wait_for_writers_of(session, SignInAttempt)
        if _is_locked(session, attempt, now) or (not is_known and _is_held_back(session, attempt, now)):
            return False
        session.add(SignInAttempt(**attempt, succeeded=False, at=now))
    return True


def _is_locked(session: Session, attempt: dict[str, Any], now: datetime) -> bool:
    """Say whether a name failed too often in a row from one place."""
    query = select(SignInAttempt).where(
        SignInAttempt.name == attempt["name"], SignInAttempt.address == attempt["address"]
    )
    last = session.exec(query.order_by(col(SignInAttempt.id).desc()).limit(FAILURES_FROM_ONE_PLACE)).all()
    failed = len(last) == FAILURES_FROM_ONE_PLACE and not any(each.succeeded for each in last)
    return failed and last[0].at - last[-1].at <= WAITING and now < last[0].at + WAITING


def _is_held_back(session: Session, attempt: dict[str, Any], now: datetime) -> bool:
    """Say whether an address tried too many names, or a name was tried from too many addresses."""
    from_address = _failures(session, col(SignInAttempt.address) == attempt["address"], now)
    of_name = _failures(session, col(SignInAttempt.name) == attempt["name"], now)
    return from_address >= FAILURES_FROM_AN_ADDRESS or of_name >= FAILURES_OF_A_NAME


def _failures(session: Session, those: ColumnElement[bool], now: datetime) -> int:
    """Count the failures: an attempt that succeeded stands twice, once as tried."""
    query = select(SignInAttempt.succeeded, func.count()).where(those, SignInAttempt.at > now - WAITING)
    counts = dict(session.exec(query.group_by(col(SignInAttempt.succeeded))).all())
    return counts.get(False, 0) - counts.get(True, 0)


def _network_of(address: str) -> str:
    """Return what one subscriber is known by: the address, of IPv6 the 64 bits a subscriber is given."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:100]
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((int(found), _ONE_SUBSCRIBER), strict=False))


def _renew(session: Session, found: AccountAsIs, password_hash: str, now: datetime) -> None:
    """Keep the same password under today's parameters, unless it was changed meanwhile; sessions go on."""
    as_now = accounts_of(session, only=found.visitor.account)[0]
    if as_now != found:
        return
    state = AccountState(
        account_id=found.visitor.account,
        post=found.visitor.post,
        role=found.visitor.role,
        agency=found.visitor.agency or "",
        password_hash=password_hash,
        must_change=found.must_change,
        epoch=found.epoch,
        recorded_at=now,
        recorded_by=found.visitor.name,
    )
    session.add(state)


def _kept(name: str) -> str:
    return sha256(name.casefold().encode()).hexdigest()[:8]


def _audit(session: Session, name: str, what: str, address: str, now: datetime, **more: str) -> None:
    detail = {"address": address[:100], **more}
    session.add(AuditEntry(at=now, by=name, action=f"sign_in.{what}", subject=name, detail=detail))
