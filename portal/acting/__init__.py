"""What people decide and answer after signing in."""

from fastapi import APIRouter

from portal.desk import Desk
from portal.pages import Pages


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of this room."""
    return APIRouter()
