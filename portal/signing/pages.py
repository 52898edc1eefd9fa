"""Signing in with a local account, signing out, choosing the language."""

from typing import Annotated
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.accounts import accounts_of
from portal.access import SIGN_IN, OpenTo, begin
from portal.desk import Desk
from portal.pages import Pages
from portal.signing.identity import IdentityProvider
from texts import Language, both

_EVERYBODY = [Depends(OpenTo("everybody: it is how one signs in"))]
_WRONG = 422
Words = Annotated[str, Form(max_length=300)]


def routes(desk: Desk, pages: Pages, _identity: IdentityProvider | None) -> APIRouter:
    """Return the routes of signing in and out."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get(SIGN_IN, dependencies=_EVERYBODY)
    def sign_in_page(request: Request) -> HTMLResponse:
        """Ask who comes."""
        back = _inside(request.query_params.get("next", ""))
        return pages.page(request, "signing/sign_in.html", next=back, name="", message="")

    @router.post(SIGN_IN, dependencies=_EVERYBODY, response_model=None)
    def sign_in(request: Request, name: Words = "", password: Words = "", next: Words = "") -> Response:  # noqa: A002
        """Begin a session for a name with its password."""
        with desk.store.reading() as session:
            found = accounts_of(session, name=name.strip())
        if not found or found[0].closed or not _matches(found[0].password_hash, password):
            values = {"next": _inside(next), "name": name, "message": both("portal.wrong_password")}
            return pages.page(request, "signing/sign_in.html", status_code=_WRONG, **values)
        begin(request.session, found[0])
        return RedirectResponse(_inside(next) or "/", status_code=303)

    @router.post("/sign-out", dependencies=_EVERYBODY)
    def sign_out(request: Request) -> RedirectResponse:
        """End the session."""
        request.session.clear()
        return RedirectResponse(SIGN_IN, status_code=303)

    @router.get("/language/{language}", dependencies=_EVERYBODY)
    def choose_language(request: Request, language: Language) -> RedirectResponse:
        """Remember the language, and go back to where the reader was."""
        request.session["language"] = language.value
        came_from = urlsplit(request.headers.get("referer", ""))
        return RedirectResponse(_inside(came_from.path) or "/", status_code=303)

    return router


def _matches(password_hash: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(password_hash, password)
    except VerificationError:
        return False


def _inside(path: str) -> str:
    """Return a path of this portal, or "" for anything that leads elsewhere."""
    parts = urlsplit(path)
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return path if inside else ""
