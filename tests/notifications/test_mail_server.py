"""Digests over Apprise `mailto://` at a real SMTP server process on loopback."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from models import Store
from notifications import DeliverySummary, deliver
from notifications.channel import Channel
from notifications.letter import Outcome
from notifications.notice import NoticeState
from tests.notifications.duties import stored
from tests.notifications.letters import LETTER, part, read_mail
from tests.notifications.relays import NOW, enqueue


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "received"


@pytest.fixture
def server(inbox: Path) -> Iterator[int]:
    """Run an SMTP server in a process of its own that files what it takes; give its port."""
    port = free_port()
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c"]
    process = subprocess.Popen(
        [*command, "aiosmtpd.handlers.Mailbox", str(inbox)], env={**os.environ, "PYTHONWARNINGS": "ignore"}
    )
    try:
        for _ in range(200):
            if answers(port):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def url(port: int, more: str = "") -> str:
    return f"mailto://127.0.0.1:{port}{more}?from=don-doc@dondoc.example&name=Dondoc"


def test_a_waiting_digest_arrives_whole(store: Store, server: int, inbox: Path) -> None:
    enqueue(store, ["bo-truong@byt.example", "bo-truong@bca.example"])
    assert deliver(store, channel=url(server), now=lambda: NOW) == DeliverySummary(2, 0, 0, 0, 0)
    received = {str(message["X-RcptTo"]): message for message in read_mail(inbox)}
    assert len(received) == 2
    for notice in stored(store):
        message = received[notice.address]
        assert [address.addr_spec for address in message["To"].addresses] == [notice.address]
        assert message["Subject"] == notice.subject
        assert part(message, "html").splitlines() == notice.html.splitlines()
        assert "Kính gửi: Bộ trưởng" in part(message, "plain")
        assert (message["Auto-Submitted"], message["X-Dondoc-Notice"]) == ("auto-generated", notice.key)
        assert len(message.get_all("Message-ID") or []) == 1


def test_recipients_in_the_channels_path_get_nothing(server: int, inbox: Path) -> None:
    """One person, one letter: whatever else the setting names as targets is left out."""
    channel = Channel(url(server, "/secret@other.example") + "&to=third@other.example")
    assert channel.send(LETTER) == Outcome(NoticeState.ACCEPTED)
    (message,) = read_mail(inbox)
    assert (message["X-RcptTo"], message["To"].addresses[0].addr_spec) == (LETTER.address, LETTER.address)


@pytest.mark.parametrize("address", ["", "a@b.vn,c@d.vn", "a@b.vn\r\nBcc: c@d.vn", "không phải địa chỉ", "a b@c.vn"])
def test_what_is_no_single_address_is_never_sent(server: int, inbox: Path, address: str) -> None:
    outcome = Channel(url(server)).send(replace(LETTER, address=address))
    assert outcome == Outcome(NoticeState.FAILED_PERMANENT, "not_an_address")
    assert read_mail(inbox) == []
