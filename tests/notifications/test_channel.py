"""The channel's URL is a secret; other Apprise schemes work by changing it; both kinds of answer are read."""

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlalchemy import text

from models import Store
from notifications import ChannelError, deliver
from notifications.channel import Channel, was_accepted
from notifications.letter import Outcome
from notifications.notice import NoticeState
from tests.notifications.letters import LETTER
from tests.notifications.relays import NOW, enqueue

SECRET = "m4t-kh4u-b1-m4t"  # noqa: S105 - made up, to be looked for


class Webhook(BaseHTTPRequestHandler):
    """Take JSON posts; answer with `status`."""

    posts: ClassVar[list[tuple[str, dict[str, Any]]]] = []
    keys: ClassVar[list[str | None]] = []
    status: ClassVar[int] = 200

    def do_POST(self) -> None:
        """Keep the post and answer."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.posts.append((self.path, json.loads(body)))
        self.keys.append(self.headers["Idempotency-Key"])
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def webhook() -> Iterator[int]:
    """Serve on a free port, remembering nothing from before."""
    Webhook.posts.clear()
    Webhook.keys.clear()
    Webhook.status = 200
    server = HTTPServer(("127.0.0.1", 0), Webhook)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_another_scheme_gets_the_text_and_the_person(webhook: int) -> None:
    channel = Channel(f"json://127.0.0.1:{webhook}/{SECRET}/{{address}}?retry=5&wait=9")
    assert channel.send(LETTER) == Outcome(NoticeState.ACCEPTED)
    ((path, post),) = Webhook.posts
    assert path == f"/{SECRET}/nguoi-dung-dau.byt@dondoc.example"
    assert (post["title"], post["message"].strip()) == (LETTER.subject, LETTER.text.strip())


def test_a_webhook_can_tell_a_repeated_notice(webhook: int) -> None:
    channel = Channel(f"json://127.0.0.1:{webhook}/")
    for _ in range(2):
        channel.send(LETTER)
    assert Webhook.keys == ["2025-09-05/BYT/agency_head"] * 2


def test_a_failure_is_one_even_where_the_setting_calls_the_channel_optional(webhook: int) -> None:
    Webhook.status = 503
    outcome = Channel(f"json://127.0.0.1:{webhook}/?optional=yes").send(LETTER)
    assert outcome.state is NoticeState.FAILED_TEMPORARY


def test_a_refusal_is_one_attempt_without_apprises_own_retries(webhook: int) -> None:
    Webhook.status = 503
    outcome = Channel(f"json://127.0.0.1:{webhook}/?retry=5").send(LETTER)
    assert outcome.state is NoticeState.FAILED_TEMPORARY
    assert len(Webhook.posts) == 1


def test_hostile_words_are_neither_escapes_nor_emojis(webhook: int) -> None:
    words = r"\n \u0041 :smile: {address} %s *đậm*"
    Channel(f"json://127.0.0.1:{webhook}/").send(replace(LETTER, text=words))
    assert Webhook.posts[0][1]["message"] == words


@pytest.mark.parametrize(
    "channel",
    [
        "mailto://ai-do:{secret}@127.0.0.1:1?from=a@b.vn",
        "json://ai-do:{secret}@127.0.0.1:1/{secret}?key={secret}",
        "discord://{secret}/{secret}",
        "nosuchscheme://{secret}",
        "{secret}",
        "{secret}://x",
        "maildir://{folder}/{secret}",
        "thu://ai-do:{secret}@127.0.0.1:1?from=a@b.vn&tls=no",
        "thus://ai-do:{secret}@127.0.0.1:1?from=a@b.vn",
        "thu://ai-do:{secret}@127.0.0.1:1?from={secret}",
    ],
)
def test_the_secret_is_nowhere_but_in_the_setting(
    sqlite_store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture, channel: str
) -> None:
    caplog.set_level(1)
    for name in ("apprise", "urllib3", "urllib3.connectionpool"):
        logging.getLogger(name).setLevel(1)
    (tmp_path / "blocked").touch()
    url = channel.replace("{secret}", SECRET).replace("{folder}", str(tmp_path / "blocked"))
    enqueue(sqlite_store, ["van-thu@byt.example"])
    seen = []
    try:
        opened = Channel(url)
        seen += [repr(opened), str(opened), str(vars(opened))]
        if not url.startswith("discord"):  # the suite reaches no machine but this one
            seen.append(repr(deliver(sqlite_store, channel=url, now=lambda: NOW)))
    except ChannelError as error:
        seen += [repr(error), str(error), str(error.__cause__), str(error.__context__)]
    with sqlite_store.reading() as session:
        for table in ("notice", "delivery"):
            seen += [str(row) for row in session.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608 - fixed names
    assert seen
    assert SECRET not in "\n".join([*seen, caplog.text])


@pytest.mark.parametrize(
    ("answer", "accepted"), [(True, True), (False, False), (None, False)], ids=["yes", "no", "nothing was sent"]
)
def test_apprise_1_answers_with_a_bool(answer: object, accepted: bool) -> None:  # noqa: FBT001 - a case table
    assert was_accepted(answer) is accepted


@pytest.mark.parametrize("accepted", [True, False])
def test_apprise_2_answers_with_a_result_that_is_true_or_not(accepted: bool) -> None:  # noqa: FBT001 - a case table
    class AppriseResult:
        """As in Apprise 2: it has a length too, but only its truth is the verdict."""

        def __bool__(self) -> bool:
            return accepted

        def __len__(self) -> int:
            return 1

    assert was_accepted(AppriseResult()) is accepted
