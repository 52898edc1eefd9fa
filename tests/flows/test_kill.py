"""Killed at any point and run again, the day's round ends as one clean run does: nothing lost, nothing twice."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect.settings import PREFECT_API_URL
from sqlmodel import select

import samples
from config.settings import maildir
from models.outcome_tables import DayTotal, Notice, NoticeItem
from models.status import status_of
from models.store import Store
from notifications import deliver

SAMPLES = Path(samples.__file__ or "").parent / "assignments"
ANNEXES = ("bo-y-te.xlsx", "bo-xay-dung.xlsx", "bo-ngoai-giao.xlsx")
WARNING_DAY = date(2025, 9, 16)  # ten working days before the duties of 30 September; those of April are long late
CHILD = Path(__file__).with_name("killed_round.py")
STEPS_OF_A_CLEAN_RUN = 24
# `make test` kills while files are taken, between recording and moving, and while sending; `make test-deep` everywhere.
KILLED_AT = range(1, STEPS_OF_A_CLEAN_RUN + 1) if "DONDOC_DEEP" in os.environ else (2, 7, 19)
LEASES_HAVE_RUN_OUT = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def clean_run(
    prefect_server: None,  # noqa: ARG001 - the children report to it
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Mapping[str, Any]:
    """Let one round run undisturbed and return the state it ends in."""
    folder = tmp_path_factory.mktemp("clean")
    prepare(folder, sqlite_template)
    done = run_round(folder)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) == STEPS_OF_A_CLEAN_RUN
    return end_state(folder)


@pytest.mark.parametrize("kill_at", KILLED_AT)
def test_killed_and_run_again(
    kill_at: int, clean_run: Mapping[str, Any], sqlite_template: Path, tmp_path: Path
) -> None:
    prepare(tmp_path, sqlite_template)
    assert run_round(tmp_path, kill_at).returncode == -signal.SIGKILL
    again = run_round(tmp_path)
    assert again.returncode == 0, again.stderr
    assert end_state(tmp_path) == clean_run


def prepare(folder: Path, template: Path) -> None:
    shutil.copy(template, folder / "dondoc.db")
    inbox = folder / "inbox" / "_"
    inbox.mkdir(parents=True)
    for annex in ANNEXES:
        shutil.copy(SAMPLES / annex, inbox)


def run_round(folder: Path, kill_at: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PREFECT_API_URL": PREFECT_API_URL.value() or "",
        "DONDOC_DATA": str(folder),
        "DONDOC_INBOX": str(folder / "inbox"),
        "PYTHONPATH": str(CHILD.parents[2]),
    }
    command = [sys.executable, str(CHILD), WARNING_DAY.isoformat(), *([str(kill_at)] if kill_at else [])]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def end_state(folder: Path) -> Mapping[str, Any]:
    """Say all that a person could tell two ends apart by, once leases have run out and the relay passed once more."""
    store = Store(f"sqlite:///{folder / 'dondoc.db'}")
    deliver(store, channel=maildir(folder / "mail"), now=lambda: LEASES_HAVE_RUN_OUT)
    table = status_of(store, as_of=WARNING_DAY, known_at=datetime.now(UTC) + timedelta(days=1))
    with store.reading() as session:
        state = {
            "status": [(row.code, row.status) for row in table.rows],
            "notices": sorted((notice.key, notice.state) for notice in session.exec(select(Notice))),
            "told": sorted((item.code, item.rung) for item in session.exec(select(NoticeItem))),
            "totals": sorted((row.agency_code, row.status, row.count) for row in session.exec(select(DayTotal))),
            "mail": sorted(path.name for path in (folder / "mail" / "new").iterdir()),
            "inbox": sorted(str(path.relative_to(folder)) for path in (folder / "inbox").rglob("*.xlsx")),
        }
    store.close()
    return state
