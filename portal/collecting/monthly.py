"""The month's round: who has sent, with errors, waiting, late; each agency's template; reminders."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from imports.returning.template import write_template
from models.batches import batches_of
from models.reference import calendar_of, register_of
from models.rounds import Round, Sent, round_of
from models.uploads import posts_that_recorded, uploads_of
from notifications.reminding import Asked, Reminded, hearers_of, last_reminders, remind
from portal.access import Recording, Reporting
from portal.desk import Desk
from portal.looking.question import BadQuestionError
from portal.pages import Pages
from portal.typed import speaker
from rules.access import Visitor
from rules.calendar import WorkingCalendar
from rules.meeting import first_day, meeting_of, month_before, next_month

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LISTED = 50
_REMINDED = "reminded"
_YEARS = range(2000, 2101)
Month = Annotated[str, Form(max_length=7)]


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of the round."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/collecting")
    def monthly(request: Request, visitor: Reporting, month: str = "") -> HTMLResponse:
        """Say of each agency how far it has come with the month's report."""
        chosen, found = _round(visitor, month)
        with desk.store.reading() as session:
            agencies = [line.agency for line in found.lines]
            hearers = hearers_of(session, agencies, desk.today(), desk.now())
            reminders = last_reminders(session, chosen)
        return pages.page(
            request,
            "collecting/round.html",
            round=found,
            counts=found.counts,
            day=desk.today(),
            before=month_before(first_day(chosen)),
            after=next_month(chosen),
            hearers=hearers,
            reminders=reminders,
            to_remind=len(_not_sent(found)),
            reminded=request.session.pop(_REMINDED, None),
        )

    # Before /collecting/{agency}: a template is named by its agency.
    @router.get("/collecting/template/{agency}.xlsx", response_model=None)
    def template(visitor: Reporting, agency: str) -> Response:
        """Give an agency's progress workbook as of today."""
        _name(visitor, agency)
        written = write_template(desk.store, agency, as_of=desk.today(), known_at=desk.now(), level=desk.level)
        name = quote(f"bao-cao-tien-do-{agency}-{desk.today():%Y%m%d}.xlsx")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return Response(written.content, media_type=_XLSX, headers=headers)

    @router.get("/collecting/{agency}")
    def one(request: Request, visitor: Reporting, agency: str, month: str = "") -> HTMLResponse:
        """Show one agency's round, its uploads and its recorded workbooks."""
        name = _name(visitor, agency)
        _, found = _round(visitor, month, agency)
        with desk.store.reading() as session:
            uploads = uploads_of(session, held_to=visitor.agency, of=agency, at_most=_LISTED)
            batches, count = batches_of(session, agency=agency, at_most=_LISTED)
            posts = posts_that_recorded(session, [each.batch.id for each in batches if each.batch.id])
        values: dict[str, Any] = {
            "uploads": uploads,
            "batches": batches,
            "count": count,
            "posts": posts,
            "day": desk.today(),
        }
        return pages.page(request, "collecting/agency.html", agency=agency, name=name, round=found, **values)

    @router.post("/collecting/remind", response_model=None)
    def reminders(request: Request, visitor: Recording, month: Month = "") -> Response:
        """Plan a reminder for each agency whose report of the month is not recorded, whatever it has uploaded."""
        chosen, found = _round(visitor, month)
        asked = Asked(chosen, found.due_on, desk.today())
        done = remind(
            desk.store, _not_sent(found), asked, by=speaker(visitor), now=desk.now(), policy=desk.digests
        )  # fmt: skip
        request.session[_REMINDED] = _told(done)
        return RedirectResponse(f"/collecting?month={chosen}", status_code=303)

    def _round(visitor: Visitor, month: str, agency: str | None = None) -> tuple[str, Round]:
        today = desk.today()
        with desk.store.reading() as session:
            chosen = _month(month) if month else _current(today, calendar_of(session))
            only = visitor.agency or agency
            return chosen, round_of(session, chosen, today=today, known_at=desk.now(), agency=only)

    def _name(visitor: Visitor, agency: str) -> str:
        """Return the name of an agency the visitor may see. Raises HTTPException 404."""
        with desk.store.reading() as session:
            known = register_of(session).by_code().get(agency)
        if known is None or not visitor.sees(agency):
            raise HTTPException(404)
        return known.name_vi

    return router


def _not_sent(found: Round) -> list[str]:
    return [line.agency for line in found.lines if line.sent is not Sent.SENT]


def _told(done: Reminded) -> dict[str, int]:
    """Return how many were reminded, for the page that comes next."""
    counts = {"planned": len(done.planned), "already": len(done.already), "without": len(done.without_contact)}
    return {**counts, "day_off": int(done.day_off)}


def _month(given: str) -> str:
    """Read a month. Raises BadQuestionError."""
    try:
        known = first_day(given).year in _YEARS and len(given) == len("2025-08")
    except ValueError:
        known = False
    if not known:
        raise BadQuestionError("collecting.bad_month", found=given)
    return given


def _current(today: date, calendar: WorkingCalendar) -> str:
    """Return the month whose report the next meeting hears: the last one until its meeting was held."""
    before = month_before(today)
    return before if today <= meeting_of(before, calendar) else f"{today:%Y-%m}"
