"""The pages of an administrator: the accounts, one account, the programs that may ask the API.

A one-time password or a token is on the page that answers the form, once: it is kept nowhere it could be shown again.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from decisions.accounts import (
    AccountRefusedError,
    Holding,
    change_account,
    close_account,
    open_account,
    reset_password,
)
from models.accounts import AccountAsIs, accounts_of
from models.reference import register_of
from portal.access import ManagingAccounts
from portal.desk import Desk
from portal.pages import Pages
from portal.signing.pages import Words
from rules.access import OF_ONE_AGENCY, Role

_WRONG = 422
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
_ALL = "all"


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of the accounts."""
    router = APIRouter(default_response_class=HTMLResponse, prefix="/accounts")
    _all(router, desk, pages)
    _one(router, desk, pages)
    return router


def _all(router: APIRouter, desk: Desk, pages: Pages) -> None:
    def listed(request: Request, status_code: int = 200, **told: object) -> HTMLResponse:
        with desk.store.reading() as session:
            values = {"accounts": accounts_of(session), "agencies": agencies_of(desk), "roles": list(Role)}
        shown = {"error": "", "typed": {}, "opened": "", "password": "", **values, **told}
        return pages.page(request, "signing/accounts.html", status_code=status_code, **shown)

    @router.get("")
    def accounts(request: Request, _visitor: ManagingAccounts) -> HTMLResponse:
        """List the accounts, and ask for a new one."""
        return listed(request)

    @router.post("")
    def opening(
        request: Request,
        visitor: ManagingAccounts,
        role: Words = "",
        name: Words = "",
        post: Words = "",
        agency: Words = "",
        email: Words = "",
    ) -> HTMLResponse:
        """Open an account; the answer shows its one-time password."""
        typed = {"name": name, "post": post, "role": role, "agency": agency, "email": email}
        who: dict[str, Any] = {"name": name.strip(), "email": email.strip(), "by": visitor.name, "now": desk.now()}
        try:
            password = open_account(desk.store, **who, holding=_holding(post, role, agency))
        except AccountRefusedError as error:
            return listed(request, _WRONG, error=error, typed=typed)
        return listed(request, opened=name.strip(), password=password)


def _one(router: APIRouter, desk: Desk, pages: Pages) -> None:
    def one(request: Request, number: int, status_code: int = 200, **told: object) -> HTMLResponse:
        values = {"account": _account(desk, number), "agencies": agencies_of(desk), "roles": list(Role)}
        shown = {"error": "", "password": "", **values, **told}
        return pages.page(request, "signing/account.html", status_code=status_code, **shown)

    def settled(request: Request, number: int, change: Callable[[], None]) -> Response:
        _account(desk, number)
        try:
            change()
        except AccountRefusedError as error:
            return one(request, number, _WRONG, error=error)
        return RedirectResponse("/accounts", status_code=303)

    @router.get("/{number}")
    def account(request: Request, _visitor: ManagingAccounts, number: Number) -> HTMLResponse:
        """Show one account and what can be done about it."""
        return one(request, number)

    @router.post("/{number}", response_model=None)
    def changing(
        request: Request,
        visitor: ManagingAccounts,
        number: Number,
        role: Words = "",
        post: Words = "",
        agency: Words = "",
    ) -> Response:
        """Give the account another post, role or agency."""
        by, now = visitor.name, desk.now()

        def change() -> None:
            change_account(desk.store, number, holding=_holding(post, role, agency), by=by, now=now)

        return settled(request, number, change)

    @router.post("/{number}/close", response_model=None)
    def closing(request: Request, visitor: ManagingAccounts, number: Number) -> Response:
        """Close the account."""
        return settled(request, number, lambda: close_account(desk.store, number, by=visitor.name, now=desk.now()))

    @router.post("/{number}/password")
    def resetting(request: Request, visitor: ManagingAccounts, number: Number) -> HTMLResponse:
        """Give the account a one-time password, which the answer shows."""
        _account(desk, number)
        try:
            password = reset_password(desk.store, number, by=visitor.name, now=desk.now())
        except AccountRefusedError as error:
            return one(request, number, _WRONG, error=error)
        return one(request, number, password=password)


def agencies_of(desk: Desk) -> list[tuple[str, str]]:
    """Return the agencies of today to choose from, by code and name."""
    with desk.store.reading() as session:
        agencies = register_of(session).agencies
    return [(each.code, f"{each.code} – {each.name_vi}") for each in agencies if each.valid_on(desk.today())]


def _account(desk: Desk, number: int) -> AccountAsIs:
    with desk.store.reading() as session:
        found = accounts_of(session, only=number)
    if not found:
        raise HTTPException(404)
    return found[0]


def _holding(post: str, role: str, agency: str) -> Holding:
    """Return what a form states; an agency left chosen for a role that sees all counts as none.

    Nobody is let see all agencies by leaving a choice as it was: raises AccountRefusedError.
    """
    if role not in set(Role):
        raise AccountRefusedError("signing.needs_role")
    if role == Role.LEADER and not agency:
        raise AccountRefusedError("signing.needs_agency_or_all")
    held_to = agency if role in OF_ONE_AGENCY and agency != _ALL else ""
    return Holding(post, Role(role), held_to)
