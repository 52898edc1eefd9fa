"""`create_app`: the portal over one store."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from secrets import token_urlsafe

from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles
from pydantic import SecretStr
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp

from portal import acting, answering, api, collecting, editions, looking, operations, signing
from portal.access import LONGEST_SESSION, sent_from_here
from portal.api.access import Pace
from portal.desk import Desk
from portal.edge import Edge
from portal.pages import Pages
from portal.refusals import say_what_went_wrong

THIS_MACHINE = ("127.0.0.1", "localhost")
IDLE = timedelta(minutes=30)
REQUESTS_A_MINUTE = 300
_WORKBOOKS = frozenset({"/uploads", "/shares/plan", f"{api.PATH}/workbooks"})


class _Portal(FastAPI):
    """FastAPI with a layer around all of its own, the one that answers errors too."""

    around: Callable[[ASGIApp], ASGIApp]

    def build_middleware_stack(self) -> ASGIApp:
        return self.around(super().build_middleware_stack())


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
    app = _Portal(
        title="Dondoc",
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{api.PATH}/openapi.json",
        dependencies=[Depends(sent_from_here)],
        redirect_slashes=False,
    )
    app.state.store, app.state.now, app.state.idle = desk.store, desk.now, idle
    app.state.pace = Pace(REQUESTS_A_MINUTE, timedelta(minutes=1))
    key = session_key or SecretStr(token_urlsafe(32))
    pages = Pages(trial=bool(desk.digests.trial))
    figures = operations.Figures(desk)
    for room in (looking, collecting, acting, editions, answering):
        app.include_router(room.routes(desk, pages), include_in_schema=False)
    app.include_router(
        signing.routes(desk, pages, identity, signing.Devices(key, over_https=over_https)), include_in_schema=False
    )
    app.include_router(operations.routes(desk, pages, figures, metrics_token), include_in_schema=False)
    app.include_router(api.routes(desk), prefix=api.PATH)
    api.describe_changes(app)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    say_what_went_wrong(app, pages)
    app.around = partial(Edge, render=pages.bare, note=figures.note, large=_WORKBOOKS)
    app.add_middleware(
        SessionMiddleware,
        secret_key=key.get_secret_value(),
        session_cookie="dondoc",
        max_age=int(LONGEST_SESSION.total_seconds()),
        same_site="lax",
        https_only=over_https,
    )
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    return app
