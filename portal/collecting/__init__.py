"""The round: who has sent this month, uploads from check to record, batches and undo."""

from fastapi import APIRouter

from portal.collecting import batches, checking, monthly, pressing, sending
from portal.collecting.bench import Bench
from portal.desk import Desk
from portal.pages import Pages

__all__ = ["routes"]


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of this room."""
    router, bench = APIRouter(), Bench(desk)
    for room in (sending, checking, pressing):
        router.include_router(room.routes(desk, pages, bench))
    for other in (batches, monthly):
        router.include_router(other.routes(desk, pages))
    return router
