"""Sending a workbook: choose it, say whose it is, and go to the page that checks it."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from imports.uploads import Sending, receive
from models.reference import register_of
from models.uploads import upload_as_is, uploads_of
from notifications.plain_text import plain
from portal.access import Reporting
from portal.collecting.bench import Bench
from portal.collecting.bounded import BoundedRoute
from portal.desk import Desk
from portal.pages import Pages
from portal.typed import speaker
from rules.access import Visitor

_WRONG, _LISTED = 422, 100
_LONGEST = 200


def routes(desk: Desk, pages: Pages, bench: Bench) -> APIRouter:
    """Return the routes of sending."""
    router = APIRouter(default_response_class=HTMLResponse, route_class=BoundedRoute)

    @router.get("/uploads")
    def uploads(request: Request, visitor: Reporting) -> HTMLResponse:
        """List the newest uploads."""
        with desk.store.reading() as session:
            found = uploads_of(session, held_to=visitor.agency, at_most=_LISTED)
            names = {each.code: each.name_vi for each in register_of(session).agencies}
        return pages.page(request, "collecting/uploads.html", uploads=found, names=names, most=_LISTED)

    @router.get("/uploads/new")
    def new(request: Request, visitor: Reporting) -> HTMLResponse:
        """Ask for a workbook."""
        typed = {"agency": request.query_params.get("agency", "")[:_LONGEST], "document": "", "document_on": ""}
        return _form(request, visitor, typed, [])

    # No parameter for the form: nothing of the body is read before the visitor is known.
    @router.post("/uploads", response_model=None)
    async def create(request: Request, visitor: Reporting) -> Response:
        """Keep a workbook, begin its check and lead to its page."""
        form = await request.form()
        return await run_in_threadpool(_create, request, visitor, form)

    def _form(request: Request, visitor: Visitor, typed: dict[str, str], errors: list[tuple[str, str]]) -> HTMLResponse:
        values = {"typed": typed, "errors": errors, "agencies": choices(desk, visitor)}
        return pages.page(request, "collecting/new.html", status_code=_WRONG if errors else 200, **values)

    def _create(request: Request, visitor: Visitor, form: FormData) -> Response:
        file, typed = form.get("file"), _typed(form)
        errors, day = _wrong(file, typed, {code for code, _ in choices(desk, visitor)})
        if errors or not isinstance(file, UploadFile):
            return _form(request, visitor, typed, errors)
        sending = Sending(
            name=file.filename or "",
            by=speaker(visitor),
            agency=visitor.agency or typed["agency"] or None,
            document=typed["document"],
            document_on=day,
            held_to=visitor.agency or "",
        )
        number = receive(file.file, sending, bench.work)
        with desk.store.reading() as session:
            found = upload_as_is(session, number)
        assert found is not None
        bench.see_to(found)
        return RedirectResponse(f"/uploads/{number}", status_code=303)

    return router


def choices(desk: Desk, visitor: Visitor) -> list[tuple[str, str]]:
    """Return the agencies a visitor may send a workbook for: code and name."""
    today = desk.today()
    with desk.store.reading() as session:
        agencies = register_of(session).agencies
    return [(each.code, each.name_vi) for each in agencies if each.valid_on(today) and visitor.sees(each.code)]


def _typed(form: FormData) -> dict[str, str]:
    names = ("agency", "document", "document_on")
    return {name: plain(str(form.get(name, "")), _LONGEST) for name in names}


def _wrong(file: Any, typed: dict[str, str], agencies: set[str]) -> tuple[list[tuple[str, str]], date | None]:
    """Return what is wrong with a form (the id of the place, the word's key), and the document's day."""
    errors: list[tuple[str, str]] = []
    if not (isinstance(file, UploadFile) and file.filename):
        errors.append(("file", "collecting.no_file"))
    if typed["agency"] and typed["agency"] not in agencies:
        errors.append(("agency", "collecting.unknown_agency"))
    try:
        return errors, date.fromisoformat(typed["document_on"]) if typed["document_on"] else None
    except ValueError:
        return [*errors, ("document_on", "collecting.bad_day")], None
