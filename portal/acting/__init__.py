"""Acting: what waits for a person, decisions, shares, holds, obstacles, who acts for others, tomorrow's notices."""

from fastapi import APIRouter

from portal.acting import deciding, handing, people, planning, questions, standing, tomorrow
from portal.desk import Desk
from portal.pages import Pages

__all__ = ["routes"]


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of the room."""
    router = APIRouter()
    for each in (questions, deciding, handing, planning, standing, people, tomorrow):
        router.include_router(each.routes(desk, pages))
    return router
