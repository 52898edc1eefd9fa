"""`/api/v1/schemas`: the published JSON Schemas of the open files. They are the project's, not an office's data."""

import json
from typing import Any

from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException

from models.open_forms import published_schemas
from portal.access import OpenTo

_PUBLIC = [Depends(OpenTo("everybody: the forms of open files, and no data"))]


def routes() -> APIRouter:
    """Return the routes of the schemas."""
    router = APIRouter(dependencies=_PUBLIC, include_in_schema=False)

    @router.get("/schemas")
    def schemas() -> list[str]:
        """List the published JSON Schemas of the open files."""
        return list(published_schemas())

    @router.get("/schemas/{name}")
    def schema(name: str) -> dict[str, Any]:
        """Give one JSON Schema (draft 2020-12)."""
        published = published_schemas()
        if name not in published:
            raise HTTPException(404)
        found: dict[str, Any] = json.loads(published[name])
        return found

    return router
