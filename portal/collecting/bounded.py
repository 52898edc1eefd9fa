"""A route whose body is bounded before anything of it is read: what is larger is refused, whatever it claims to be."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message

from imports.reading.reader import LARGEST_FILE
from imports.uploads import FileTooLargeError

_AROUND = 64 * 1024
MOST_BYTES = LARGEST_FILE + _AROUND
"""The largest file that is read, with the other fields of its form."""


class BoundedRoute(APIRoute):
    """Raises FileTooLargeError, by the length a body announces or else as soon as more has come."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler with a bounded body."""
        handler = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            announced = request.headers.get("content-length", "")
            if announced.isdigit() and int(announced) > MOST_BYTES:
                raise too_large()
            counted = Request(request.scope, _counting(request))
            try:
                return await handler(counted)
            finally:
                await counted.close()  # the files a form came with

        return bounded


def too_large() -> FileTooLargeError:
    """Return the refusal."""
    return FileTooLargeError("problem.file_too_large", found=f"> {LARGEST_FILE // 1024 // 1024} MB")


def _counting(request: Request) -> Callable[[], Coroutine[Any, Any, Message]]:
    come = 0

    async def receive() -> Message:
        nonlocal come
        message = await request.receive()
        come += len(message.get("body", b""))
        if come > MOST_BYTES:
            raise too_large()
        return message

    return receive
