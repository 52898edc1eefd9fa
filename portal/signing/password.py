"""The page where people choose their own password; the one place a one-time password leads to."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from decisions.accounts import AccountRefusedError, set_password
from decisions.signing_in import SignInRefusedError, sign_in
from models.accounts import accounts_of
from portal.access import OWN_PASSWORD, ChangingPassword, begin, name_of
from portal.desk import Desk
from portal.pages import Pages, Sayable, worded
from portal.signing.pages import Words, address_of, home_of
from rules.access import SHORTEST_PASSWORD, Visitor

_WRONG = 422


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of changing one's own password."""
    router = APIRouter(default_response_class=HTMLResponse)

    def asked(request: Request, errors: list[tuple[str, Sayable]], status_code: int = 200) -> HTMLResponse:
        values = {"errors": errors, "first": request.state.holder.must_change, "shortest": SHORTEST_PASSWORD}
        return pages.page(request, "signing/password.html", status_code=status_code, **values)

    @router.get(OWN_PASSWORD)
    def own_password(request: Request, _visitor: ChangingPassword) -> HTMLResponse:
        """Ask for the password as it is and as it shall be."""
        return asked(request, [])

    @router.post(OWN_PASSWORD, response_model=None)
    def change(
        request: Request, visitor: ChangingPassword, old: Words = "", new: Words = "", again: Words = ""
    ) -> Response:
        """Change it; other sessions of the account end, this one goes on anew."""
        errors = _change(desk, request, visitor, (old, new, again))
        if errors:
            return asked(request, errors, _WRONG)
        with desk.store.reading() as session:
            begin(request.session, accounts_of(session, only=visitor.account)[0], desk.now())
        return RedirectResponse(home_of(visitor), status_code=303)

    return router


def _change(desk: Desk, request: Request, visitor: Visitor, typed: tuple[str, str, str]) -> list[tuple[str, Sayable]]:
    """Change the password; return what stands in the way, each with its place on the page.

    The old one is held to the limits of a sign-in, the session being a place of its own: one left open is no way to
    guess it, and nobody outside keeps its holder from changing it.
    """
    old, new, again = typed
    if new != again:
        return [("again", worded("signing.not_the_same"))]
    if new == old:
        return [("new", worded("signing.same_as_before"))]
    try:
        who = {
            "name": visitor.name,
            "password": old,
            "address": address_of(request),
            "device": name_of(request.session),
        }
        sign_in(desk.store, **who, now=desk.now(), audited="password_checked")
    except SignInRefusedError as error:
        return [("old", error if error.code != "wrong_password" else worded("signing.wrong_old"))]
    try:
        set_password(desk.store, visitor.account, password=new, by=visitor.name, now=desk.now())
    except AccountRefusedError as error:
        return [("new", error)]
    return []
