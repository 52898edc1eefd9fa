"""`/api/v1`: the same answers as the pages, as JSON, for other systems; by tokens alone, never by a session."""

from typing import Any

from fastapi import APIRouter

from portal.api import reading, recorded, schemas, uploading
from portal.api.answers import ErrorAnswer
from portal.api.changes import describe_changes
from portal.desk import Desk

PATH = "/api/v1"
_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorAnswer, "description": "The request cannot be read"},
    401: {"model": ErrorAnswer, "description": "No token, or one that is not known"},
    403: {"model": ErrorAnswer, "description": "The token is not good for this"},
    404: {"model": ErrorAnswer, "description": "There is no such thing, or not for this program"},
    409: {"model": ErrorAnswer, "description": "Others recorded in between; send it again"},
    413: {"model": ErrorAnswer, "description": "The workbook is too large"},
    422: {"model": ErrorAnswer, "description": "A value is not understood"},
    429: {"model": ErrorAnswer, "description": "Asked too often; see Retry-After"},
}
__all__ = ["PATH", "describe_changes", "routes"]


def routes(desk: Desk) -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter(responses=_REFUSALS, tags=["dondoc"])
    for part in (reading, recorded, uploading):
        router.include_router(part.routes(desk))
    router.include_router(schemas.routes())
    return router
