"""`Devices`: the browsers somebody signed in with before; what others do to a name does not keep these out."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from fastapi import Request, Response
from itsdangerous import BadData, URLSafeSerializer
from pydantic import SecretStr

COOKIE = "dondoc_device"
KNOWN_FOR = timedelta(days=90)


class Devices:
    """Knows a browser by a signed cookie: it says for which name, since when, and lets nobody in by itself."""

    def __init__(self, key: SecretStr, *, over_https: bool) -> None:
        """Sign with `key`; `over_https` keeps the cookie off plain HTTP."""
        self._signer, self._over_https = URLSafeSerializer(key.get_secret_value(), salt="device"), over_https

    def of(self, request: Request, name: str, now: datetime) -> str:
        """Return what the browser of a request is known by to the holder of `name`; "" for one that is not."""
        try:
            whose, token, since = self._signer.loads(request.cookies.get(COOKIE, ""))
            recent = 0 <= now.timestamp() - since <= KNOWN_FOR.total_seconds()
        except (BadData, ValueError, TypeError):
            return ""
        return str(token) if recent and whose == _whose(name) else ""

    def remember(self, response: Response, name: str, now: datetime) -> None:
        """Let the browser be known to the holder of `name` from now on, and to nobody else any more."""
        kept = self._signer.dumps([_whose(name), token_urlsafe(12), int(now.timestamp())])
        lasting = int(KNOWN_FOR.total_seconds())
        response.set_cookie(COOKIE, str(kept), max_age=lasting, secure=self._over_https, httponly=True, samesite="lax")


def _whose(name: str) -> str:
    return sha256(name.strip().casefold().encode()).hexdigest()[:16]
