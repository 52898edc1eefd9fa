"""`Edge`: the outermost layer. It refuses what nobody here asks for, and every answer leaves through it.

What it refuses, before anything is parsed: words in another encoding than UTF-8, a body larger than the forms here
are, the character NUL (PostgreSQL keeps none). What an answer takes along: the security headers, whoever made it. An
error nobody expected becomes a page with a reference number; the log holds the number and the place in the code.
"""

import logging
from collections.abc import Callable, Collection
from secrets import randbelow
from time import perf_counter
from traceback import format_tb

from fastapi.responses import HTMLResponse, JSONResponse, Response
from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG = logging.getLogger(__name__)
MOST_BYTES = 256 * 1024
"""The largest body but for workbooks: several times the longest form."""
_LONGEST_TYPE = 300
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_UTF_8 = frozenset({b"", b"utf-8", b"utf8"})
_BAD, _TOO_LARGE, _WRONG_TYPE, _FAILED = 400, 413, 415, 500
_API = "/api/"
_KEPT_FOR_AN_HOUR, _KEPT_NOWHERE = "public, max-age=3600", "no-store"
_OURS_ALONE = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _OURS_ALONE,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
Render = Callable[..., tuple[str, str]]
"""How the reader chose to read, the words' entry and values → a plain page that says them, and the sentence alone."""


class _RefusedError(Exception):
    """A request goes no further: the status, and the words that say why."""

    def __init__(self, status_code: int, entry: str) -> None:
        super().__init__(entry)
        self.status_code, self.entry = status_code, entry


class Edge:
    """Wraps the whole application; `note` is told how long each request took, of `render` are its own pages."""

    def __init__(
        self, app: ASGIApp, *, render: Render, note: Callable[[Scope, int, float], None], large: Collection[str]
    ) -> None:
        """`large` are the paths whose POST takes workbooks: routes that limit the body themselves."""
        self._app, self._render, self._note, self._large = app, render, note, large

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, leaving = perf_counter(), _Leaving(scope["path"], send)
        try:
            await self._app(scope, await self._taken(scope, receive), leaving)
        except _RefusedError as refused:
            await self._say(scope, receive, leaving, refused.status_code, refused.entry)
        except Exception as error:
            reference = _noted(error, scope)
            if leaving.status_code is not None:
                raise  # half an answer is out: the server breaks it off
            await self._say(scope, receive, leaving, _FAILED, "portal.failed", reference=reference)
        finally:
            if leaving.status_code is not None:
                self._note(scope, leaving.status_code, began)

    async def _taken(self, scope: Scope, receive: Receive) -> Receive:
        """Return what gives the body; raises _RefusedError for a request that goes no further."""
        if "\0" in scope["path"] or b"\0" in scope["query_string"] or b"%00" in scope["query_string"]:
            raise _RefusedError(_BAD, "portal.not_understood")
        headers = Headers(scope=scope)
        for kind in headers.getlist("content-type"):
            _hold_to_utf_8(kind)
        if scope["method"] in _READING or (scope["method"] == "POST" and scope["path"] in self._large):
            return receive
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > MOST_BYTES:
            raise _RefusedError(_TOO_LARGE, "portal.too_large")
        return await _whole(receive, is_form="urlencoded" in headers.get("content-type", "").lower())

    async def _say(
        self, scope: Scope, receive: Receive, send: Send, status_code: int, entry: str, **values: str
    ) -> None:
        page, sentence = self._render(scope.get("session", {}).get("language"), entry, **values)
        told = {"error": {"code": entry.removeprefix("portal."), "message": sentence}}
        is_program = scope["path"].startswith(_API)
        answer: Response = JSONResponse(told, status_code) if is_program else HTMLResponse(page, status_code)
        await answer(scope, receive, send)


class _Leaving:
    """Sends an answer, with the headers every answer has; remembers its status."""

    def __init__(self, path: str, send: Send) -> None:
        self._send, self._is_asset = send, path.startswith("/static/")
        self.status_code: int | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status_code = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            lasting = self._is_asset and message["status"] < _BAD
            headers["Cache-Control"] = _KEPT_FOR_AN_HOUR if lasting else _KEPT_NOWHERE
        await self._send(message)


def _hold_to_utf_8(content_type: str) -> None:
    """Refuse another encoding: some take minutes to read (punycode), some give words no database keeps."""
    if len(content_type) > _LONGEST_TYPE:
        raise _RefusedError(_WRONG_TYPE, "portal.wrong_encoding")
    _, options = parse_options_header(content_type)
    if options.get(b"charset", b"").strip().lower() not in _UTF_8:
        raise _RefusedError(_WRONG_TYPE, "portal.wrong_encoding")


async def _whole(receive: Receive, *, is_form: bool) -> Receive:
    """Read a body to its end, and return what gives it once more; raises _RefusedError for what is too large or bad."""
    parts, come, ends = list[bytes](), 0, False
    while not ends:
        message = await receive()
        if message["type"] == "http.disconnect":
            return receive
        parts.append(message.get("body", b""))
        come += len(parts[-1])
        if come > MOST_BYTES:
            raise _RefusedError(_TOO_LARGE, "portal.too_large")
        ends = not message.get("more_body", False)
    body = b"".join(parts)
    if b"\0" in body or (is_form and b"%00" in body):
        raise _RefusedError(_BAD, "portal.not_understood")
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def _noted(error: Exception, scope: Scope) -> str:
    """Log an error under a new reference number, and return it.

    The log holds the kinds of error and the places in the code: their messages may hold what was typed.
    """
    reference, kinds, one = f"{randbelow(10**8):08}", list[str](), error.__cause__
    kinds.append(type(error).__name__)
    while one is not None:
        kinds.append(type(one).__name__)
        one = one.__cause__
    route = getattr(scope.get("route"), "path", "—")
    places = "".join(format_tb(error.__traceback__))
    _LOG.error("reference=%s %s %s: %s\n%s", reference, scope["method"], route, " < ".join(kinds), places)
    return reference
