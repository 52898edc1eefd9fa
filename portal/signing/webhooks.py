"""The page of the subscriptions: which program hears of which changes, and the secret that signs what it is told."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from decisions.webhooks import WebhookRefusedError, standing, subscribe, turn
from models.accounts import clients_of
from models.webhooks import hooks_of, told_of
from portal.access import ManagingAccounts
from portal.desk import Desk
from portal.pages import Pages
from portal.signing.accounts import agencies_of
from portal.signing.pages import Words
from rules.webhook import ChangeKind, HookState

_WRONG = 422
_HIGHEST = 2**31 - 1
Number = Annotated[int, Path(ge=1, le=_HIGHEST)]
Turned = Literal[HookState.ON, HookState.OFF, HookState.REMOVED]
Address = Annotated[str, Form(max_length=600)]


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of the subscriptions."""
    router = APIRouter(default_response_class=HTMLResponse, prefix="/webhooks")

    def listed(request: Request, status_code: int = 200, **told: object) -> HTMLResponse:
        with desk.store.reading() as session:
            hooks = [(hook, told_of(session, hook.number)) for hook in hooks_of(session)]
            programs = [each.caller for each in clients_of(session) if each.ended_at is None]
        values = {"hooks": hooks, "programs": programs, "agencies": agencies_of(desk), "kinds": list(ChangeKind)}
        shown = {"error": "", "typed": {}, "secret_of": None, "has_key": desk.webhooks is not None, **values, **told}
        return pages.page(request, "signing/webhooks.html", status_code=status_code, **shown)

    def with_secret(request: Request, number: int) -> HTMLResponse:
        assert desk.webhooks is not None
        return listed(request, secret_of=(number, desk.webhooks.secret(number)))

    @router.get("")
    def webhooks(request: Request, _visitor: ManagingAccounts) -> HTMLResponse:
        """List the subscriptions, and ask for a new one."""
        return listed(request)

    @router.post("")
    def subscribing(
        request: Request, visitor: ManagingAccounts, client: Annotated[int, Form(ge=1, le=_HIGHEST)],
        kinds: Annotated[list[ChangeKind] | None, Form()] = None, address: Address = "", agency: Words = "",
    ) -> HTMLResponse:  # fmt: skip
        """Subscribe a program; the answer shows the secret."""
        typed = {"client": client, "kinds": kinds or [], "address": address, "agency": agency}
        try:
            inside = _inside(desk)
            asked = {"client": client, "address": address, "kinds": kinds or [], "agency": agency, "inside": inside}
            number = subscribe(desk.store, **asked, by=visitor.name, now=desk.now())  # type: ignore[arg-type]
        except WebhookRefusedError as error:
            return listed(request, _WRONG, error=error, typed=typed)
        return with_secret(request, number)

    @router.post("/{number}/secret")
    def shown_again(request: Request, _visitor: ManagingAccounts, number: Number) -> HTMLResponse:
        """Show the secret of a subscription again."""
        try:
            _inside(desk)
            standing(desk.store, number)
        except WebhookRefusedError as error:
            return listed(request, _WRONG, error=error)
        return with_secret(request, number)

    @router.post("/{number}/{state}", response_model=None)
    def turning(request: Request, visitor: ManagingAccounts, number: Number, state: Turned) -> Response:
        """Pause a subscription, let it hear again, or remove it."""
        try:
            turn(desk.store, number, state, by=visitor.name, now=desk.now())
        except WebhookRefusedError as error:
            return listed(request, _WRONG, error=error)
        return RedirectResponse("/webhooks", status_code=303)

    return router


def _inside(desk: Desk) -> frozenset[str]:
    """Return the hosts of this network that may be told. Raises WebhookRefusedError where nothing can be signed."""
    if desk.webhooks is None:
        raise WebhookRefusedError("webhooks.no_key")
    return desk.webhooks.inside
