"""How the product runs: health, metrics, outbox, runs, audit."""

from fastapi import APIRouter
from pydantic import SecretStr

from portal.desk import Desk
from portal.operations import audit, health, pages
from portal.operations.figures import Figures
from portal.pages import Pages

__all__ = ["Figures", "routes"]


def routes(desk: Desk, rendered: Pages, figures: Figures, metrics_token: SecretStr | None) -> APIRouter:
    """Return the routes of this room."""
    router = APIRouter()
    router.include_router(health.routes(desk, figures, metrics_token))
    router.include_router(pages.routes(desk, rendered))
    router.include_router(audit.routes(desk, rendered))
    return router
