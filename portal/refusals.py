"""What the portal answers when it cannot: a page with a sentence, or JSON with a code under `/api/v1`."""

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from imports.uploads import FileTooLargeError
from models.explain import UnknownAssignmentError
from models.turns import BusyError
from portal import api
from portal.access import (
    OWN_PASSWORD,
    ForeignFormError,
    MustChangePasswordError,
    NotAllowedError,
    NotSignedInError,
    was_signed_in,
)
from portal.api.access import NoTokenError, ScopeError, TooManyRequestsError
from portal.api.reading import BadQuestionError as BadApiQuestionError
from portal.api.uploading import OvertakenError
from portal.looking.question import BadQuestionError
from portal.pages import Pages, Words, worded
from portal.signing.expired import came_from, sign_in_for, typed_before
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
    BusyError: 503,
}
_BESIDE = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "60"}, 503: {"Retry-After": "5"}}
_KNOWN = {400: "not_understood", 401: "no_token", 404: "no_such_page", 405: "wrong_method", 413: "too_large"}
_TITLES = {403: "portal.not_allowed_title", 404: "portal.no_such_title"}


def say_what_went_wrong(app: FastAPI, pages: Pages) -> None:
    """Let `app` answer its errors in words."""

    def answer(request: Request, status_code: int, code: str, words: SaidError | Words) -> Response:
        if request.url.path.startswith(api.PATH):
            message = both(words.entry, **words.values)
            return JSONResponse(
                {"error": {"code": code, "message": message}},
                status_code=status_code,
                headers=_BESIDE.get(status_code),
            )
        title = _TITLES.get(status_code, "portal.wrong_title")
        page = pages.page(request, "wrong.html", status_code=status_code, message=words, title=title)
        page.headers.update(_BESIDE.get(status_code, {}))
        return page

    def said(request: Request, error: Any) -> Response:
        assert isinstance(error, SaidError)
        return answer(request, _STATUS_OF[type(error)], error.code, error)

    def refused(request: Request, error: Any) -> Response:
        known = _KNOWN.get(error.status_code, "not_answered")
        return answer(request, error.status_code, known, worded(f"portal.{known}"))

    def not_understood(request: Request, _error: Any) -> Response:
        return answer(request, 422, "not_understood", worded("portal.not_understood"))

    async def unexpected(_request: Request, error: Exception) -> Response:
        raise error  # the edge answers, for what fails around the routes too

    for kind in _STATUS_OF:
        app.add_exception_handler(kind, said)
    _lead_to_sign_in(app, pages)
    app.add_exception_handler(RequestValidationError, not_understood)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(Exception, unexpected)


def _lead_to_sign_in(app: FastAPI, pages: Pages) -> None:
    async def to_sign_in(request: Request, _error: Any) -> Response:
        if request.method == "POST" and was_signed_in(request):
            typed = await typed_before(request)
            values = {"typed": typed, "back": sign_in_for(came_from(request))}
            return await run_in_threadpool(pages.page, request, "signing/expired.html", status_code=401, **values)
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(sign_in_for(back if request.method == "GET" else ""), status_code=303)

    def to_own_password(_request: Request, _error: Any) -> Response:
        return RedirectResponse(OWN_PASSWORD, status_code=303)

    app.add_exception_handler(NotSignedInError, to_sign_in)
    app.add_exception_handler(MustChangePasswordError, to_own_password)
