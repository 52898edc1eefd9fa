"""/editions/…/send: a final edition goes to those of the meeting's list that it did not reach."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from portal.access import WritingEditions
from portal.desk import Desk
from portal.editions.reading import Month, Number, named
from portal.pages import Pages
from reports import EditionState
from texts import SaidError


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the route."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.post("/editions/{month}/{number}/send", response_model=None)
    def send(request: Request, _visitor: WritingEditions, month: Month, number: Number) -> Response:
        """Send a final edition; nobody it reached, or may have reached, gets it twice."""
        found = named(desk, f"{month}/{number}")
        if found.state != EditionState.FINAL or desk.send_edition is None:
            raise HTTPException(404)
        try:
            desk.send_edition(found.code)
        except SaidError as error:
            return pages.page(request, "wrong.html", status_code=422, message=error, title="")
        return RedirectResponse(f"/editions/{found.code}#sent", status_code=303)

    return router
