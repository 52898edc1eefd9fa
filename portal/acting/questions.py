"""/questions: everything that waits for a person to decide, grouped and counted, each with its facts and its form."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil
from operator import attrgetter
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from decisions import OpenQuestion, open_questions
from portal.access import Deciding, changed_lately
from portal.acting.matters import Desktop
from portal.desk import Desk
from portal.kept import Kept
from portal.looking.tables import kept_of
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
        waiting, made_at = kept.of(
            day,
            now,
            lambda: open_questions(desk.store, as_of=day, known_at=now, level=desk.level),
            waits=changed_lately(request),
        )
        given = {"kind": kind if kind in KINDS else "", "agency": agency, "code": code}
        return pages.page(
            request,
            "acting/questions.html",
            day=day,
            made_at=made_at,
            **_listed(desk, visitor, (waiting, made_at), given, page),
        )

    return router


def _listed(
    desk: Desk, visitor: Visitor, made: tuple[Sequence[OpenQuestion], datetime], given: Mapping[str, str], page: int
) -> dict[str, Any]:
    """Return what a page of the list shows of all that waits; each with its facts as known when the list was made."""
    waiting, made_at = made
    among = _asked(waiting, {**given, "kind": ""})
    chosen = sorted(_asked(among, given), key=_order)
    last = max(1, ceil(len(chosen) / PER_PAGE))
    page, day, reference = min(page, last), desk.today(), kept_of(desk).reference()
    with desk.store.reading() as session:
        successors = reference.register.accountable(day)
        found = Desktop(session, day, made_at, desk.level, reference.register, reference.calendar, successors)
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


def _asked(waiting: Sequence[OpenQuestion], given: Mapping[str, str]) -> Sequence[OpenQuestion]:
    """Return the questions of the kind, the agency and the assignment given."""
    read = {"kind": attrgetter("kind"), "agency": attrgetter("agency"), "code": attrgetter("assignment")}
    for name, value in given.items():
        if value:
            waiting = [each for each in waiting if read[name](each) == value]
    return waiting


def _order(question: OpenQuestion) -> tuple[Any, ...]:
    return KINDS.index(question.kind), question.asked_on, question.number


def _link(values: Mapping[str, object]) -> str:
    query = urlencode({name: str(value) for name, value in values.items() if value})
    return f"/questions?{query}" if query else "/questions"
