"""What the cluster trial, the sweep and the day rest on: a cable that can be cut, workbooks that are read, a clock."""

import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.cluster.end_state import end_state
from benchmarks.cluster.proxy import Proxy
from benchmarks.cluster.run import compared
from benchmarks.cluster.workbooks import AS_OF, fill
from benchmarks.day.run import due
from imports import Outcome, check_workbook, record
from imports.inbox import waiting
from models import Store

LATER = datetime(2100, 1, 1, tzinfo=UTC)
on_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


def echo(listener: socket.socket, heard: list[socket.socket]) -> None:
    while True:
        try:
            peer, _ = listener.accept()
        except OSError:
            return
        heard.append(peer)
        peer.sendall(peer.recv(100))


def test_a_cut_cable_breaks_one_end_and_leaves_the_other_in_silence() -> None:
    heard: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=echo, args=(listener, heard), daemon=True).start()
        proxy = Proxy(("127.0.0.1", listener.getsockname()[1]))
        with socket.create_connection(("127.0.0.1", proxy.port), 5) as near:
            near.sendall(b"hello")
            assert near.recv(100) == b"hello"
            assert proxy.cut() == 1
            with pytest.raises(ConnectionResetError):
                near.recv(100)
            heard[0].settimeout(0.3)
            with pytest.raises(TimeoutError):
                heard[0].recv(100)
        with pytest.raises(ConnectionResetError), socket.create_connection(("127.0.0.1", proxy.port), 5) as refused:
            refused.recv(100)
        proxy.heal()
        with pytest.raises(ConnectionResetError):
            heard[0].recv(100)
        with socket.create_connection(("127.0.0.1", proxy.port), 5) as again:
            again.sendall(b"again")
            assert again.recv(100) == b"again"
        for peer in heard:
            peer.close()


@on_sqlite
def test_the_workbooks_are_recorded_each_on_its_own_and_two_ends_can_be_told_apart(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inbox = tmp_path / "inbox"
    assert fill(inbox, annexes=3, reports=1, rows=4) == 4
    found = waiting(inbox, settled_by=LATER)
    assert [each.file.name[:7] for each in found] == ["bao-cao", "phu-luc", "phu-luc", "phu-luc"]
    clean = end_state(store, tmp_path, AS_OF)
    for each in (*found[1:], found[0]):
        check = check_workbook(
            each.file.read_bytes(), name=each.file.name, store=store, today=AS_OF, agency=each.agency
        )
        assert record(check, store=store, now=datetime.now(UTC)).outcome is Outcome.RECORDED, check.problems
    filled = end_state(store, tmp_path, AS_OF)
    assert (len(filled["statuses"]), filled["rows of tables"]["progress"]) == (12, 4)
    assert compared(filled, filled)
    assert not compared(filled, clean)
    assert "DIFFERENT" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("cron", "minutes"),
    [
        ("0 7 * * 1-6", [420]),
        ("*/10 8-17 * * 1-6", [480 + 10 * n for n in range(60)]),
        ("15,45 8-9 * * *", [495, 525, 555, 585]),
        ("0 18 25 * *", []),
        ("0 6 1-16 * *", [360]),
        ("0 7 * * 6", []),
    ],
)
def test_the_day_starts_what_its_crons_say(cron: str, minutes: list[int]) -> None:
    """Of Tuesday 16 September 2025."""
    assert [minute for minute in range(1440) if due(minute, cron)] == minutes
