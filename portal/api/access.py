"""Which program may use a route of the API: by the token in `Authorization: Bearer …`, never by a session.

A browser sends its cookie by itself, wherever the request comes from; a token it does not.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from models.accounts import caller_of
from models.store import Store
from rules.access import Caller, Scope
from texts import SaidError

_bearer = HTTPBearer(auto_error=False, description="A token an administrator of accounts issued to the program.")
Given = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
_LONGEST_TOKEN = 200


class NoTokenError(SaidError):
    """No token was sent, or one that is unknown or was taken back."""


class ScopeError(SaidError):
    """The token is good, but not for this."""


class TooManyRequestsError(SaidError):
    """A program asks more often than is agreed."""


class Pace:
    """How often each program asked of late, as this process saw it."""

    def __init__(self, most: int, within: timedelta) -> None:
        """Let each ask `most` times `within` a time."""
        self._most, self._within = most, within
        self._asked: dict[int, deque[datetime]] = {}
        self._lock = Lock()

    def keep(self, client: int, now: datetime) -> None:
        """Count a request; raises TooManyRequestsError for one too many, which is not counted."""
        with self._lock:
            asked = self._asked.setdefault(client, deque())
            while asked and asked[0] <= now - self._within:
                asked.popleft()
            if len(asked) >= self._most:
                raise TooManyRequestsError("api.too_often", most=self._most, seconds=self.seconds)
            asked.append(now)

    @property
    def seconds(self) -> int:
        """How long to wait at most."""
        return int(self._within.total_seconds())


@dataclass(frozen=True)
class Asks:
    """Declares the scope a route of the API asks for; gives the route its caller.

    Raises NoTokenError, ScopeError or TooManyRequestsError.
    """

    scope: Scope

    def __call__(self, request: Request, given: Given) -> Caller:
        """Return the program that asks."""
        store, token = request.app.state.store, given.credentials if given else ""
        assert isinstance(store, Store)
        with store.reading() as session:
            caller = caller_of(session, token) if 0 < len(token) <= _LONGEST_TOKEN else None
        if caller is None:
            raise NoTokenError("portal.no_token")
        request.app.state.pace.keep(caller.client, request.app.state.now())
        if not caller.may(self.scope):
            raise ScopeError("api.not_in_scope")
        return caller


Reading = Annotated[Caller, Depends(Asks(Scope.READ))]
Uploading = Annotated[Caller, Depends(Asks(Scope.UPLOAD))]
