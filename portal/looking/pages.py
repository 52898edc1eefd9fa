"""The first figures, the list of assignments, one assignment's story: what people look at."""

from collections.abc import Mapping
from math import ceil
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from portal.access import Looking
from portal.desk import Desk
from portal.looking.figures import first_figures
from portal.looking.question import Question
from portal.looking.tables import asked, explanation_of, matching, table_of
from portal.pages import Pages
from rules.reference import Reference
from texts import Language

ROWS_PER_PAGE = 100


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/")
    def first(request: Request, visitor: Looking) -> HTMLResponse:
        """Show how many are late, whose, how long; then each agency and milestone."""
        question, reference = asked(desk, request, visitor)
        table, names = table_of(desk, question), _names(reference)
        milestones = [(m, table.by_milestone()[m.code]) for m in table.milestones]
        figures = first_figures(table, names)
        return pages.page(
            request, "looking/first.html", q=question, figures=figures, milestones=milestones, queue=table.queue
        )

    @router.get("/assignments")
    def assignments(request: Request, visitor: Looking) -> HTMLResponse:
        """List the assignments the URL's filters leave, a page at a time."""
        question, reference = asked(desk, request, visitor)
        rows = matching(table_of(desk, question), question)
        return pages.page(request, "looking/assignments.html", **_list(question, reference, rows))

    @router.get("/assignments/{code}")
    def assignment(code: str, request: Request, visitor: Looking) -> HTMLResponse:
        """Tell one assignment's story: every step from the document's words to its status, with its source."""
        question, _ = asked(desk, request, visitor)
        vi, en = (explanation_of(desk, code, question, language) for language in Language)
        steps = list(zip(vi.steps, en.steps, strict=True))
        return pages.page(request, "looking/assignment.html", q=question, code=code, status=vi.status, steps=steps)

    return router


def _list(question: Question, reference: Reference, rows: list[Any]) -> dict[str, Any]:
    last = max(1, ceil(len(rows) / ROWS_PER_PAGE))
    page = min(question.page, last)
    return {
        "q": question,
        "names": _names(reference),
        "agencies": [agency for agency in reference.register.agencies if agency.valid_on(question.as_of)],
        "milestones": reference.milestones,
        "count": len(rows),
        "rows": rows[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE],
        "page": page,
        "last": last,
    }


def _names(reference: Reference) -> Mapping[str, str]:
    return {agency.code: agency.name_vi for agency in reference.register.agencies}
