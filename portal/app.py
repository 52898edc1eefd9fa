"""`create_app`: the portal over one store. Read-only and without sign-in for now: it listens on this machine alone."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from config import clock
from models.explain import UnknownAssignmentError
from models.status import WARNING_WORKING_DAYS
from models.store import Store
from notifications.links import Links
from portal import answers, api
from portal.desk import Desk
from portal.pages import Pages, routes
from portal.question import BadQuestionError
from rules.status import CompletionLevel
from texts import both

API = "/api/v1"
THIS_MACHINE = ("127.0.0.1", "localhost")
_NOTHING_BUT_OUR_STYLE = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _NOTHING_BUT_OUR_STYLE,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(
    store: Store,
    *,
    today: Callable[[], date] = clock.today,
    now: Callable[[], datetime] = clock.now,
    level: CompletionLevel = CompletionLevel.EVIDENCED,
    warning_working_days: int = WARNING_WORKING_DAYS,
    hosts: Sequence[str] = THIS_MACHINE,
    links: Links | None = None,
) -> FastAPI:
    """Return the portal over `store`; `hosts` are the names it answers to (another name gets 400, see DNS rebinding).

    With `links`, those who were sent a digest answer on its signed pages; without, there are none.
    `today` is the day asked about when a URL names none; `level` and `warning_working_days` are as in `status_of`.
    """
    app = FastAPI(title="Dondoc", docs_url=None, redoc_url=None, openapi_url=f"{API}/openapi.json")
    desk, pages = Desk(store, today, now, level, warning_working_days), Pages()
    app.include_router(routes(desk, pages))
    app.include_router(api.routes(desk), prefix=API)
    if links is not None:
        app.include_router(answers.routes(store, pages, links, today=today, now=now, level=level))
    app.add_api_route("/healthz", _health_of(store), include_in_schema=False)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    _say_what_went_wrong(app, pages)
    app.middleware("http")(_with_headers)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    return app


def _health_of(store: Store) -> Callable[[], JSONResponse]:
    def health() -> JSONResponse:
        """Answer 200 when the database answers, else 503."""
        try:
            with store.reading() as session:
                session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return JSONResponse({"status": "database_failed"}, status_code=503)
        return JSONResponse({"status": "ok"})

    return health


def _say_what_went_wrong(app: FastAPI, pages: Pages) -> None:
    def answer(request: Request, status_code: int, code: str, message: str) -> Response:
        if request.url.path.startswith(API):
            return JSONResponse({"error": {"code": code, "message": message}}, status_code=status_code)
        return pages.page("wrong.html", status_code=status_code, message=message)

    def bad_question(request: Request, error: Any) -> Response:
        return answer(request, 400, error.code, str(error))

    def no_such_assignment(request: Request, error: Any) -> Response:
        return answer(request, 404, error.code, str(error))

    def refused(request: Request, error: Any) -> Response:
        known = {404: "no_such_page", 405: "read_only"}.get(error.status_code, "not_answered")
        return answer(request, error.status_code, known, both(f"portal.{known}"))

    app.add_exception_handler(BadQuestionError, bad_question)
    app.add_exception_handler(UnknownAssignmentError, no_such_assignment)
    app.add_exception_handler(HTTPException, refused)


async def _with_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    response.headers.update(_HEADERS)
    if not request.url.path.startswith("/static/"):
        response.headers["Cache-Control"] = "no-store"
    return response
