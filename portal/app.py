"""`create_app`: the portal over one store."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from secrets import token_urlsafe

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from pydantic import SecretStr
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from portal import acting, answering, api, collecting, editions, looking, operations, signing
from portal.desk import Desk
from portal.pages import Pages
from portal.refusals import say_what_went_wrong

THIS_MACHINE = ("127.0.0.1", "localhost")
SESSION_HOURS = 8
_OURS_ALONE = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _OURS_ALONE,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(
    desk: Desk,
    *,
    hosts: Sequence[str] = THIS_MACHINE,
    session_key: SecretStr | None = None,
    over_https: bool = False,
    identity: signing.IdentityProvider | None = None,
) -> FastAPI:
    """Return the portal over a desk; `hosts` are the names it answers to (another gets 400, see DNS rebinding).

    `session_key` signs the sessions (without one they end with the process); `over_https` keeps their cookie off plain
    HTTP. With `identity`, people sign in at a government identity provider too.
    """
    app = FastAPI(title="Dondoc", docs_url=None, redoc_url=None, openapi_url=f"{api.PATH}/openapi.json")
    app.state.store = desk.store
    pages = Pages(trial=bool(desk.digests.trial))
    for room in (looking, collecting, acting, editions, operations, answering):
        app.include_router(room.routes(desk, pages), include_in_schema=False)
    app.include_router(signing.routes(desk, pages, identity), include_in_schema=False)
    app.include_router(api.routes(desk), prefix=api.PATH)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    say_what_went_wrong(app, pages)
    app.middleware("http")(_with_headers)
    app.add_middleware(
        SessionMiddleware,
        secret_key=(session_key or SecretStr(token_urlsafe(32))).get_secret_value(),
        session_cookie="dondoc",
        max_age=SESSION_HOURS * 3600,
        same_site="lax",
        https_only=over_https,
    )
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    return app


async def _with_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.url.path.startswith("/static/"):
        response.headers["Cache-Control"] = "public, max-age=3600"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response
