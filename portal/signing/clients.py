"""The page of the programs that may ask `/api/v1`; a token is on the page that answers the form, once."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from decisions.accounts import AccountRefusedError
from decisions.clients import end_client, issue_client
from models.accounts import clients_of
from portal.access import ManagingAccounts
from portal.desk import Desk
from portal.pages import Pages
from portal.signing.accounts import agencies_of
from portal.signing.pages import Words
from rules.access import Scope

_WRONG = 422
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of the programs."""
    router = APIRouter(default_response_class=HTMLResponse, prefix="/clients")

    def listed(request: Request, status_code: int = 200, **told: object) -> HTMLResponse:
        with desk.store.reading() as session:
            values = {"clients": clients_of(session), "agencies": agencies_of(desk), "scopes": list(Scope)}
        shown = {"error": "", "typed": {}, "token": "", **values, **told}
        return pages.page(request, "signing/clients.html", status_code=status_code, **shown)

    @router.get("")
    def clients(request: Request, _visitor: ManagingAccounts) -> HTMLResponse:
        """List the programs, and ask for a new one."""
        return listed(request)

    @router.post("")
    def issuing(
        request: Request, visitor: ManagingAccounts, scope: Annotated[Scope, Form()], name: Words = "",
        agency: Words = "",
    ) -> HTMLResponse:  # fmt: skip
        """Let a program in; the answer shows its token."""
        typed = {"name": name, "scope": scope, "agency": agency}
        try:
            token = issue_client(desk.store, name=name, scope=scope, agency=agency, by=visitor.name, now=desk.now())
        except AccountRefusedError as error:
            return listed(request, _WRONG, error=error, typed=typed)
        return listed(request, token=token)

    @router.post("/{number}/end", response_model=None)
    def ending(request: Request, visitor: ManagingAccounts, number: Number) -> Response:
        """Take a program's token back."""
        try:
            end_client(desk.store, number, by=visitor.name, now=desk.now())
        except AccountRefusedError as error:
            return listed(request, _WRONG, error=error)
        return RedirectResponse("/clients", status_code=303)

    return router
