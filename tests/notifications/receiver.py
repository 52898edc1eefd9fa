"""A program that hears of changes: a real HTTP server on loopback that keeps what came and answers as told."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from threading import Thread
from typing import Any

INSIDE = frozenset({"localhost"})


@dataclass
class Heard:
    """One request as it came."""

    headers: dict[str, str]
    body: bytes
    path: str

    @property
    def told(self) -> dict[str, Any]:
        """What it says."""
        told = json.loads(self.body)
        assert isinstance(told, dict)
        return told


@dataclass
class Receiver:
    """Answers each request with the next of `answers`, then with 204; `location` goes with a redirect.

    With `on_arrival`, that is called instead of answering.
    """

    answers: list[int] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    location: str = ""
    reply: bytes = b""
    port: int = 0
    scheme: str = "http"
    on_arrival: Callable[[], None] | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"{self.scheme}://localhost:{self.port}/nghe"

    @property
    def kinds(self) -> list[str]:
        """The kinds of what came, in order."""
        return [each.told["kind"] for each in self.heard]


@contextmanager
def receiving(context: SSLContext | None = None) -> Iterator[Receiver]:
    """Listen on a free port for as long as the block lasts; with a `context` over TLS."""
    receiver = Receiver(scheme="https" if context else "http")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            receiver.heard.append(Heard(dict(self.headers.items()), self.rfile.read(length), self.path))
            if receiver.on_arrival:
                receiver.on_arrival()
                return
            self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.send_header("Content-Length", str(len(receiver.reply)))
            self.end_headers()
            self.wfile.write(receiver.reply)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
