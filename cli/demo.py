"""`dondoc demo`: the main job on the shipped samples, through the Prefect flows, in a data folder of its own."""

import asyncio
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

import click

from cli.demo_answer import answer_of, print_answer
from cli.failure import DONE, INPUT_HAS_PROBLEMS, Refused
from cli.init import initialise
from cli.options import DAY, json_option
from cli.output import note, print_json
from config.clock import now, today
from models.opening import shown
from texts import both, date_text

AS_OF = date(2025, 9, 5)
MARK, ACCOUNT = ".dondoc-demo", "van-thu"
ROUNDS = ("assignments", "progress-2025-06", "progress-2025-08")
_SILENT = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
    "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
    "PREFECT_CLI_PROMPT": "false",
}


@click.command(help=both("cli.help_demo"))
@click.option("--as-of", type=DAY, default=AS_OF, help=both("cli.option_demo_as_of"))
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var/demo"),
    show_default=True,
    help=both("cli.option_data"),
)
@click.option("--database", metavar="URL", help=both("cli.option_demo_database"))
@json_option
def demo(*, as_of: date, data: Path, database: str | None, as_json: bool) -> int:
    """Import, assess, escalate, deliver and report as of one day, from nothing; an earlier demo's data is removed."""
    if as_of > today():
        raise Refused("cli.escalate_future", day=date_text(as_of), today=date_text(today()))
    started = monotonic()
    folder = data.absolute()
    url = database or f"sqlite:///{folder / 'dondoc.db'}"
    _clear(folder)
    with _environment(folder, url):
        _prepare(url)
        note(both("cli.demo_starting"))
        outcome = asyncio.run(_run(folder, as_of))
        answer = {**answer_of(url, as_of, outcome, data), "account": _account(url)}
    answer["seconds"] = round(monotonic() - started, 1)
    if as_json:
        print_json(answer)
    else:
        print_answer(answer)
    return INPUT_HAS_PROBLEMS if outcome["rejected"] else DONE


def _clear(folder: Path) -> None:
    """Empty the demo's own folder; a folder with anything else in it is left alone and refused."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise Refused("cli.demo_not_ours", folder=folder)
    if folder.exists():
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("", encoding="utf-8")


def _prepare(url: str) -> None:
    from sqlmodel import col, select

    from config.reference import load_reference_data
    from models.assignment_tables import Batch
    from models.opening import open_store

    initialise(url, load_reference_data())
    store = open_store(url)
    try:
        with store.reading() as session:
            if session.scalars(select(col(Batch.id)).limit(1)).first() is not None:
                raise Refused("cli.demo_database_in_use", database=shown(url))
    finally:
        store.close()


def _account(url: str) -> dict[str, str]:
    """Open an account of the secretariat, so that the pages can be looked at; its one-time password is said this once.

    The database is the demo's own, or was empty when it began.
    """
    from decisions.accounts import Holding, open_account
    from models.opening import open_store
    from rules.access import Role

    store = open_store(url)
    try:
        holding = Holding("Văn thư (dữ liệu thử)", Role.SECRETARIAT)
        password = open_account(store, name=ACCOUNT, holding=holding, by="dondoc demo", now=now())
        return {"name": ACCOUNT, "password": password}
    finally:
        store.close()


@contextmanager
def _environment(folder: Path, url: str) -> Iterator[None]:
    """Point every setting into `folder`, whatever the shell says: the demo sends nothing to anybody."""
    from config.settings import maildir

    ours = {
        **_SILENT,
        "PREFECT_HOME": str(folder / "prefect"),
        "DONDOC_DATA": str(folder),
        "DONDOC_DATABASE_URL": url,
        "DONDOC_CHANNEL": maildir(folder / "mail"),
        "DONDOC_INBOX": str(folder / "inbox"),
        "DONDOC_REPORTS": str(folder / "reports"),
    }
    before = dict(os.environ)
    for name in [each for each in before if each.startswith(("DONDOC_", "PREFECT_API_", "PREFECT_PROFILE"))]:
        if name != "DONDOC_DEBUG":
            del os.environ[name]
    os.environ.update(ours)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


async def _run(folder: Path, as_of: date) -> dict[str, Any]:
    """Run the flows in order; the first one waits for Prefect's own server to start."""
    from prefect import tags

    from flows.assess_status import assess_status
    from flows.deliver_notices import deliver_notices
    from flows.escalate_lateness import escalate_lateness
    from flows.monthly_report import monthly_report
    from rules.meeting import month_before

    with tags("demo"):
        files, rejected = await _import(folder / "inbox", as_of)
        status = await assess_status(as_of=as_of)
        _say("cli.demo_assessed", status, day=date_text(as_of))
        told = await escalate_lateness(as_of=as_of)
        _say("cli.demo_escalated", told)
        sent = await deliver_notices()
        _say("cli.demo_delivered", sent)
        month = month_before(as_of)
        report = await monthly_report(month=month, occasion="cutoff")
        _say("cli.demo_reported", report, month=month)
    return {"files": files, "rejected": rejected, "delivery": sent, "report": report, "month": month}


async def _import(inbox: Path, as_of: date) -> tuple[int, int]:
    import samples
    from flows.import_workbooks import import_workbooks

    shipped = Path(samples.__file__ or "").parent
    files = rejected = 0
    for each in ROUNDS:
        shutil.copytree(shipped / each, inbox / "_", dirs_exist_ok=True)
        swept = await import_workbooks(as_of=as_of, settle_seconds=0)
        _say("cli.demo_imported", swept, round=each)
        files, rejected = files + swept["files"], rejected + swept["rejected"]
    return files, rejected


def _say(key: str, answer: Mapping[str, object], **values: object) -> None:
    note(f"  {both(key, **answer, **values)}")
