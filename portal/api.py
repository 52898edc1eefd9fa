"""`/api/v1`: the same answers as the pages, as JSON, for other systems. Reads only."""

from typing import Any

from fastapi import APIRouter, Request

from models.status_answer import assignments_answer, status_answer
from portal.desk import Desk, matching


def routes(desk: Desk) -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter()

    @router.get("/status")
    def status(request: Request) -> dict[str, Any]:
        """Answer as `dondoc status --json`; filters: as_of, known_at, agency, milestone.

        Of all milestones each says how it stood as known on its day too; narrowed to one, it does not.
        """
        question, reference = desk.asked(request.query_params)
        then = None if question.milestone else desk.known_then(question)
        return status_answer(desk.table(question), reference.register, then)

    @router.get("/assignments")
    def assignments(request: Request) -> dict[str, Any]:
        """List the assignments; filters: as_of, known_at, agency, milestone, status, q."""
        question, _ = desk.asked(request.query_params)
        rows = matching(desk.table(question), question)
        return {
            "as_of": question.as_of,
            "known_at": question.known_at,
            "total": len(rows),
            "assignments": assignments_answer(rows),
        }

    return router
