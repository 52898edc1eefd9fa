"""/holds and /obstacles: what rests until when, and what stands in the way until somebody answers."""

from collections import Counter
from collections.abc import Mapping
from math import ceil
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from decisions import holds_of
from models.obstacles import ObstacleRow, obstacles_of
from models.reference import register_of
from portal.access import Looking
from portal.desk import Desk
from portal.pages import Pages
from rules.access import Right, Visitor
from rules.obstacle import ObstacleStatus
from rules.status import NEVER

PER_PAGE = 25
Page = Annotated[int, Query(ge=1, le=100_000)]


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of both lists."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/holds")
    def holds(request: Request, visitor: Looking, page: Page = 1) -> HTMLResponse:
        """List the holds that run, the first to end first."""
        day = desk.today()
        running = holds_of(desk.store, as_of=day, known_at=desk.now())
        with desk.store.reading() as session:
            register = register_of(session)
        successors, names = register.accountable(day), {each.code: each.name_vi for each in register.agencies}
        rows = [each for each in running if visitor.sees(successors.get(each.agency, each.agency))]
        last = max(1, ceil(len(rows) / PER_PAGE))
        page = min(page, last)
        shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
        return pages.page(
            request,
            "acting/holds.html",
            day=day,
            rows=shown,
            count=len(rows),
            names=names,
            page=page,
            last=last,
            page_link=lambda number: f"/holds?page={number}",
        )

    @router.get("/obstacles")
    def obstacles(
        request: Request, visitor: Looking, status: str = "", code: str = "", page: Page = 1
    ) -> HTMLResponse:  # fmt: skip
        """List the obstacles that stand, by whom they were raised and who must answer by when."""
        day, status = desk.today(), status if status in set(ObstacleStatus) else ""
        with desk.store.reading() as session:
            found = obstacles_of(session, as_of=day, known_at=desk.now(), assignment=code or None)
            names = {each.code: each.name_vi for each in register_of(session).agencies}
        seen = [row for row in found if _concerns(visitor, row)]
        counts = Counter(row.status for row in seen)
        rows = sorted((row for row in seen if not status or row.status == status), key=_most_urgent)
        last = max(1, ceil(len(rows) / PER_PAGE))
        page, given = min(page, last), {"status": status, "code": code}
        return pages.page(
            request,
            "acting/obstacles.html",
            day=day,
            rows=rows[(page - 1) * PER_PAGE : page * PER_PAGE],
            count=len(rows),
            counts=[(each, counts[each]) for each in ObstacleStatus],
            given=given,
            names=names,
            never=NEVER,
            may_answer=lambda row: _may_answer(visitor, row),
            link=lambda **changes: _link({**given, **changes}),
            page_link=lambda number: _link({**given, "page": number}),
            page=page,
            last=last,
        )

    return router


def _link(values: Mapping[str, object]) -> str:
    query = urlencode({name: str(value) for name, value in values.items() if value})
    return f"/obstacles?{query}" if query else "/obstacles"


def _concerns(visitor: Visitor, row: ObstacleRow) -> bool:
    return visitor.sees(row.obstacle.raised_by) or (row.addressed_to is not None and visitor.sees(row.addressed_to))


def _may_answer(visitor: Visitor, row: ObstacleRow) -> bool:
    if row.status is ObstacleStatus.ANSWERED:
        return False
    own = visitor.agency is not None and visitor.agency == row.addressed_to
    return visitor.may(Right.DECIDE) or (own and visitor.may(Right.ANSWER))


def _most_urgent(row: ObstacleRow) -> tuple[object, ...]:
    order = (ObstacleStatus.OVERDUE, ObstacleStatus.OPEN, ObstacleStatus.ANSWERED)
    return order.index(row.status), -row.days_late, row.obstacle.raised_on, row.obstacle.id
