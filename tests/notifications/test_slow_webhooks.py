"""A webhook that takes a letter and answers late, or never, was told once: it is not told again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep
from typing import Any

import pytest

from config.clock import now
from models import Store
from notifications import DeliverySummary, channel, deliver
from notifications.channel import Channel
from notifications.delivery import SLOW_ANSWER
from notifications.notice import NoticeState
from tests.notifications.letters import LETTER
from tests.notifications.relays import NOW, enqueue

LONGER_THAN_APPRISE_WAITS_BY_ITSELF = 4.3


@contextmanager
def webhook(*, seconds: float, answers: bool) -> Iterator[tuple[int, list[str]]]:
    """Serve on a free port: take each post, wait, then answer 200 or hang up; give the port and the posts."""
    posts: list[str] = []

    class Slow(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            posts.append(self.path)
            sleep(seconds)
            if answers:
                self.send_response(200)
                self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port, posts
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("answers", "found"), [(True, DeliverySummary(1, 0, 0, 0, 0)), (False, DeliverySummary(0, 0, 0, 1, 0))]
)
def test_who_answers_late_or_hangs_up_late_is_not_told_again(
    sqlite_store: Store,
    answers: bool,  # noqa: FBT001
    found: DeliverySummary,
) -> None:
    enqueue(sqlite_store, ["van-thu@byt.example"], planned_at=NOW)
    with webhook(seconds=LONGER_THAN_APPRISE_WAITS_BY_ITSELF, answers=answers) as (port, posts):
        url = f"json://127.0.0.1:{port}/?rto=1&cto=30"
        assert deliver(sqlite_store, channel=url, now=now) == found
        assert deliver(sqlite_store, channel=url, now=now) == DeliverySummary(0, 0, 0, 0, 0)
    assert len(posts) == 1


def test_who_never_answers_is_waited_for_no_longer_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "ANSWERED_WITHIN", 1)
    with webhook(seconds=4, answers=True) as (port, _):
        began = monotonic()
        assert Channel(f"json://127.0.0.1:{port}/").send(LETTER).state is NoticeState.FAILED_TEMPORARY
        assert 1 <= monotonic() - began < 4


def test_a_server_nobody_reaches_is_given_up_before_a_letter_could_be_there() -> None:
    assert channel.REACHED_WITHIN < SLOW_ANSWER.total_seconds() < channel.ANSWERED_WITHIN


@pytest.mark.parametrize(
    ("url", "reached", "answered"),
    [("json://127.0.0.1:1/?cto=99", 3.0, 15.0), ("mailto://a:b@127.0.0.1:1?from=a@b.vn&rto=1", 15.0, 15.0)],
)
def test_how_long_is_waited_is_ours_to_say(url: str, reached: float, answered: float) -> None:
    service: Any = Channel(url)._open("van-thu@byt.example", "n0")  # noqa: SLF001 - what Apprise was told
    assert (service.socket_connect_timeout, service.socket_read_timeout) == (reached, answered)
