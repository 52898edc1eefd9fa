"""`dondoc up` for real: it starts, prints where to look, talks to nobody else, survives a kill and stops whole."""

import contextlib
import fcntl
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import httpx
import psutil
import pytest
from click.testing import CliRunner

from cli.failure import SystemFailed
from cli.main import dondoc
from cli.parts import Parts, alone_in, see_that_free

PROJECT = Path(__file__).parents[2]
SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
# What any Python of ours is about to reach, by name or by number, is written down before it does.
WATCHER = """
import os, sys
def watch(happening, given):
    if happening == "socket.connect" and isinstance(given[1], tuple):
        told = given[1][0]
    elif happening in ("socket.getaddrinfo", "socket.gethostbyname"):
        told = given[0]
    else:
        return
    with open(os.environ["WATCHED"], "a") as log:
        log.write(f"{told}\\n")
sys.addaudithook(watch)
"""
HERE_ALONE = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "None", "b'127.0.0.1'"}  # noqa: S104 - names, no binding


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.fixture
def environment(sqlite_template: Path, tmp_path: Path) -> dict[str, str]:
    """Lay an initialised data folder, and a module every Python started with it reads first."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "dondoc.db").write_bytes(sqlite_template.read_bytes())
    (tmp_path / "watching").mkdir()
    (tmp_path / "watching" / "sitecustomize.py").write_text(WATCHER)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "DONDOC_"))}
    paths = f"{tmp_path / 'watching'}{os.pathsep}{PROJECT}"
    return {**kept, "DONDOC_DATA": str(data), "PYTHONPATH": paths, "WATCHED": str(tmp_path / "watched"), "LANG": "C"}


@pytest.fixture
def orphans() -> Iterator[list[int]]:
    """End the sessions a test leaves behind, whatever became of it."""
    leaders: list[int] = []
    yield leaders
    for leader in leaders:
        for process in psutil.process_iter():
            try:
                if os.getsid(process.pid) == leader:
                    process.kill()
            except (OSError, psutil.NoSuchProcess):
                continue


def started(environment: dict[str, str], tmp_path: Path, ports: tuple[int, int]) -> subprocess.Popen[bytes]:
    """Start it and wait until the pages answer and it said so."""
    words = ["up", "--port", str(ports[0]), "--prefect-port", str(ports[1])]
    log = tmp_path / "up.log"
    with log.open("ab") as out:
        up = subprocess.Popen(
            [sys.executable, "-m", "cli.main", *words], env=environment, stdout=out, stderr=out, cwd=tmp_path
        )
    said = log.read_text("utf-8").count("Ctrl+C")
    give_up = time.monotonic() + 120
    while log.read_text("utf-8").count("Ctrl+C") == said or not answers(ports[0]):
        assert up.poll() is None, log.read_text("utf-8")
        assert time.monotonic() < give_up, log.read_text("utf-8")
        time.sleep(0.3)
    return up


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
            return True
    except OSError as refusal:
        return hasattr(refusal, "code")


def is_at_work(pid: int) -> bool:
    """Whether a process runs; one that ended may still be listed until the system has noticed."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def peers(process: psutil.Process) -> set[str]:
    """Return the addresses a tree of processes is connected to; one may end while it is asked."""
    found: set[str] = set()
    for one in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            found |= {each.raddr.ip for each in one.net_connections("inet") if each.raddr}
    return found


def test_it_starts_talks_to_nobody_else_survives_a_kill_and_stops_whole(
    environment: dict[str, str], tmp_path: Path, orphans: list[int]
) -> None:
    ports = (free_port(), free_port())
    up = started(environment, tmp_path, ports)
    written = tmp_path / "data" / "up.json"
    before = json.loads(written.read_text())
    orphans += before.values()
    assert peers(psutil.Process(up.pid)) <= {"127.0.0.1", "::1"}
    up.kill()
    up.wait()
    assert answers(ports[0]), "its parts live on; the next start ends them"
    again = started(environment, tmp_path, ports)
    after = json.loads(written.read_text())
    orphans += after.values()
    assert not any(is_at_work(pid) for pid in before.values())
    tree = psutil.Process(again.pid).children(recursive=True)
    for _ in range(10):
        assert peers(psutil.Process(again.pid)) <= {"127.0.0.1", "::1"}
        time.sleep(0.2)
    again.send_signal(signal.SIGTERM)
    assert again.wait(60) == 0, (tmp_path / "up.log").read_text("utf-8")
    assert [each for each in tree if is_at_work(each.pid)] == []
    said = (tmp_path / "up.log").read_text("utf-8")
    assert f"http://127.0.0.1:{ports[0]}" in said
    assert f"http://127.0.0.1:{ports[1]}" in said
    assert str(tmp_path / "data") in said
    assert "3 phần còn sót" in said
    assert {path.name for path in tmp_path.iterdir()} == {"data", "up.log", "watched", "watching"}, "one data folder"
    reached = set((tmp_path / "watched").read_text().split())
    assert reached
    assert reached <= HERE_ALONE, "a call left the machine"


