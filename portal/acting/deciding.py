"""Decisions and answers about one assignment: each a form that changes the store once and leads back."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from decisions import (
    Acknowledge,
    AnswerObstacle,
    Cancel,
    Confirm,
    Decline,
    Dispute,
    Extend,
    Hold,
    Link,
    Redirect,
    Reinstate,
    RequestExtension,
    Resume,
    Return,
    SetDueDay,
    Settle,
    Succeed,
    Unlink,
)
from models.assignment_tables import Assignment
from models.commitment_tables import Appeal
from models.newest import mark_of_obstacle
from models.obstacles import ObstacleRow, obstacles_of
from portal.access import Answering, Deciding, NotAllowedError
from portal.acting.matters import desktop
from portal.acting.taking import Asked, Taking
from portal.desk import Desk
from portal.pages import Pages
from portal.typed import Typed, TypedForm
from rules.access import Right, Visitor

DECISIONS: Mapping[str, type[Any]] = {
    each.name: each
    for each in (Confirm, Return, Extend, Decline, Hold, Resume, Cancel, Reinstate, Succeed, SetDueDay, Link, Unlink)
}  # fmt: skip
ANSWERS: Mapping[str, type[Any]] = {each.name: each for each in (Acknowledge, RequestExtension, Dispute, Redirect)}
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of the forms."""
    router, taking = APIRouter(default_response_class=HTMLResponse), Taking(desk, pages)

    @router.get("/assignments/{code}/decisions")
    def form(request: Request, visitor: Deciding, code: str, action: str = "", back: str = "") -> Response:
        """Show the form of one decision about an assignment."""
        asked = _asked(taking, visitor, code, DECISIONS, Typed("", {"action": action, "back": back}))
        return taking.form(request, asked, status_code=200)

    @router.post("/assignments/{code}/decisions")
    def decision(request: Request, visitor: Deciding, typed: TypedForm, code: str) -> Response:
        """Record one decision about an assignment."""
        return taking.take(request, visitor, _asked(taking, visitor, code, DECISIONS, typed))

    @router.post("/assignments/{code}/answers")
    def answer(request: Request, visitor: Answering, typed: TypedForm, code: str) -> Response:
        """Record what the accountable agency answers: a commitment, a request for more time, a dispute, a reader."""
        asked = _asked(taking, visitor, code, ANSWERS, typed, path="answers")
        if visitor.agency is None:
            raise NotAllowedError("acting.only_the_agency")
        return taking.take(request, visitor, asked)

    @router.post("/appeals/{number}")
    def appeal(request: Request, visitor: Deciding, typed: TypedForm, number: Number) -> Response:
        """Answer what an agency asked for: accepted or not, in words."""
        code = _assignment_of(desk, number)
        matter = taking.matter(code, visitor)
        asked = Asked(Settle, f"/appeals/{number}", matter, typed, {"appeal": number}, matter.newest.mark)
        return taking.take(request, visitor, asked)

    @router.post("/obstacles/{number}")
    def obstacle(request: Request, visitor: Answering, typed: TypedForm, number: Number) -> Response:
        """Answer an obstacle: the secretariat, or the agency it is addressed to."""
        found = _obstacle_of(desk, visitor, number)
        with desk.store.reading() as session:
            read = desktop(session, day=desk.today(), now=desk.now(), level=desk.level)
            matter = read.matter(found.assignment, visitor, also=found.addressed_to)
            seen = mark_of_obstacle(session, number)
        asked = Asked(AnswerObstacle, f"/obstacles/{number}", matter, typed, {"obstacle": number}, seen, found.answer)
        return taking.take(request, visitor, asked)

    return router


def _asked(
    taking: Taking, visitor: Visitor, code: str, kinds: Mapping[str, type[Any]], typed: Typed, path: str = "decisions"
) -> Asked:
    """Return what a form about an assignment asks for; raises HTTPException 404 for what is not there."""
    matter, action = taking.matter(code, visitor), typed.get("action")
    if action not in kinds:
        raise HTTPException(404)
    return Asked(kinds[action], f"/assignments/{code}/{path}", matter, typed, {"code": code}, matter.newest.mark)


def _assignment_of(desk: Desk, appeal: int) -> str:
    with desk.store.reading() as session:
        found = session.get(Appeal, appeal)
        if found is None:
            raise HTTPException(404)
        return session.get_one(Assignment, found.assignment_id).code


def _obstacle_of(desk: Desk, visitor: Visitor, number: int) -> ObstacleRow:
    """Return an obstacle the visitor may answer; raises HTTPException 404, or NotAllowedError for one of their own."""
    with desk.store.reading() as session:
        rows = obstacles_of(session, as_of=desk.today(), known_at=desk.now())
    found = next((row for row in rows if row.obstacle.id == number), None)
    if found is None or not (visitor.sees(found.addressed_to) or visitor.sees(found.obstacle.raised_by)):
        raise HTTPException(404)
    if not (visitor.may(Right.DECIDE) or (visitor.agency is not None and visitor.agency == found.addressed_to)):
        raise NotAllowedError("acting.only_the_addressee")
    return found
