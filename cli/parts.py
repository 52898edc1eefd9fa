"""The processes `dondoc up` keeps: started in sessions of their own, written down, and ended even after a kill."""

import fcntl
import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from cli.failure import SystemFailed

_STOPPED_WITHIN = 30
_LOOK_EVERY = 0.1
_MARK = "STARTED_BY_DONDOC_UP"


class Parts:
    """The parts of one `dondoc up` over a data folder; `up.json` in it names their processes."""

    def __init__(self, folder: Path) -> None:
        """Keep parts for `folder`; what an earlier one left is not looked at yet."""
        self._written = folder / "up.json"
        self._mark = {_MARK: str(folder)}
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    @contextmanager
    def started(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> Iterator[None]:
        """Run a part in a session of its own, so that signals reach it through us and in order; stop it at the end."""
        part = subprocess.Popen(command, env={**environment, **self._mark}, start_new_session=True)  # noqa: S603 - ours
        try:
            self.running[name] = part
            self._written.write_text(json.dumps({name: each.pid for name, each in self.running.items()}), "utf-8")
            yield
        finally:
            part.terminate()
            try:
                part.wait(_STOPPED_WITHIN)
            except subprocess.TimeoutExpired:
                part.kill()
                part.wait()
            _end_session(part.pid)

    def end_leftovers(self) -> int:
        """End what a killed `dondoc up` over the same folder left running; say how many parts that were."""
        try:
            known = json.loads(self._written.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return 0
        ended = sum(self._ended(pid) for pid in known.values())
        self._written.unlink(missing_ok=True)
        return ended

    def _ended(self, pid: int) -> bool:
        """End the session a part led; a number that somebody else's process bears by now is left alone."""
        ours = [each for each in _session(pid) if _is_marked(each, self._mark)]
        for how, within in ((signal.SIGTERM, _STOPPED_WITHIN), (signal.SIGKILL, _STOPPED_WITHIN)):
            for each in ours:
                _signal(each, how)
            give_up = monotonic() + within
            while monotonic() < give_up and any(_is_marked(each, self._mark) for each in ours):
                sleep(_LOOK_EVERY)
        return bool(ours)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a data folder for one `dondoc up`; the system lets go of it however that ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "up.lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SystemFailed("cli.up_already", folder=folder) from error
        yield


def see_that_free(host: str, port: int, option: str) -> None:
    """Raise SystemFailed when another program listens at a port, naming the option that chooses another."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise SystemFailed("cli.up_port_taken", host=host, port=port, option=option) from error


def _session(leader: int) -> list[int]:
    """Return the processes of the session a part led, whether or not the part itself still runs."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(process.name)) == leader:
                found.append(int(process.name))
        except OSError:
            continue
    return found


def _end_session(leader: int) -> None:
    for each in _session(leader):
        _signal(each, signal.SIGKILL)


def _is_marked(pid: int, mark: Mapping[str, str]) -> bool:
    """Whether a process that still runs was started with our mark."""
    try:
        given = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        state = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z" and all(f"{name}={value}".encode() in given for name, value in mark.items())


def _signal(pid: int, how: signal.Signals) -> None:
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return
