"""Signing in and out: who may, who must wait, and an entry in the audit trail for each.

A name is locked and an address held back whether the name exists or not, and a refusal says the same and takes as
long: nobody learns here which names there are.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from decisions.accounts import one_at_a_time
from decisions.passwords import hashed, is_outdated, matches
from models.account_tables import AccountIdentity, AccountState, SessionEnd, SignInAttempt
from models.accounts import AccountAsIs, account_by_email, account_by_identity, accounts_of
from models.outcome_tables import AuditEntry
from models.store import Store
from texts import SaidError

FAILURES_OF_A_NAME, FAILURES_FROM_AN_ADDRESS = 5, 30
WAITING = timedelta(minutes=15)
_UNKNOWN = "—"


class SignInRefusedError(SaidError):
    """Nobody was signed in; the message says what to do."""


class TooManyAttemptsError(SignInRefusedError):
    """A name or an address must wait."""


def sign_in(
    store: Store, *, name: str, password: str, address: str, now: datetime, audited: str = "signed_in"
) -> AccountAsIs:
    """Return the account of a name and its password; `audited` names what they were given for.

    Raises TooManyAttemptsError after 5 failures of a name within 15 minutes, for 15 minutes, and after 30 from an
    address; SignInRefusedError for a wrong name or password.
    """
    typed, minutes = name.strip(), int(WAITING.total_seconds() // 60)
    attempt: dict[str, Any] = {"name": _kept(typed), "address": address[:100]}
    if not _may_try(store, attempt, now):
        raise TooManyAttemptsError("signing.too_many", minutes=minutes)
    with store.reading() as session:
        found = next(iter(accounts_of(session, name=typed) or accounts_of(session, name=typed.lower())), None)
    good = matches(found.password_hash if found and not found.closed else "", password)
    renewed = hashed(password) if good and found and is_outdated(found.password_hash) else ""
    with store.writing() as session:
        if renewed:
            one_at_a_time(session)
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
        one_at_a_time(session)
        found = account_by_identity(session, issuer, subject)
        waiting = account_by_email(session, email) if email and not found else None
        if waiting:
            found = waiting
            session.add(AccountIdentity(account_id=found.visitor.account, issuer=issuer, subject=subject, bound_at=now))
            _audit(session, found.visitor.name, "bound", address, now, issuer=issuer)
        good = found is not None and not found.closed
        _audit(session, found.visitor.name if found else _UNKNOWN, "signed_in" if good else "refused", address, now)
    if found is None or found.closed:
        raise SignInRefusedError("signing.unknown_person")
    return found


def sign_out(store: Store, *, session_name: str, name: str, now: datetime) -> None:
    """End a session for good: its cookie is of no use any more, wherever a copy lies."""
    with store.writing() as session:
        if session.get(SessionEnd, session_name) is None:
            session.add(SessionEnd(session=session_name, ended_at=now))
            session.add(AuditEntry(at=now, by=name, action="sign_in.signed_out", subject=name))


def _may_try(store: Store, attempt: dict[str, Any], now: datetime) -> bool:
    """Count an attempt before its password is looked at, so that many at once are counted too."""
    with store.writing() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("LOCK TABLE sign_in_attempt IN SHARE ROW EXCLUSIVE MODE"))
        if _is_locked(session, attempt["name"], now) or _is_held_back(session, attempt["address"], now):
            return False
        session.add(SignInAttempt(**attempt, succeeded=False, at=now))
    return True


def _is_locked(session: Session, name: str, now: datetime) -> bool:
    newest = select(SignInAttempt).where(SignInAttempt.name == name).order_by(col(SignInAttempt.id).desc())
    last = session.exec(newest.limit(FAILURES_OF_A_NAME)).all()
    failed = len(last) == FAILURES_OF_A_NAME and not any(each.succeeded for each in last)
    return failed and last[0].at - last[-1].at <= WAITING and now < last[0].at + WAITING


def _is_held_back(session: Session, address: str, now: datetime) -> bool:
    """Count the failures: an attempt that succeeded stands twice, once as tried."""
    query = select(SignInAttempt.succeeded, func.count()).where(
        SignInAttempt.address == address, SignInAttempt.at > now - WAITING
    )
    counts = dict(session.exec(query.group_by(col(SignInAttempt.succeeded))).all())
    return counts.get(False, 0) - counts.get(True, 0) >= FAILURES_FROM_AN_ADDRESS


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
