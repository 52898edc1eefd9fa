"""Milestone by milestone, agency by agency: the same figures from another side."""

from math import ceil
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from models.agency_card import agency_card, moved_since
from models.scorecard import month_before
from models.status_table import Counts
from portal.access import Looking
from portal.desk import Desk
from portal.looking.figures import AgencyLine, figures_of, figures_of_all, verdicts_of
from portal.looking.pages import names
from portal.looking.question import Question
from portal.looking.tables import asked_of_all, kept_of, rows_of, standings_of
from portal.pages import Pages
from rules.access import Visitor
from rules.folding import fold
from rules.milestone import Milestone
from rules.reference import Reference
from rules.status import Flag, Status

_AGENCIES_PER_PAGE, _ROWS_SHOWN = 100, 30
_VERDICTS = ("due", "met", "met_late", "missed", "extended", "cancelled", "pending")
_NONE: Counts = dict.fromkeys(_VERDICTS, 0)


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of milestones and agencies."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/milestones/{code}")
    def milestone(code: str, request: Request, visitor: Looking) -> HTMLResponse:
        """Show a milestone's verdicts, known then beside known now, alone and with all milestones before it."""
        question, reference = asked_of_all(desk, request, visitor)
        found = next((each for each in reference.milestones if each.code == code), None)
        if found is None:
            raise HTTPException(404)
        return pages.page(request, "looking/milestone.html", **_milestone(desk, question, reference, found))

    @router.get("/agencies")
    def agencies(request: Request, visitor: Looking) -> HTMLResponse:
        """List the agencies that answer for work, most late work first."""
        question, reference = asked_of_all(desk, request, visitor)
        return pages.page(request, "looking/agencies.html", **_agencies(desk, question, reference))

    @router.get("/agencies/{code}")
    def agency(code: str, request: Request, visitor: Looking) -> HTMLResponse:
        """Show one agency: its figures, its late work, its obstacles, promises and indicators."""
        question, reference = asked_of_all(desk, request, visitor)
        hold_to_seen(code, reference, visitor)
        return pages.page(request, "looking/agency.html", **_agency(desk, question, reference, code))

    return router


def hold_to_seen(code: str, reference: Reference, visitor: Visitor) -> None:
    """Raise HTTPException 404 for an agency that is not in the register or not the visitor's to see."""
    if code not in reference.register.by_code() or not visitor.sees(code):
        raise HTTPException(404)


def _milestone(desk: Desk, question: Question, reference: Reference, milestone: Milestone) -> dict[str, Any]:
    rows = standings_of(desk, question).of(question.agency)
    now, so_far = verdicts_of(rows), dict(_NONE)
    for each in sorted(reference.milestones):
        if each <= milestone:
            so_far = {name: so_far[name] + now.get(each.code, _NONE)[name] for name in _VERDICTS}
    by_agency: dict[str, list[Any]] = {}
    for row in rows:
        if row.milestone == milestone.code:
            by_agency.setdefault(row.agency, []).append(row)
    lines = [(code, verdicts_of(held)[milestone.code]) for code, held in by_agency.items()]
    lines.sort(key=lambda line: (-line[1]["missed"], -line[1]["due"], line[0]))
    then = kept_of(desk).verdicts_then(
        milestone, as_of=question.as_of, known_at=question.known_at, agency=question.agency
    )
    return {
        "q": question,
        "milestone": milestone,
        "milestones": sorted(reference.milestones),
        "verdicts": _VERDICTS,
        "now": now.get(milestone.code, _NONE),
        "then": then,
        "so_far": so_far,
        "lines": lines[:_AGENCIES_PER_PAGE],
        "more": max(0, len(lines) - _AGENCIES_PER_PAGE),
        "named": names(reference),
    }


def _agencies(desk: Desk, question: Question, reference: Reference) -> dict[str, Any]:
    table, named = standings_of(desk, question), names(reference)
    figures = figures_of_all(table) if question.agency is None else figures_of(table.of(question.agency))
    words = fold(question.words).split()
    lines: list[AgencyLine] = [
        line for line in figures.agencies if all(word in fold(f"{line.code} {named[line.code]}") for word in words)
    ]
    last = max(1, ceil(len(lines) / _AGENCIES_PER_PAGE))
    page = min(question.page, last)
    return {
        "q": question,
        "named": named,
        "agencies": lines[(page - 1) * _AGENCIES_PER_PAGE : page * _AGENCIES_PER_PAGE],
        "count": len(lines),
        "page": page,
        "last": last,
        "page_link": lambda number: question.same("/agencies", page=number),
    }


def _agency(desk: Desk, question: Question, reference: Reference, code: str) -> dict[str, Any]:
    table, since = standings_of(desk, question), month_before(question.as_of)
    before = kept_of(desk).at(since, question.known_at, then=question.then)
    rows = rows_of(desk, question, reference, table.of(code))
    with desk.store.reading() as session:
        card = agency_card(session, code, rows, reference, as_of=question.as_of, known_at=question.known_at)
    late = sorted((row for row in rows if row.status is Status.OVERDUE), key=lambda row: -row.days_late)
    silent = [row for row in rows if Flag.SILENT in row.flags]
    return {
        "q": question,
        "code": code,
        "agency": reference.register.by_code()[code],
        "card": card,
        "figures": card.score.figures,
        "moved": moved_since(before, table, code, reference),
        "since": since,
        "late": late[:_ROWS_SHOWN],
        "silent": silent[:_ROWS_SHOWN],
        "named": names(reference),
        "shown": _ROWS_SHOWN,
    }
