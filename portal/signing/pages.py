"""Signing in with a local account, signing out, choosing the language."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from decisions.signing_in import BusyError, SignInRefusedError, TooManyAttemptsError, sign_in, sign_out
from portal.access import SIGN_IN, OpenTo, begin, name_of, visitor_here
from portal.desk import Desk
from portal.pages import Pages, Reading
from portal.signing.device import Devices
from rules.access import Right, Visitor

EVERYBODY = [Depends(OpenTo("everybody: it is how one signs in"))]
_WRONG = 422
_STATUS_OF = {TooManyAttemptsError: 429, BusyError: 503}
Words = Annotated[str, Form(max_length=300)]


def routes(desk: Desk, pages: Pages, identity_name: str, devices: Devices) -> APIRouter:
    """Return the routes of signing in here and out; `identity_name` names an identity provider beside, "" for none."""
    router = APIRouter(default_response_class=HTMLResponse)
    around: dict[str, Any] = {"identity": identity_name}

    @router.get(SIGN_IN, dependencies=EVERYBODY)
    def sign_in_page(request: Request) -> HTMLResponse:
        """Ask who comes."""
        back = inside(request.query_params.get("next", ""))
        return pages.page(request, "signing/sign_in.html", next=back, name="", message="", **around)

    @router.post(SIGN_IN, dependencies=EVERYBODY, response_model=None)
    def signing_in(request: Request, name: Words = "", password: Words = "", next: Words = "") -> Response:  # noqa: A002
        """Begin a session for a name with its password."""
        now = desk.now()
        who = {"name": name, "address": address_of(request), "device": devices.of(request, name, now)}
        try:
            found = sign_in(desk.store, **who, password=password, now=now)
        except SignInRefusedError as error:
            values: dict[str, Any] = {"next": inside(next), "name": name, "message": error, **around}
            status_code = _STATUS_OF.get(type(error), _WRONG)
            return pages.page(request, "signing/sign_in.html", status_code=status_code, **values)
        begin(request.session, found, now)
        leading = RedirectResponse(inside(next) or home_of(found.visitor), status_code=303)
        devices.remember(leading, name, now)
        return leading

    @router.post("/sign-out", dependencies=EVERYBODY)
    def signing_out(request: Request) -> RedirectResponse:
        """End the session, and every copy of its cookie."""
        visitor = visitor_here(request)
        if visitor:
            sign_out(desk.store, session_name=name_of(request.session), name=visitor.name, now=desk.now())
        request.session.clear()
        return RedirectResponse(SIGN_IN, status_code=303)

    @router.get("/language/{language}", dependencies=EVERYBODY)
    def choose_language(request: Request, language: Reading) -> RedirectResponse:
        """Remember the language, and go back to where the reader was."""
        request.session["language"] = language.value
        return RedirectResponse(inside(path_of(request.headers.get("referer", ""))) or "/", status_code=303)

    return router


def address_of(request: Request) -> str:
    """Return where a request came from; a proxy's word counts where the server was told to trust it."""
    return request.client.host if request.client else ""


def home_of(visitor: Visitor) -> str:
    """Return the first page a visitor may see."""
    return "/" if visitor.may(Right.LOOK) else "/accounts"


def inside(path: str) -> str:
    """Return a path of this portal, or "" for anything that leads elsewhere."""
    ours = path.startswith("/") and "//" not in path.partition("?")[0] and "\\" not in path and path.isprintable()
    return path if ours else ""


def path_of(address: str) -> str:
    """Return the path and the query of an address, "" for what is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
