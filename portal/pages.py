"""The pages: first figures, the list of assignments, one assignment's story. All read, none writes."""

from collections.abc import Mapping
from math import ceil
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from notifications.plain_text import plain
from portal.desk import Desk, matching
from portal.figures import first_figures
from portal.question import Question
from rules.reference import Reference
from rules.status import Status
from texts import Language, date_text, instant_text, number_text, period_text, say

ROWS_PER_PAGE = 100
_TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """Renders templates with the words of `texts` and the question at hand."""

    def __init__(self) -> None:
        """Load the templates; every value is escaped, a missing one is an error."""
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(vi=_vi, en=_en, Status=Status)
        self._templates.filters.update(
            day=lambda day: date_text(day) if day else "—",
            instant=instant_text,
            figure=number_text,
            plain=plain,
            period=lambda period, language: period_text(period, Language(language)),
        )

    def page(self, template: str, *, status_code: int = 200, **values: object) -> HTMLResponse:
        """Return a page."""
        return HTMLResponse(self._templates.get_template(template).render(**values), status_code=status_code)


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

    @router.get("/")
    def first(request: Request) -> HTMLResponse:
        """Show how many are late, whose, how long; then each agency and milestone."""
        question, reference = desk.asked(request.query_params)
        table, names = desk.table(question), _names(reference)
        milestones = [(m, table.by_milestone()[m.code]) for m in table.milestones]
        figures = first_figures(table, names)
        return pages.page("first.html", q=question, figures=figures, milestones=milestones, queue=table.queue)

    @router.get("/assignments")
    def assignments(request: Request) -> HTMLResponse:
        """List the assignments the URL's filters leave, a page at a time."""
        question, reference = desk.asked(request.query_params)
        rows = matching(desk.table(question), question)
        return pages.page("assignments.html", **_list(question, reference, rows))

    @router.get("/assignments/{code}")
    def assignment(code: str, request: Request) -> HTMLResponse:
        """Tell one assignment's story: every step from the document's words to its status, with its source."""
        question, _ = desk.asked(request.query_params)
        vi, en = (desk.explanation(code, question, language) for language in Language)
        steps = list(zip(vi.steps, en.steps, strict=True))
        return pages.page("assignment.html", q=question, code=code, status=vi.status, steps=steps)

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


def _vi(key: str, **values: object) -> str:
    return _said(key, Language.VI, values)


def _en(key: str, **values: object) -> str:
    return _said(key, Language.EN, values)


def _said(key: str, language: Language, values: Mapping[str, object]) -> str:
    """Return a sentence; counts in it take the separators of its language."""
    worded = {name: number_text(v, language=language) if isinstance(v, int) else v for name, v in values.items()}
    return say(key, language, **worded)
