"""The monthly reports: their list, one edition with its files, the difference between two, and making the next one."""

from fastapi import APIRouter

from portal.desk import Desk
from portal.editions import making, reading, sending
from portal.pages import Pages

__all__ = ["routes"]


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of the room; those with a name of their own come before an edition's."""
    router = APIRouter()
    for room in (making, sending, reading):
        router.include_router(room.routes(desk, pages))
    return router
