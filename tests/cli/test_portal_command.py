"""`dondoc portal` serves for real, on this machine alone, and stops when asked."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner

from cli.main import dondoc
from cli.portal import names_of_ours
from config.settings import Settings
from models import Store

COMMAND = [sys.executable, "-m", "cli.main", "portal", "--port", "0", "--json"]


@pytest.fixture
def address(store: Store) -> Iterator[str]:
    """Give the address of a portal served by the real command."""
    words = [*COMMAND, "--database", store.url.render_as_string(hide_password=False)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield json.loads("".join(iter(server.stdout.readline, "}\n")) + "}")["address"]
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) == 130


def test_it_serves_the_pages_to_this_machine(address: str) -> None:
    assert address.startswith("http://127.0.0.1:")
    with urlopen(address) as answer:  # noqa: S310 - our own server
        assert "Đôn đốc" in answer.read().decode()
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    with pytest.raises(HTTPError, match="400"):
        urlopen(Request(address, headers={"Host": "evil.example"}))  # noqa: S310


@pytest.mark.parametrize(
    ("host", "more", "names"),
    [("127.0.0.1", "", ["127.0.0.1", "dondoc.example.vn"]), ("::", "", ["dondoc.example.vn"]),
     ("::", "nội.bộ, 10.0.0.7", ["dondoc.example.vn", "nội.bộ", "10.0.0.7"]),
     ("::", "*", ["dondoc.example.vn", "*"])],
)  # fmt: skip
def test_it_answers_to_its_names_wherever_it_listens(host: str, more: str, names: list[str]) -> None:
    chosen = Settings(portal_url="https://dondoc.example.vn", portal_hosts=more)
    assert names_of_ours(host, chosen) == names


def test_a_taken_port_is_said(store: Store) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        database = store.url.render_as_string(hide_password=False)
        result = CliRunner().invoke(dondoc, ["portal", "--port", port, "--database", database])
    assert (result.exit_code, "--port" in result.stderr) == (3, True)
