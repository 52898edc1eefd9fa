"""Who may use a route. Every route declares it: `Needs(right)` for people signed in, or `OpenTo(whom)` for others.

A form of a signed-in visitor carries the token of its session; without it nothing is changed.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass
from secrets import compare_digest, token_urlsafe
from typing import Annotated, Any

from fastapi import Depends, Request

from models.accounts import AccountAsIs, visitor_of
from models.store import Store
from rules.access import Right, Visitor
from texts import SaidError

SIGN_IN = "/sign-in"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_ACCOUNT, _STATE, _FORM_TOKEN = "account", "state", "form"


class NotSignedInError(Exception):
    """Nobody is signed in; a page leads to the sign-in, with the way back."""


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
        visitor = visitor_here(request)
        if visitor is None:
            raise NotSignedInError
        request.state.visitor = visitor
        if not visitor.may(self.right):
            raise NotAllowedError("portal.not_allowed", role=visitor.role)
        if request.method not in _READING:
            given = (await request.form()).get("form_token")
            _hold_against(request.session, given if isinstance(given, str) else "")
        return visitor


Looking = Annotated[Visitor, Depends(Needs(Right.LOOK))]
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


def visitor_here(request: Request) -> Visitor | None:
    """Return who is signed in, read from the session once per request; None without or after a changed account."""
    if not hasattr(request.state, "visitor"):
        session, store = request.session, request.app.state.store
        assert isinstance(store, Store)
        request.state.visitor = None
        if isinstance(session.get(_ACCOUNT), int) and isinstance(session.get(_STATE), int):
            with store.reading() as reading:
                request.state.visitor = visitor_of(reading, session[_ACCOUNT], session[_STATE])
    visitor = request.state.visitor
    assert visitor is None or isinstance(visitor, Visitor)
    return visitor


def begin(session: MutableMapping[str, Any], account: AccountAsIs) -> None:
    """Begin a session for an account; what an earlier one held is gone."""
    language = session.get("language")
    session.clear()
    session.update({_ACCOUNT: account.visitor.account, _STATE: account.state, _FORM_TOKEN: token_urlsafe(24)})
    if language:
        session["language"] = language


def form_token(session: MutableMapping[str, Any]) -> str:
    """Return the token the forms of a session carry."""
    return str(session.setdefault(_FORM_TOKEN, token_urlsafe(24)))


def _hold_against(session: MutableMapping[str, Any], given: str) -> None:
    if not compare_digest(given.encode(), form_token(session).encode()):
        raise ForeignFormError("portal.foreign_form")
