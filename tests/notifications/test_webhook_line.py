"""One request to a subscriber: never into this network, never past a redirect, within limits of time and size."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from notifications import webhook_line
from notifications.webhook_line import post
from rules.webhook import is_public
from tests.notifications.certificates import a_certificate
from tests.notifications.receiver import INSIDE, Receiver, receiving

PRIVATE = [
    "0.0.0.0",  # noqa: S104 - refused
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "64:ff9b::7f00:1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]


@pytest.mark.parametrize("ip", PRIVATE)
def test_an_address_of_this_machine_or_network_is_not_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize("ip", ["1.1.1.1", "203.119.8.1", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_an_address_of_the_open_internet_is(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "10.1.2.3", "169.254.169.254", "[fd00::1]"])
def test_nothing_is_sent_into_this_machine_or_network(host: str) -> None:
    answer = post(f"https://{host}/", b"{}", {}, inside=())
    assert (answer.problem, answer.status) == ("private_address", 0)


def test_the_address_that_was_looked_at_is_the_one_that_is_reached(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads to a good address when it is asked and to a private one a moment later is asked once only."""
    asked = []

    def looked_up(host: str, port: int, **_more: object) -> list[object]:
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    address = f"http://theo-doi.example.vn:{receiver.port}/nghe"
    assert post(address, b"{}", {}, inside={"theo-doi.example.vn"}).taken
    assert asked == ["theo-doi.example.vn"]
    assert receiver.heard[0].headers["Host"] == f"theo-doi.example.vn:{receiver.port}"


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.answers, receiver.location = [307], receiver.address + "/noi-khac"
    answer = post(receiver.address, b"{}", {}, inside=INSIDE)
    assert (answer.problem, answer.status, len(receiver.heard)) == ("redirect", 307, 1)


def test_a_long_answer_is_not_read_to_its_end(receiver: Receiver) -> None:
    receiver.answers, receiver.reply = [200], b"x" * 5_000_000
    assert post(receiver.address, b"{}", {}, inside=INSIDE).taken


def test_who_does_not_answer_in_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with _silent() as port:
        monkeypatch.setattr(webhook_line, "IN_ALL_SECONDS", 0.3)
        assert post(f"http://localhost:{port}/", b"{}", {}, inside=INSIDE).problem == "timeout"


@contextmanager
def _silent() -> Iterator[int]:
    """Listen, and say nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_certificate_nobody_vouches_for_is_refused_and_a_good_one_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = a_certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with receiving(context) as receiver:
        assert post(receiver.address, b"{}", {}, inside=INSIDE).problem == "no_connection"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert post(receiver.address, b"{}", {}, inside=INSIDE).taken
        other = f"https://127.0.0.1:{receiver.port}/"
        assert post(other, b"{}", {}, inside={"127.0.0.1"}).problem == "no_connection"  # not its name
