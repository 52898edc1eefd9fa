"""`create_app`: the portal over one store."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from secrets import token_urlsafe
from time import perf_counter

from fastapi import Depends, FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from pydantic import SecretStr
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from portal import acting, answering, api, collecting, editions, looking, operations, signing
from portal.access import LONGEST_SESSION, sent_from_here
from portal.api.access import Pace
from portal.desk import Desk
from portal.pages import Pages
from portal.refusals import say_what_went_wrong

THIS_MACHINE = ("127.0.0.1", "localhost")
IDLE = timedelta(minutes=30)
REQUESTS_A_MINUTE = 300
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
    idle: timedelta = IDLE,
    metrics_token: SecretStr | None = None,
) -> FastAPI:
    """Return the portal over a desk; `hosts` are the names it answers to (another gets 400, see DNS rebinding).

    `session_key` signs the sessions (without one they end with the process); `over_https` keeps their cookie off plain
    HTTP. With `identity`, people sign in at a government identity provider too. A session left alone for `idle` ends.
    `metrics_token` lets others than this machine read `/metrics`.
    """
    app = FastAPI(
        title="Dondoc",
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{api.PATH}/openapi.json",
        dependencies=[Depends(sent_from_here)],
    )
    app.state.store, app.state.now, app.state.idle = desk.store, desk.now, idle
    app.state.pace = Pace(REQUESTS_A_MINUTE, timedelta(minutes=1))
    pages = Pages(trial=bool(desk.digests.trial))
    figures = operations.Figures(desk)
    for room in (looking, collecting, acting, editions, answering):
        app.include_router(room.routes(desk, pages), include_in_schema=False)
    app.include_router(signing.routes(desk, pages, identity), include_in_schema=False)
    app.include_router(operations.routes(desk, pages, figures, metrics_token), include_in_schema=False)
    app.include_router(api.routes(desk), prefix=api.PATH)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    say_what_went_wrong(app, pages)
    app.middleware("http")(_Around(figures))
    app.add_middleware(
        SessionMiddleware,
        secret_key=(session_key or SecretStr(token_urlsafe(32))).get_secret_value(),
        session_cookie="dondoc",
        max_age=int(LONGEST_SESSION.total_seconds()),
        same_site="lax",
        https_only=over_https,
    )
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    return app


class _Around:
    """What happens around every request: it is timed, and its answer carries the security headers."""

    def __init__(self, figures: operations.Figures) -> None:
        self._figures = figures

    async def __call__(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        began = perf_counter()
        response = await call_next(request)
        self._figures.note(request, response.status_code, began)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        is_asset = request.url.path.startswith("/static/")
        response.headers["Cache-Control"] = "public, max-age=3600" if is_asset else "no-store"
        return response
