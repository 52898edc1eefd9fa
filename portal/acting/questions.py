"""/questions: everything that waits for a person to decide, grouped and counted, each with its facts and its form."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from decisions import OpenQuestion, open_questions
from portal.access import Deciding
from portal.acting.matters import desktop
from portal.desk import Desk
from portal.kept import Kept
from portal.pages import Pages
from rules.access import Visitor

PER_PAGE = 10
# In which order a desk works through them: what an agency waits for comes before what nobody asked.
KINDS = ("completion", "extension", "requested", "dispute", "redirect", "obstacle", "succession", "undated")
Page = Annotated[int, Query(ge=1, le=100_000)]


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the route of the list."""
    router, kept = APIRouter(default_response_class=HTMLResponse), Kept[Sequence[OpenQuestion]](desk.store)

    @router.get("/questions")
    def questions(
        request: Request, visitor: Deciding, kind: str = "", agency: str = "", code: str = "", page: Page = 1
    ) -> HTMLResponse:
        """List what waits, of the kinds and agencies the URL names, a page at a time."""
        day, now = desk.today(), desk.now()
        waiting, _ = kept.of(
            day, now, lambda: open_questions(desk.store, as_of=day, known_at=now, level=desk.level)
        )  # fmt: skip
        given = {"kind": kind if kind in KINDS else "", "agency": agency, "code": code}
        return pages.page(request, "acting/questions.html", day=day, **_listed(desk, visitor, waiting, given, page))

    return router


def _listed(
    desk: Desk, visitor: Visitor, waiting: Sequence[OpenQuestion], given: Mapping[str, str], page: int
) -> dict[str, Any]:
    """Return what a page of the list shows of all that waits."""
    among = [each for each in waiting if _is_asked(each, {**given, "kind": ""})]
    chosen = sorted((each for each in among if _is_asked(each, given)), key=_order)
    last = max(1, ceil(len(chosen) / PER_PAGE))
    page, day = min(page, last), desk.today()
    with desk.store.reading() as session:
        found = desktop(session, day=day, now=desk.now(), level=desk.level)
        shown = chosen[(page - 1) * PER_PAGE : page * PER_PAGE]
        rows = [(each, found.matter(each.assignment, visitor)) for each in shown]
    names = {each.code: each.name_vi for each in found.register.agencies}
    known = sorted({each.agency for each in waiting if each.agency}, key=lambda one: names.get(one, one))
    counts = Counter(each.kind for each in among)
    return {
        "rows": rows,
        "given": given,
        "count": len(chosen),
        "counts": [(one, counts[one]) for one in KINDS],
        "page": page,
        "last": last,
        "link": lambda **changes: _link({**given, **changes}),
        "page_link": lambda number: _link({**given, "page": number}),
        "agencies": [(one, names.get(one, one)) for one in known],
        "successors": [(each.code, each.name_vi) for each in found.register.agencies if each.valid_on(day)],
    }


def _is_asked(question: OpenQuestion, given: Mapping[str, str]) -> bool:
    said = {"kind": question.kind, "agency": question.agency, "code": question.assignment}
    return all(not value or said[name] == value for name, value in given.items())


def _order(question: OpenQuestion) -> tuple[Any, ...]:
    return KINDS.index(question.kind), question.asked_on, question.number


def _link(values: Mapping[str, object]) -> str:
    query = urlencode({name: str(value) for name, value in values.items() if value})
    return f"/questions?{query}" if query else "/questions"
