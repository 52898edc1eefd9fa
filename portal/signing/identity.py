"""Signing in at a government identity provider: OpenID Connect with discovery, PKCE, state and nonce (Authlib)."""

import warnings
from dataclasses import dataclass
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.deprecate import AuthlibDeprecationWarning
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from httpx import HTTPError
from joserfc.errors import JoseError
from pydantic import SecretStr
from starlette.concurrency import run_in_threadpool

from decisions.signing_in import SignInRefusedError, sign_in_by_identity
from portal.access import SIGN_IN, begin
from portal.desk import Desk
from portal.pages import Pages, Sayable, worded
from portal.signing.pages import EVERYBODY, address_of, home_of, inside

_START, _BACK = f"{SIGN_IN}/identity", f"{SIGN_IN}/identity/back"
_NEXT = "identity_next"
_REFUSED, _DOWN = 403, 503
# The last four: what Authlib and we run into when a provider's documents lack something or are of another form.
_FAILURES = (
    AuthlibBaseError, JoseError, HTTPError, ValueError, KeyError, RuntimeError, TypeError, AttributeError,
)  # fmt: skip


@dataclass(frozen=True)
class IdentityProvider:
    """Where it is discovered and who we are to it; `name` is shown on the button, `portal_url` is where we are."""

    name: str
    discovery_url: str
    client_id: str
    client_secret: SecretStr
    portal_url: str


def routes(desk: Desk, pages: Pages, provider: IdentityProvider) -> APIRouter:
    """Return the routes that lead to the identity provider and back."""
    router = APIRouter(default_response_class=HTMLResponse)
    client = _client(provider)

    def refused(request: Request, message: Sayable, status_code: int) -> HTMLResponse:
        values = {"next": "", "name": "", "message": message, "identity": provider.name}
        return pages.page(request, "signing/sign_in.html", status_code=status_code, **values)

    @router.get(_START, dependencies=EVERYBODY, response_model=None)
    async def start(request: Request) -> Response:
        """Lead to the provider; the way back is remembered."""
        request.session[_NEXT] = inside(request.query_params.get("next", ""))
        try:
            leading: Response = await client.authorize_redirect(request, provider.portal_url.rstrip("/") + _BACK)
        except _FAILURES:
            return refused(request, worded("signing.provider_down", name=provider.name), _DOWN)
        return leading

    @router.get(_BACK, dependencies=EVERYBODY, response_model=None)
    async def back(request: Request) -> Response:
        """Begin a session for whom the provider vouches for; its signature, nonce, audience and time are checked."""
        try:
            token = await client.authorize_access_token(request)
            claims = token["userinfo"]
            issuer, subject = str(claims["iss"]), str(claims["sub"])
        except _FAILURES:
            return refused(request, worded("signing.provider_refused", name=provider.name), _REFUSED)
        email = str(claims.get("email") or "") if claims.get("email_verified") is True else ""
        who = {"issuer": issuer, "subject": subject, "email": email, "address": address_of(request)}
        try:
            found = await run_in_threadpool(sign_in_by_identity, desk.store, **who, now=desk.now())
        except SignInRefusedError as error:
            return refused(request, error, _REFUSED)
        next_page = inside(str(request.session.get(_NEXT, "")))
        begin(request.session, found, desk.now())
        return RedirectResponse(next_page or home_of(found.visitor), status_code=303)

    return router


def _client(provider: IdentityProvider) -> Any:
    with warnings.catch_warnings():  # Authlib shows everybody that it will need another HTTP client some day
        warnings.simplefilter("ignore", AuthlibDeprecationWarning)
        from authlib.integrations.starlette_client import (  # noqa: PLC0415 - few have one
            OAuth,
        )

    return OAuth().register(
        "identity",
        server_metadata_url=provider.discovery_url,
        client_id=provider.client_id,
        client_secret=provider.client_secret.get_secret_value(),
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "timeout": 10},
    )
