"""`/api/v1`, what was recorded and reported: workbooks and editions."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.exceptions import HTTPException

from models.listed import batches_listed, editions_listed
from portal.api import answers
from portal.api.access import Reading, ScopeError
from portal.desk import Desk

_HIGHEST = 2**31 - 1
Number = Annotated[int, Path(ge=1, le=_HIGHEST)]
Limit = Annotated[int, Query(ge=1, le=1000)]


def routes(desk: Desk) -> APIRouter:
    """Return the routes of workbooks and editions."""
    router = APIRouter()

    @router.get("/batches")
    def batches(
        caller: Reading,
        before: Annotated[int | None, Query(ge=1, le=_HIGHEST, description="`next` of the page before.")] = None,
        limit: Limit = 100,
    ) -> answers.BatchesAnswer:
        """List the recorded workbooks, newest first."""
        with desk.store.reading() as session:
            found = batches_listed(session, agency=caller.agency, before=before, limit=limit + 1)
        page = [answers.Batch(**each) for each in found[:limit]]
        return answers.BatchesAnswer(batches=page, next=page[-1].batch if len(found) > limit else None)

    @router.get("/batches/{number}")
    def batch(caller: Reading, number: Number) -> answers.Batch:
        """Give one recorded workbook."""
        with desk.store.reading() as session:
            found = batches_listed(session, agency=caller.agency, only=number)
        if not found:
            raise HTTPException(404)
        return answers.Batch(**found[0])

    @router.get("/editions")
    def editions(caller: Reading) -> answers.EditionsAnswer:
        """List the monthly reports and the digests of their files; for programs that see all agencies."""
        if caller.agency:
            raise ScopeError("api.all_agencies_only")
        with desk.store.reading() as session:
            return answers.EditionsAnswer(editions=[answers.Edition(**each) for each in editions_listed(session)])

    @router.get("/editions/{month}/{number}")
    def edition(
        caller: Reading,
        month: Annotated[str, Path(pattern=r"^\d{4}-\d{2}$")],
        number: Annotated[int, Path(ge=1, le=99_999)],
    ) -> answers.Edition:
        """Give one monthly report; for programs that see all agencies."""
        found = next((each for each in editions(caller).editions if each.code == f"{month}/{number}"), None)
        if found is None:
            raise HTTPException(404)
        return found

    return router
