"""Looking: first figures, lists and their files, milestones, agencies, people, stories, shares handed down."""

from fastapi import APIRouter

from portal.desk import Desk
from portal.looking import pages as _pages
from portal.looking import people, places, shares
from portal.pages import Pages


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of this room."""
    router = APIRouter()
    for part in (_pages, places, people, shares):
        router.include_router(part.routes(desk, pages))
    return router


__all__ = ["routes"]
