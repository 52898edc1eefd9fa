"""`dondoc up`: everything on one machine: Prefect server, the flows, the pages; one signal stops them together."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

import click

from cli.failure import DONE, SYSTEM_FAILED, SystemFailed
from cli.opened import opened
from cli.options import database_option, settings
from cli.output import note
from cli.portal import HOST, PORT
from texts import both

_READY_WITHIN = 120
_STOPPED_WITHIN = 30
_LOOK_EVERY = 0.5


@click.command(help=both("cli.help_up"))
@click.option("--host", default=HOST, show_default=True, help=both("cli.option_host"))
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535), help=both("cli.option_port"))
@click.option(
    "--prefect-port",
    default=4200,
    show_default=True,
    type=click.IntRange(1, 65535),
    help=both("cli.option_prefect_port"),
)
@database_option
def up(*, host: str, port: int, prefect_port: int, database: str) -> int:
    """Start the three parts in order and keep them until a signal, or until one of them ends."""
    with opened(database):
        pass  # refused before anything starts, when it is not initialised
    environment = _environment(settings().data.absolute(), database, prefect_port)
    signal.signal(signal.SIGTERM, _interrupt)
    parts: dict[str, subprocess.Popen[bytes]] = {}
    with ExitStack() as stack:
        try:
            server = [
                sys.executable,
                "-m",
                "prefect",
                "server",
                "start",
                "--host",
                "127.0.0.1",
                "--port",
                str(prefect_port),
            ]
            parts["Prefect"] = stack.enter_context(_started(server, environment))
            _wait_for(f"http://127.0.0.1:{prefect_port}/api/health", parts["Prefect"])
            parts["flows"] = stack.enter_context(_started([sys.executable, "-m", "cli.serving"], environment))
            pages = [sys.executable, "-m", "cli.main", "portal", "--host", host, "--port", str(port)]
            parts["portal"] = stack.enter_context(_started(pages, environment))
            note(both("cli.up_running", pages=f"http://{host}:{port}", prefect=f"http://127.0.0.1:{prefect_port}"))
            ended = _first_to_end(parts)
        except KeyboardInterrupt:
            note(both("cli.up_stopping"))
            return DONE
        note(both("cli.up_part_ended", part=ended, code=parts[ended].returncode))
    return SYSTEM_FAILED


def _environment(data: Path, database: str, prefect_port: int) -> Mapping[str, str]:
    """Keep everything under the data folder, and Prefect's telemetry off; the shell's own settings go before."""
    return {
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_HOME": str(data / "prefect"),
        **os.environ,
        "PREFECT_API_URL": f"http://127.0.0.1:{prefect_port}/api",
        "DONDOC_DATABASE_URL": database,
    }


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


@contextmanager
def _started(command: list[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a part in a session of its own, so that a signal reaches it through us, in order, and stop it at the end."""
    part = subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603 - our own commands
    try:
        yield part
    finally:
        part.terminate()
        try:
            part.wait(_STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            part.kill()
            part.wait()


def _wait_for(url: str, part: subprocess.Popen[bytes]) -> None:
    give_up = monotonic() + _READY_WITHIN
    while part.poll() is None and monotonic() < give_up:
        try:
            with urlopen(url, timeout=2):  # noqa: S310 - this machine's own server
                return
        except (URLError, OSError):
            sleep(_LOOK_EVERY)
    raise SystemFailed("cli.up_no_server", url=url)


def _first_to_end(parts: Mapping[str, subprocess.Popen[bytes]]) -> str:
    while True:
        for name, part in parts.items():
            if part.poll() is not None:
                return name
        sleep(_LOOK_EVERY)
