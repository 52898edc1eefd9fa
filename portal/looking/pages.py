"""The first figures, the lists and their files, one assignment's story: what people look at first."""

from collections.abc import Sequence
from itertools import islice
from math import ceil
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from models.changed_since import Change
from models.standings import Stand
from models.status import queue_of
from models.turns import Turns
from portal.access import Looking
from portal.desk import Desk
from portal.looking import exports
from portal.looking.charts import agencies_chart, late_chart
from portal.looking.figures import figures_of, figures_of_all
from portal.looking.filters import said_filters
from portal.looking.one import one_of
from portal.looking.question import Question
from portal.looking.tables import asked, asked_of_all, changes_of, rows_of, standings_before, standings_of, stands_of
from portal.pages import Pages, language_of
from rules.reference import Reference
from rules.status import Status
from texts import Language

WRITING = Turns(2, waiting=2)
ROWS_PER_PAGE, AGENCIES_FIRST, QUEUE_FIRST, MOST_TO_CHOOSE = 50, 15, 20, 120


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/")
    def first(request: Request, visitor: Looking) -> HTMLResponse:
        """Show how many are late, whose, how long, and what changed; then each agency and milestone."""
        question, reference = asked_of_all(desk, request, visitor)
        values = {**_first(desk, question, reference), "named": names(reference)}
        drawn: dict[str, Any] = {
            "agencies_chart": agencies_chart(values["figures"].agencies, values["named"], language_of(request)),
            "late_chart": late_chart(values["figures"].late_for, language_of(request)),
        }
        return pages.page(request, "looking/first.html", q=question, **values, **drawn)

    @router.get("/assignments")
    def assignments(request: Request, visitor: Looking) -> HTMLResponse:
        """List the assignments the URL's filters leave, a page at a time."""
        question, reference = asked_of_all(desk, request, visitor)
        stands = stands_of(desk, question, reference)
        return pages.page(
            request, "looking/assignments.html", **_list(desk, question, reference, stands, language_of(request))
        )

    @router.get("/assignments.xlsx")
    def workbook(request: Request, visitor: Looking) -> Response:
        """Give the list as a workbook: every row the filters leave, with the day and the filters on top."""
        return _file(desk, request, visitor, exports.XLSX)

    @router.get("/assignments.csv")
    def text(request: Request, visitor: Looking) -> Response:
        """Give the list as text with commas."""
        return _file(desk, request, visitor, exports.CSV)

    @router.get("/assignments/{code}")
    def assignment(code: str, request: Request, visitor: Looking) -> HTMLResponse:
        """Tell one assignment's story: every step from the document's words to its status, with its source."""
        question, reference = asked(desk, request, visitor)
        one = one_of(desk, code, question, reference, visitor)
        values: dict[str, Any] = {"one": one, "row": one.row, "code": code, "named": names(reference)}
        return pages.page(request, "looking/assignment.html", q=question, **values)

    return router


def names(reference: Reference) -> dict[str, str]:
    """Return the name of each agency by its code."""
    return {agency.code: agency.name_vi for agency in reference.register.agencies}


def _first(desk: Desk, question: Question, reference: Reference) -> dict[str, Any]:
    table = standings_of(desk, question)
    figures = figures_of_all(table) if question.agency is None else figures_of(table.of(question.agency))
    longest = rows_of(desk, question, reference, [figures.longest]) if figures.longest else ()
    with desk.store.reading() as session:
        queue = [] if question.agency else queue_of(session, question.known_at, question.as_of)
    before = standings_before(desk, question, reference)
    changes = changes_of(question, before, table)
    return {
        "figures": figures,
        "longest": longest[0] if longest else None,
        "agencies": figures.agencies[:AGENCIES_FIRST],
        "milestones": reference.milestones,
        "changes": [(change, len(changes[change])) for change in Change],
        "before": before,
        "queue": queue[:QUEUE_FIRST],
        "queued": len(queue),
    }


def _list(
    desk: Desk, question: Question, reference: Reference, stands: Sequence[Stand], language: Language
) -> dict[str, Any]:
    last = max(1, ceil(len(stands) / ROWS_PER_PAGE))
    page = min(question.page, last)
    here = stands[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]
    named = names(reference)
    existing = (agency for agency in reference.register.agencies if agency.valid_on(question.as_of))
    to_choose = list(islice(existing, MOST_TO_CHOOSE + 1))
    return {
        "q": question,
        "named": named,
        "agencies": to_choose if len(to_choose) <= MOST_TO_CHOOSE else (),
        "milestones": reference.milestones,
        "count": len(stands),
        "late": [stand[6] for stand in stands].count(Status.OVERDUE),
        "rows": rows_of(desk, question, reference, here),
        "first": (page - 1) * ROWS_PER_PAGE + 1,
        "page": page,
        "last": last,
        "page_link": lambda number: question.same("/assignments", page=number),
        "filters": said_filters(question, named, reference.milestones, language),
        "most": exports.MOST,
    }


def _file(desk: Desk, request: Request, visitor: Looking, kind: exports.FileKind) -> Response:
    question, reference = asked_of_all(desk, request, visitor)
    stands = stands_of(desk, question, reference)
    exports.hold_to_most(len(stands))
    with WRITING.taken():
        rows = rows_of(desk, question, reference, stands)
        listed = exports.Listed(question, rows, names(reference), reference.milestones)
        content = kind.write(listed, language_of(request))
    name = quote(f"nhiem-vu-{question.as_of.isoformat()}.{kind.suffix}")
    return Response(
        content, media_type=kind.mime_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
