"""Whether the portal lives, whether it can be used, and its figures in the OpenMetrics format."""

from collections.abc import Callable
from ipaddress import ip_address
from secrets import compare_digest

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from models.opening import known_revisions, stored_revision
from portal.access import OpenTo
from portal.desk import Desk
from portal.operations.figures import Figures

_PROBES = [Depends(OpenTo("whatever watches this process; it says nothing but whether it works"))]
_METERS = [Depends(OpenTo("this machine itself, or who has the token of the metrics: counts, no names"))]
_SICK = 503
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")


def routes(desk: Desk, figures: Figures, metrics_token: SecretStr | None) -> APIRouter:
    """Return the routes machines watch; `metrics_token` lets others than this machine read the metrics."""
    router = APIRouter()

    @router.get("/healthz", dependencies=_PROBES)
    def alive() -> JSONResponse:
        """Say whether the process answers and reaches its database."""
        return _told(lambda: _reaches(desk))

    @router.get("/readyz", dependencies=_PROBES)
    def ready() -> JSONResponse:
        """Say whether the database stands at this version's revision, too."""
        return _told(lambda: stored_revision(desk.store) == known_revisions()[-1])

    @router.get("/metrics", dependencies=_METERS)
    def metrics(request: Request) -> Response:
        """Give the figures: open to this machine when asked directly, to others by `Authorization: Bearer …`."""
        if not (_is_from_here(request) or _bears(request, metrics_token)):
            raise HTTPException(404)
        told = generate_latest(figures.registry)  # type: ignore[no-untyped-call]
        return Response(told, media_type=CONTENT_TYPE_LATEST)

    return router


def _reaches(desk: Desk) -> bool:
    with desk.store.reading() as session:
        return session.execute(text("SELECT 1")).scalar() == 1


def _told(check: Callable[[], bool]) -> JSONResponse:
    try:
        good = check()
    except SQLAlchemyError:
        good = False
    return JSONResponse({"status": "ok" if good else "sick"}, status_code=200 if good else _SICK)


def _is_from_here(request: Request) -> bool:
    """Say whether this machine asks for itself: through a proxy on it, everybody would seem to."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _bears(request: Request, token: SecretStr | None) -> bool:
    given = request.headers.get("authorization", "").encode()
    return token is not None and compare_digest(given, f"Bearer {token.get_secret_value()}".encode())
