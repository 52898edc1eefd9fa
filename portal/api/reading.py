"""`/api/v1`: the same answers as the pages, as JSON, for other systems. Reads only."""

from typing import Any

from fastapi import APIRouter, Request

from models.status_answer import assignments_answer, status_answer
from portal.access import Looking
from portal.desk import Desk
from portal.looking.tables import asked, known_then, matching, table_of


def routes(desk: Desk) -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter()

    @router.get("/status")
    def status(request: Request, visitor: Looking) -> dict[str, Any]:
        """Answer as `dondoc status --json`; filters: as_of, known_at, agency, milestone.

        Of all milestones each says how it stood as known on its day too; narrowed to one, it does not.
        """
        question, reference = asked(desk, request, visitor)
        then = None if question.milestone else known_then(desk, question)
        return status_answer(table_of(desk, question), reference.register, then)

    @router.get("/assignments")
    def assignments(request: Request, visitor: Looking) -> dict[str, Any]:
        """List the assignments; filters: as_of, known_at, agency, milestone, status, q."""
        question, _ = asked(desk, request, visitor)
        rows = matching(table_of(desk, question), question)
        return {
            "as_of": question.as_of,
            "known_at": question.known_at,
            "total": len(rows),
            "assignments": assignments_answer(rows),
        }

    return router
