"""Handing an assignment down to units of its agency, and saying how far each share is: that agency's forms alone."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import select
from starlette.exceptions import HTTPException

from decisions import HandDown, Outcome, ReportHanded, hand_down, report_handed
from models.handed import HandedRow, handed_of
from models.handed_tables import HandedDown
from portal.access import Answering, NotAllowedError
from portal.acting.deciding import Number
from portal.acting.taking import Asked, Taking
from portal.desk import Desk
from portal.pages import Pages
from portal.typed import Typed, TypedForm, speaker
from rules.access import Visitor

_SHARES = "#shares"
"""Where the page of an assignment shows its shares: the forms lead back there."""


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of the forms."""
    router, taking = APIRouter(default_response_class=HTMLResponse), Taking(desk, pages)

    @router.get("/assignments/{code}/hand-down")
    def handing(request: Request, visitor: Answering, code: str, back: str = "") -> Response:
        """Show the form that hands a share of an assignment down to a unit."""
        asked = _asked(taking, visitor, HandDown, f"/assignments/{code}/hand-down", code, Typed("", {"back": back}))
        return taking.form(request, asked, status_code=200)

    @router.post("/assignments/{code}/hand-down")
    def handed(request: Request, visitor: Answering, typed: TypedForm, code: str) -> Response:
        """Hand a share of an assignment down to a unit."""
        asked = _asked(taking, visitor, HandDown, f"/assignments/{code}/hand-down", code, typed)

        def decided(action: HandDown) -> Outcome:
            agency, by = agency_of(visitor), speaker(visitor)
            return hand_down([action], agency=agency, store=desk.store, by=by, now=desk.now())[0]

        return taking.answer(request, asked, decided)

    @router.get("/assignments/{code}/shares/{number}")
    def telling(request: Request, visitor: Answering, code: str, number: Number, back: str = "") -> Response:
        """Show a share, and the form that says how far it is."""
        asked = _of_share(desk, taking, visitor, (code, number), Typed("", {"back": back}))
        return taking.form(request, asked, status_code=200) if asked.share else _back_to(asked)

    @router.post("/assignments/{code}/shares/{number}")
    def told(request: Request, visitor: Answering, typed: TypedForm, code: str, number: Number) -> Response:
        """Record what a unit declares of its share, or that the share is taken back."""
        asked = _of_share(desk, taking, visitor, (code, number), typed)

        def decided(action: ReportHanded) -> Outcome:
            agency, by = agency_of(visitor), speaker(visitor)
            return report_handed(action, agency=agency, store=desk.store, by=by, now=desk.now())

        return taking.answer(request, asked, decided) if asked.share else _back_to(asked)

    return router


def agency_of(visitor: Visitor) -> str:
    """Return the agency the visitor acts for; raises NotAllowedError for one who acts for none."""
    if visitor.agency is None:
        raise NotAllowedError("acting.only_the_agency")
    return visitor.agency


def _asked(taking: Taking, visitor: Visitor, kind: type[Any], path: str, code: str, typed: Typed) -> Asked:
    """Return what a form asks for; raises HTTPException 404 for an assignment that is not the visitor's agency's."""
    agency_of(visitor)
    return Asked(kind, path, taking.matter(code, visitor), typed, {"code": code}, seen="", place=_SHARES)


def _of_share(desk: Desk, taking: Taking, visitor: Visitor, of: tuple[str, int], typed: Typed) -> Asked:
    """Return what a form about a share asks for, without the share where it was taken back; 404 for one never given."""
    assignment, number = of
    code, agency = f"{assignment}/{number}", agency_of(visitor)
    asked = _asked(taking, visitor, ReportHanded, f"/assignments/{assignment}/shares/{number}", assignment, typed)
    return replace(asked, given={"code": code}, share=_standing(desk, agency, assignment, code))


def _standing(desk: Desk, agency: str, assignment: str, code: str) -> HandedRow | None:
    with desk.store.reading() as session:
        ever = select(HandedDown.id).where(HandedDown.code == code, HandedDown.agency_code == agency)
        if session.exec(ever).first() is None:
            raise HTTPException(404)
        rows = handed_of(session, as_of=desk.today(), known_at=desk.now(), assignments=[assignment], agency=agency)
    return next((row for row in rows if row.handed.code == code), None)


def _back_to(asked: Asked) -> Response:
    """Lead back from a share that was taken back already: the second press of a button finds nothing to do."""
    return RedirectResponse(asked.back, status_code=303)
