"""Who may use a route. Every route declares it: `Needs(right)` for people signed in, or `OpenTo(whom)` for others.

A form of a signed-in visitor carries the token of its session; without it nothing is changed.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import compare_digest, token_urlsafe
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from models.accounts import AccountAsIs, session_holder
from models.store import Store
from rules.access import Right, Visitor
from texts import SaidError

SIGN_IN, OWN_PASSWORD = "/sign-in", "/password"
LONGEST_SESSION = timedelta(hours=8)
_SEEN_AGAIN = timedelta(minutes=1)
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_FROM_HERE = frozenset({"same-origin", "none", None})
_OWN_CHANGE = timedelta(minutes=10)
_NUMBERS = 4
_ACCOUNT, _EPOCH, _NAME, _BEGAN, _SEEN, _FORM_TOKEN = "account", "epoch", "name", "began", "seen", "form"
_CHANGED = "changed"


class NotSignedInError(Exception):
    """Nobody is signed in; a page leads to the sign-in, with the way back."""


class MustChangePasswordError(Exception):
    """The visitor signed in with a one-time password, and may do nothing before choosing another."""


class NotAllowedError(SaidError):
    """The visitor may not do this; the message says what their role lacks."""


class ForeignFormError(SaidError):
    """A form was not sent from a page of this session."""


@dataclass(frozen=True)
class OpenTo:
    """Declares that a route asks nobody to sign in, and to whom it is open: a reason to read in the route."""

    whom: str

    def __call__(self) -> None:
        """Let everybody through."""


@dataclass(frozen=True)
class Needs:
    """Declares the right a route asks for; gives the route its visitor, after the token of a form was held against it.

    Raises NotSignedInError, NotAllowedError or ForeignFormError.
    """

    right: Right

    async def __call__(self, request: Request) -> Visitor:
        """Return the visitor of a request."""
        visitor = await run_in_threadpool(visitor_here, request)
        if visitor is None:
            raise NotSignedInError
        if request.state.holder.must_change and self.right is not Right.OWN_PASSWORD:
            raise MustChangePasswordError
        if not visitor.may(self.right):
            raise NotAllowedError("portal.not_allowed", role=visitor.role)
        if request.method not in _READING:
            given = (await request.form()).get("form_token")
            _hold_against(request.session, given if isinstance(given, str) else "")
            request.session[_CHANGED] = int(request.app.state.now().timestamp())
        return visitor


Looking = Annotated[Visitor, Depends(Needs(Right.LOOK))]
SeeingPeople = Annotated[Visitor, Depends(Needs(Right.SEE_PEOPLE))]
Answering = Annotated[Visitor, Depends(Needs(Right.ANSWER))]
Reporting = Annotated[Visitor, Depends(Needs(Right.REPORT_PROGRESS))]
Recording = Annotated[Visitor, Depends(Needs(Right.RECORD_WORKBOOKS))]
Deciding = Annotated[Visitor, Depends(Needs(Right.DECIDE))]
ReadingEditions = Annotated[Visitor, Depends(Needs(Right.READ_EDITIONS))]
WritingEditions = Annotated[Visitor, Depends(Needs(Right.WRITE_EDITIONS))]
SeeingOperations = Annotated[Visitor, Depends(Needs(Right.SEE_OPERATIONS))]
RunningOperations = Annotated[Visitor, Depends(Needs(Right.RUN_OPERATIONS))]
SeeingAudit = Annotated[Visitor, Depends(Needs(Right.SEE_AUDIT))]
ManagingAccounts = Annotated[Visitor, Depends(Needs(Right.MANAGE_ACCOUNTS))]
ChangingPassword = Annotated[Visitor, Depends(Needs(Right.OWN_PASSWORD))]


async def sent_from_here(request: Request) -> None:
    """Refuse a form that the browser says another site sent; every route asks, beside the token of the session."""
    if request.method not in _READING and request.headers.get("sec-fetch-site") not in _FROM_HERE:
        raise ForeignFormError("portal.foreign_form")


def visitor_here(request: Request) -> Visitor | None:
    """Return who is signed in, looked up once per request.

    None without a session, after one was ended, was left alone too long, or its account has changed.
    """
    if not hasattr(request.state, "holder"):
        request.state.holder = _holder(request)
    holder = request.state.holder
    assert holder is None or isinstance(holder, AccountAsIs)
    return holder.visitor if holder else None


def was_signed_in(request: Request) -> bool:
    """Whether somebody was signed in here whose session has ended since."""
    return isinstance(request.session.get(_ACCOUNT), int)


def changed_lately(request: Request) -> bool:
    """Whether this session changed something in the last ten minutes, and so waits to see it."""
    at = request.session.get(_CHANGED)
    return isinstance(at, int) and request.app.state.now().timestamp() - at < _OWN_CHANGE.total_seconds()


def begin(session: MutableMapping[str, Any], account: AccountAsIs, now: datetime) -> None:
    """Begin a session for an account; what an earlier one held is gone."""
    language, at = session.get("language"), int(now.timestamp())
    session.clear()
    session.update(
        {
            _ACCOUNT: account.visitor.account,
            _EPOCH: account.epoch,
            _NAME: token_urlsafe(18),
            _BEGAN: at,
            _SEEN: at,
            _FORM_TOKEN: token_urlsafe(24),
        }
    )
    if language:
        session["language"] = language


def name_of(session: MutableMapping[str, Any]) -> str:
    """Return the name a session bears, "" before somebody signed in."""
    return str(session.get(_NAME, ""))


def form_token(session: MutableMapping[str, Any]) -> str:
    """Return the token the forms of a session carry."""
    return str(session.setdefault(_FORM_TOKEN, token_urlsafe(24)))


def _holder(request: Request) -> AccountAsIs | None:
    session, store = request.session, request.app.state.store
    assert isinstance(store, Store)
    numbers = [number for name in (_ACCOUNT, _EPOCH, _BEGAN, _SEEN) if isinstance(number := session.get(name), int)]
    if len(numbers) < _NUMBERS:
        return None
    account, epoch, began, seen = numbers
    at = int(request.app.state.now().timestamp())
    if at - began >= LONGEST_SESSION.total_seconds() or at - seen >= request.app.state.idle.total_seconds():
        return None
    with store.reading() as reading:
        found = session_holder(reading, account, epoch, name_of(session))
    if found and at - seen >= _SEEN_AGAIN.total_seconds():
        session[_SEEN] = at
    return found


def _hold_against(session: MutableMapping[str, Any], given: str) -> None:
    if not compare_digest(given.encode(), form_token(session).encode()):
        raise ForeignFormError("portal.foreign_form")
