"""What the portal answers when it cannot: a page with a sentence, or JSON with a code under `/api/v1`."""

from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from imports.uploads import FileTooLargeError
from models.explain import UnknownAssignmentError
from portal import api
from portal.access import (
    OWN_PASSWORD,
    SIGN_IN,
    ForeignFormError,
    MustChangePasswordError,
    NotAllowedError,
    NotSignedInError,
)
from portal.api.access import NoTokenError, ScopeError, TooManyRequestsError
from portal.api.reading import BadQuestionError as BadApiQuestionError
from portal.api.uploading import OvertakenError
from portal.looking.question import BadQuestionError
from portal.pages import Pages
from texts import SaidError, both

_STATUS_OF = {
    BadQuestionError: 400,
    UnknownAssignmentError: 404,
    NotAllowedError: 403,
    ForeignFormError: 403,
    NoTokenError: 401,
    ScopeError: 403,
    OvertakenError: 409,
    FileTooLargeError: 413,
    BadApiQuestionError: 422,
    TooManyRequestsError: 429,
}
_BESIDE = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "60"}}
_KNOWN = {400: "not_understood", 401: "no_token", 404: "no_such_page", 405: "wrong_method", 413: "too_large"}


def say_what_went_wrong(app: FastAPI, pages: Pages) -> None:
    """Let `app` answer its errors in words."""

    def answer(request: Request, status_code: int, code: str, message: str) -> Response:
        if request.url.path.startswith(api.PATH):
            return JSONResponse(
                {"error": {"code": code, "message": message}},
                status_code=status_code,
                headers=_BESIDE.get(status_code),
            )
        return pages.page(request, "wrong.html", status_code=status_code, message=message)

    def said(request: Request, error: Any) -> Response:
        assert isinstance(error, SaidError)
        return answer(request, _STATUS_OF[type(error)], error.code, str(error))

    def refused(request: Request, error: Any) -> Response:
        known = _KNOWN.get(error.status_code, "not_answered")
        return answer(request, error.status_code, known, both(f"portal.{known}"))

    def not_understood(request: Request, _error: Any) -> Response:
        return answer(request, 422, "not_understood", both("portal.not_understood"))

    def to_sign_in(request: Request, _error: Any) -> Response:
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        query = urlencode({"next": back}) if request.method == "GET" and back != "/" else ""
        return RedirectResponse(f"{SIGN_IN}?{query}" if query else SIGN_IN, status_code=303)

    def to_own_password(_request: Request, _error: Any) -> Response:
        return RedirectResponse(OWN_PASSWORD, status_code=303)

    for kind in _STATUS_OF:
        app.add_exception_handler(kind, said)
    app.add_exception_handler(NotSignedInError, to_sign_in)
    app.add_exception_handler(MustChangePasswordError, to_own_password)
    app.add_exception_handler(RequestValidationError, not_understood)
    app.add_exception_handler(HTTPException, refused)
