"""The pages of operations: the flows' last runs, the outbox, letters that need a person, what everything rests on."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.chain import walk
from models.opening import known_revisions, shown, stored_revision
from models.outcome_tables import AuditEntry, Delivery
from models.reference import calendar_of
from models.webhooks import hooks_of, told_of
from notifications.accounting import accounts
from notifications.dead_letters import StaleLetterError, dead_letters, requeue
from portal.access import RunningOperations, SeeingOperations
from portal.desk import Desk, Run
from portal.pages import Pages, worded
from portal.typed import speaker
from rules.webhook import HookState

OPERATIONS = "/operations"
_WRONG = 422
Words = Annotated[str, Form(max_length=300)]


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(default_response_class=HTMLResponse, prefix=OPERATIONS)

    def shown_now(request: Request, status_code: int = 200, **told: object) -> HTMLResponse:
        values = {"error": "", "typed": {}, "done": "", **_standing(desk), **told}
        return pages.page(request, "operations/operations.html", status_code=status_code, **values)

    @router.get("")
    def operations(request: Request, _visitor: SeeingOperations, requeued: str = "") -> HTMLResponse:
        """Show how the product runs."""
        return shown_now(request, done=worded("operations.requeued", key=requeued[:200]) if requeued else "")

    @router.post("/requeue", response_model=None)
    def requeueing(request: Request, visitor: RunningOperations, key: Words = "", reason: Words = "") -> Response:
        """Put a letter that failed for good back into the queue."""
        typed = {"key": key, "reason": reason}
        if not reason.strip():
            return shown_now(request, _WRONG, error=worded("operations.no_reason"), typed=typed)
        try:
            by, now = speaker(visitor), desk.now()
            before = requeue(desk.store, key, by=by, reason=reason.strip(), now=now, level=desk.level)
        except StaleLetterError as error:
            return shown_now(request, _WRONG, error=error, typed=typed)
        if before is None:
            return shown_now(request, _WRONG, error=worded("outbox.cannot_turn", key=key), typed=typed)
        return RedirectResponse(f"{OPERATIONS}?{urlencode({'requeued': key})}", status_code=303)

    @router.get("/chains")
    def chains(request: Request, _visitor: SeeingOperations) -> HTMLResponse:
        """Walk along the chains of the audit trail and of the deliveries, and say whether they hold."""
        with desk.store.reading() as session:
            found = [walk(session, AuditEntry), walk(session, Delivery)]
        return pages.page(request, "operations/chains.html", chains=found, at=desk.now())

    return router


def _standing(desk: Desk) -> dict[str, Any]:
    with desk.store.reading() as session:
        years = sorted(calendar_of(session).official_years)
        hooks = [(hook, told_of(session, hook.number)) for hook in hooks_of(session)]
    return {
        "today": desk.today(),
        "runs": _runs(desk),
        "days": accounts(desk.store, now=desk.now(), since=desk.today()),
        "letters": dead_letters(desk.store),
        "hooks": hooks,
        "given_up": [(hook, told) for hook, told in hooks if hook.state is HookState.SET_ASIDE],
        "years": years,
        "covered": desk.today().year in years,
        "database": shown(desk.store.url.render_as_string(hide_password=True)),
        "revision": stored_revision(desk.store) or "—",
        "newest": known_revisions()[-1],
        "receivers": len(desk.digests.trial),
    }


def _runs(desk: Desk) -> Sequence[Run] | None:
    """Return the last run of each flow; None when no scheduler tells of them or it does not answer."""
    if desk.recent_runs is None:
        return None
    try:
        return desk.recent_runs()
    except Exception:  # noqa: BLE001 - whatever keeps the scheduler from answering, the page shows the rest
        return None
