"""`dondoc up`: everything on one machine: Prefect server, the flows, the pages; one signal stops them together."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

import click

from cli.failure import DONE, SYSTEM_FAILED, SystemFailed
from cli.kept_secret import kept_secret
from cli.opened import opened
from cli.options import database_option, settings
from cli.output import note
from cli.parts import Parts, alone_in, see_that_free
from cli.portal import HOST, PORT
from texts import both

_READY_WITHIN = 120
_LOOK_EVERY = 0.5
_SERVER_ASKS, _CLIENT_SAYS = "PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING"


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
    data = settings().data.absolute()
    environment = _environment(data, database, prefect_port)
    _heed_signals()
    parts = Parts(data)
    with alone_in(data), ExitStack() as stack:
        try:
            if left := parts.end_leftovers():
                note(both("cli.up_leftovers", count=left))
            see_that_free(host, port, "--port")
            see_that_free("127.0.0.1", prefect_port, "--prefect-port")
            for name, words in _commands(host, port, prefect_port).items():
                stack.enter_context(parts.started(name, [sys.executable, "-m", *words], environment))
                if name == "Prefect":
                    _wait_for(f"http://127.0.0.1:{prefect_port}/api/health", parts.running[name])
            _say_where_to_look(data, host, port, prefect_port)
            ended = _first_to_end(parts.running)
        except KeyboardInterrupt:
            note(both("cli.up_stopping"))
            return DONE
        note(both("cli.up_part_ended", part=ended, code=parts.running[ended].returncode))
    return SYSTEM_FAILED


def _commands(host: str, port: int, prefect_port: int) -> Mapping[str, list[str]]:
    return {
        "Prefect": ["prefect", "server", "start", "--host", "127.0.0.1", "--port", str(prefect_port)],
        "flows": ["cli.serving"],
        "portal": ["cli.main", "portal", "--host", host, "--port", str(port)],
    }


def _say_where_to_look(data: Path, host: str, port: int, prefect_port: int) -> None:
    prefect = f"http://127.0.0.1:{prefect_port}"
    note(both("cli.up_running", pages=f"http://{host}:{port}", prefect=prefect, password=_password_file(data)))
    note(both("cli.up_places", data=data, inbox=settings().inbox.absolute(), reports=settings().reports.absolute()))


def _environment(data: Path, database: str, prefect_port: int) -> Mapping[str, str]:
    """Keep everything under the data folder, Prefect's telemetry off and other pages out of Prefect.

    The shell's own settings go before. Without a password any page a browser here opens could have Prefect run things.
    """
    pages = (f"http://{name}:{prefect_port}" for name in ("127.0.0.1", "localhost"))
    given = os.environ.get(_SERVER_ASKS) or os.environ.get(_CLIENT_SAYS)
    password = given or kept_secret(_password_file(data), name="dondoc").get_secret_value()
    return {
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_DATABASE_TIMEOUT": "60",  # its SQLite has one writer at a time
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",  # runs go after 90 days, facts stay in Dondoc
        "PREFECT_HOME": str(data / "prefect"),
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": ",".join(pages),
        **os.environ,
        _SERVER_ASKS: password,
        _CLIENT_SAYS: password,
        "PREFECT_API_URL": f"http://127.0.0.1:{prefect_port}/api",
        "DONDOC_DATABASE_URL": database,
    }


def _password_file(data: Path) -> Path:
    return data / "prefect" / "password"


def _heed_signals() -> None:
    """Stop everything when told to, and when the terminal is closed, unless it was started to outlive that."""
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _interrupt)


def _interrupt(_signal: int, _frame: object) -> None:
    for each in (signal.SIGTERM, signal.SIGHUP):  # a closed terminal tells more than once, and the ending goes on
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


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
