"""The portal under its readers while a workbook is recorded: `python -m benchmarks.portal.run`, or `make bench-portal`.

`dondoc portal` serves a register of 100,000 assignments; 20 readers open a page every two seconds each, over loopback,
while `dondoc import` records an annex of 10,000 rows in another process, and then while a secretary sends another one
and records it on the portal's own pages. Then they read as fast as they are answered.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import quantiles

import click
from sqlalchemy import func, select, update

from benchmarks.databases import ENGINES, Databases, databases
from benchmarks.figures import Findings
from benchmarks.imports.workbook import write_annex
from benchmarks.portal.readers import PAGES, Portal, Read, opened_once, read, sign_in
from benchmarks.portal.uploading import COOKIES
from benchmarks.status.register import fill
from decisions.accounts import Holding, open_account, set_password
from models import Store
from models.account_tables import Account
from models.assignment_tables import Assignment, Batch, Document, Task, TaskRevision
from models.columns import table_of
from rules.access import Role

ACCOUNT, ASSIGNMENT = table_of(Account), table_of(Assignment)
_NUMBERED = tuple(table_of(each) for each in (Assignment, Batch, Document, Task, TaskRevision))
READERS, PAUSE_SECONDS, UPLOAD_ROWS = 20, 2.0, 10_000
_MILLISECONDS, _KILOBYTES = 300, 100
_NAME, _PASSWORD = "reader", "mật khẩu của phép đo 2025"
_CODES, _BEFORE_SECONDS, _AFTER_SECONDS = 500, 10.0, 10.0


@contextmanager
def served(url: str) -> Iterator[str]:
    """Serve a database as people do, with `dondoc portal`; give the address."""
    command = [sys.executable, "-m", "cli.main", "portal", "--port", "0", "--json", "--database", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_environment()) as process:  # noqa: S603 - our own
        assert process.stdout is not None
        try:
            told = "".join(iter(process.stdout.readline, "}\n")) + "}"
            yield json.loads(told)["address"].rstrip("/")
        finally:
            process.terminate()


def measure(made: Databases, engine: str, assignments: int, seconds: float, findings: Findings) -> None:
    """Measure one database."""
    url, annexes = made.fresh(engine), _annexes(made.folder)
    store = Store(url)
    click.echo(f"{engine}: {assignments:,} assignments", err=True)
    fill(store, assignments)
    codes = _prepared(store)
    store.close()
    with served(url) as address:
        portal = Portal(address, sign_in(address, _NAME, _PASSWORD), codes)
        for name, seconds_cold in opened_once(portal).items():
            findings.add(f"{engine}: {name}, the first time", [1000 * seconds_cold], "ms")
        by_command = [sys.executable, "-m", "cli.main", "import", str(annexes["command"]), "--database", url]
        _tell(findings, f"{engine}, by command", *_while_recording(portal, by_command, seconds))
        on_pages = [sys.executable, "-m", "benchmarks.portal.uploading", address, str(annexes["pages"])]
        _tell(findings, f"{engine}, on pages", *_while_recording(portal, on_pages, seconds))
        quick = read(portal, readers=READERS, seconds=10, pause=0)
        findings.add(f"{engine}: as fast as answered, all pages", [1000 * each.seconds for each in quick], "ms")
        findings.check(f"{engine}: as fast as answered, p95", _at(quick, 95))
        findings.check(f"{engine}: as fast as answered, pages a second", len(quick) / 10)
    made.drop(url)


def _prepared(store: Store) -> Sequence[str]:
    now = datetime.now(UTC)
    holding = Holding("Thư ký", Role.SECRETARIAT)
    open_account(store, name=_NAME, holding=holding, by="benchmark", now=now)
    with store.writing() as session:
        # The generated codes are not those an import makes: these stand in no address as they are.
        session.execute(update(ASSIGNMENT).values(code=func.replace(ASSIGNMENT.c.code, "/", "-")))
        for table in _NUMBERED if store.engine.dialect.name == "postgresql" else ():
            # They were written with numbers of their own: the next one is to follow them.
            newest = select(func.max(table.c.id)).scalar_subquery()
            session.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), newest)))
    with store.reading() as session:
        account = session.scalars(select(ACCOUNT.c.id).where(ACCOUNT.c.name == _NAME)).one()
        codes = list(session.scalars(select(ASSIGNMENT.c.code).order_by(ASSIGNMENT.c.id)))
    set_password(store, account, password=_PASSWORD, by=_NAME, now=now)
    return Random(7).sample(codes, _CODES)  # noqa: S311 - the same assignments every time


def _annexes(folder: Path) -> Mapping[str, Path]:
    """Return a workbook for each way of recording, each of a document of its own."""
    annexes = {"command": folder / "annex-7.xlsx", "pages": folder / "annex-8.xlsx"}
    for path, document in zip(annexes.values(), ("07/CT-TTg", "08/CT-TTg"), strict=True):
        if not path.exists():
            write_annex(path, UPLOAD_ROWS, of=document)
    return annexes


def _while_recording(portal: Portal, command: Sequence[str], seconds: float) -> tuple[list[Read], tuple[float, float]]:
    """Read for so long, and record an annex meanwhile; return the reads, and when recording began and ended."""
    recording = (
        f"import subprocess, sys, time; time.sleep({_BEFORE_SECONDS}); began = time.perf_counter();"
        f"subprocess.run({command!r}, check=True, stdout=subprocess.DEVNULL);"
        "print(began, time.perf_counter())"
    )
    words, environment = (
        [sys.executable, "-c", recording],
        {**_environment(), COOKIES: json.dumps(dict(portal.cookies))},
    )
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as at_work:  # noqa: S603 - our own
        reads = read(portal, readers=READERS, seconds=seconds, pause=PAUSE_SECONDS)
        said, _ = at_work.communicate(timeout=600)
    assert at_work.returncode == 0, "the annex was not recorded"
    began, ended = map(float, said.split())
    while time.perf_counter() < ended:
        reads += read(portal, readers=READERS, seconds=_AFTER_SECONDS, pause=PAUSE_SECONDS)
    return reads, (began, ended)


def _tell(findings: Findings, engine: str, reads: Sequence[Read], recorded: tuple[float, float]) -> None:
    began, ended = recorded
    during = [each for each in reads if each.at <= ended and each.at + each.seconds >= began]
    findings.add(f"{engine}: recording {UPLOAD_ROWS:,} rows meanwhile", [ended - began])
    for page in PAGES:
        of_page = [each for each in reads if each.page == page]
        findings.add(f"{engine}: {page}", [1000 * each.seconds for each in of_page], "ms")
        findings.check(f"{engine}: {page}, p50 / ms", _at(of_page, 50))
        findings.check(f"{engine}: {page}, p95 / ms", _at(of_page, 95))
        findings.check(f"{engine}: {page}, largest / kB", max(each.size for each in of_page) / 1000, _KILOBYTES)
    findings.check(f"{engine}: all pages while recording, p95 / ms", _at(during, 95), _MILLISECONDS)
    findings.check(f"{engine}: all pages, p95 / ms", _at(reads, 95), _MILLISECONDS)
    findings.check(f"{engine}: all pages, longest / ms", 1000 * max(each.seconds for each in reads))


def _at(reads: Sequence[Read], percent: int) -> float:
    return 1000 * quantiles([each.seconds for each in reads], n=100, method="inclusive")[percent - 1]


def _environment() -> dict[str, str]:
    """Return this environment without settings of an installation, and with bytecode kept."""
    return {
        key: value
        for key, value in os.environ.items()
        if key != "PYTHONDONTWRITEBYTECODE" and not key.startswith("DONDOC_")
    }


@click.command()
@click.option("--assignments", default=100_000, show_default=True)
@click.option("--seconds", default=60.0, show_default=True, help="How long readers read while the annex is recorded.")
@click.option("--engine", "engines", multiple=True, type=click.Choice(ENGINES), default=ENGINES, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(*, assignments: int, seconds: float, engines: Sequence[str], as_json: bool) -> None:
    """Measure the portal; exit with 1 when a promise is broken."""
    findings = Findings(f"{READERS} readers, each a page every {PAUSE_SECONDS:g} s, {assignments:,} assignments")
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as made:
        for engine in engines:
            measure(made, engine, assignments, seconds, findings)
    findings.print(as_json=as_json)
    sys.exit(0 if findings.kept else 1)


if __name__ == "__main__":
    main()