def test_other_pages_reach_no_prefect_and_a_closed_terminal_stops_everything(
    environment: dict[str, str], tmp_path: Path, orphans: list[int]
) -> None:
    ports = (free_port(), free_port())
    up = started(environment, tmp_path, ports)
    parts = json.loads((tmp_path / "data" / "up.json").read_text())
    orphans += parts.values()
    tree = psutil.Process(up.pid).children(recursive=True)
    password = psutil.Process(parts["flows"]).environ()["PREFECT_API_AUTH_STRING"]
    api = f"http://127.0.0.1:{ports[1]}/api"
    evil = {"Origin": "http://evil.example", "Access-Control-Request-Method": "PATCH"}
    asked = httpx.options(f"{api}/deployments/filter", headers=evil)
    assert "access-control-allow-origin" not in asked.headers
    plain = httpx.post(f"{api}/deployments/filter", content=b"{}", headers={"Origin": "http://evil.example"})
    assert (plain.status_code, "access-control-allow-origin" in plain.headers) == (401, False)
    name, _, secret = password.partition(":")
    known: set[str] = set()
    give_up = time.monotonic() + 60
    while not known >= {"daily-round", "record-upload"}:
        assert time.monotonic() < give_up, f"served to who knows the password: {known}"
        time.sleep(0.5)
        answer = httpx.post(f"{api}/deployments/filter", json={}, auth=(name, secret))
        known = {each["name"] for each in answer.raise_for_status().json()}
    assert all(secret not in " ".join(each.cmdline()) for each in tree)
    up.send_signal(signal.SIGHUP)
    time.sleep(0.1)
    up.send_signal(signal.SIGHUP)
    assert up.wait(60) == 0, (tmp_path / "up.log").read_text("utf-8")
    assert [each for each in tree if is_at_work(each.pid)] == []
    assert secret not in (tmp_path / "up.log").read_text("utf-8")


def test_a_part_that_cannot_be_written_down_is_ended(tmp_path: Path) -> None:
    """A full disk lets nothing be written; a folder in the file's place does the same here."""
    (tmp_path / "up.json").mkdir()
    parts = Parts(tmp_path)
    with pytest.raises(OSError, match=r"up\.json"), parts.started("one", SLEEPER, dict(os.environ)):
        pass
    assert parts.running["one"].poll() is not None


def test_of_a_killed_start_only_what_it_left_is_ended(tmp_path: Path, orphans: list[int]) -> None:
    """Its number may be somebody else's process by now."""
    left, other = Parts(tmp_path), subprocess.Popen(SLEEPER, start_new_session=True)
    with left.started("one", SLEEPER, dict(os.environ)):
        ours = left.running["one"]
        orphans += [ours.pid, other.pid]
        (tmp_path / "up.json").write_text(json.dumps({"one": ours.pid, "two": other.pid, "three": 2**22 + 1}))
        assert Parts(tmp_path).end_leftovers() == 1
        assert ours.wait(5) == -signal.SIGTERM
        assert other.poll() is None
    other.kill()
    other.wait()
    assert Parts(tmp_path).end_leftovers() == 0


def test_two_starts_over_one_folder_are_one_too_many(tmp_path: Path) -> None:
    with alone_in(tmp_path), pytest.raises(SystemFailed, match=re.escape(str(tmp_path))), alone_in(tmp_path):
        pass
    with alone_in(tmp_path), (tmp_path / "up.lock").open() as lock, pytest.raises(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_port_that_is_taken_is_said_before_anything_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemFailed, match=rf"{port}.*--port"):
            see_that_free("127.0.0.1", port, "--port")


def test_a_folder_that_is_not_initialised_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(dondoc, ["up", "--database", f"sqlite:///{tmp_path / 'none.db'}"])
    assert result.exit_code == 3
    assert "dondoc init" in result.output
    assert not (tmp_path / "none.db").exists()
