"""/people/acting: who acts for whom from when until when, and the form that lets somebody stand in."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from decisions import Delegate, Outcome, decide
from decisions.outcome import REFUSED
from models.people import holdings_of
from models.reference import contacts_of, register_of
from portal.access import Deciding
from portal.desk import Desk
from portal.pages import Pages
from portal.typed import Typed, TypedForm, read_action, speaker, tell
from rules.ladder import Role
from rules.people import Holding, HoldingKind

HERE = "/people/acting"
_STANDS_IN = (HoldingKind.ACTING, HoldingKind.DELEGATE, HoldingKind.AWAY)
_NOTHING_TYPED = Typed("", {})


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of the page."""
    router = APIRouter(default_response_class=HTMLResponse)

    def shown(request: Request, *, status_code: int = 200, **more: Any) -> HTMLResponse:
        around = {"typed": _NOTHING_TYPED, "errors": [], "refusal": None, **_people(desk), **more}
        return pages.page(request, "acting/people.html", status_code=status_code, **around)

    @router.get(HERE)
    def people(request: Request, _visitor: Deciding) -> HTMLResponse:
        """List who acts or stands in for a post, today and in days to come, and who is away."""
        return shown(request)

    @router.post(HERE)
    def delegate(request: Request, visitor: Deciding, typed: TypedForm) -> Response:
        """Let somebody stand in for a post for some days."""
        read = read_action(Delegate, typed)
        if read.action is None:
            errors = [(each.name, f"acting.{each.entry}") for each in read.wrong]
            return shown(request, status_code=422, typed=typed, errors=errors)
        outcome: Outcome = decide(read.action, store=desk.store, by=speaker(visitor), now=desk.now())
        if outcome.outcome == REFUSED:
            return shown(request, status_code=422, typed=typed, refusal=outcome.refusal)
        tell(request, outcome)
        return RedirectResponse(HERE, status_code=303)

    return router


def _people(desk: Desk) -> Mapping[str, object]:
    today = desk.today()
    with desk.store.reading() as session:
        holdings, register = holdings_of(session, known_at=desk.now()), register_of(session)
        posts = {(each.agency, each.role): each.post_vi for each in contacts_of(session)}
    rows = [each for each in holdings if each.kind in _STANDS_IN and (each.until_on is None or each.until_on >= today)]
    return {
        "day": today,
        "rows": sorted(rows, key=_soonest),
        "names": {each.code: each.name_vi for each in register.agencies},
        "posts": posts,
        "agencies": [(each.code, each.name_vi) for each in register.agencies if each.valid_on(today)],
        "roles": list(Role),
    }


def _soonest(holding: Holding) -> tuple[object, ...]:
    return holding.from_on is not None, str(holding.from_on), holding.agency, holding.role, holding.name
