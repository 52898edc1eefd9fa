"""Other processes: killed while they record, they leave all of a workbook or none; of two at once, one is told."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from imports import Outcome, check_workbook, take
from models import Store
from models.assignment_tables import Assignment, AssignmentRevision, Batch, Document, Task, TaskRevision
from models.batch_tables import Listing
from models.columns import table_of
from models.writers import wait_for_writers_of
from tests.imports.workbooks import TODAY, annex, task

PROGRAM = Path(__file__).with_name("recorder.py")
KILLS = 200 if "DONDOC_DEEP" in os.environ else 6
LEADS = ("Bộ Y tế", "Bộ Công an; Bộ Nội vụ", "Các bộ, ngành", "Ai đó")
ROWS = 240
PATIENCE = timedelta(seconds=60)
Order = Callable[..., tuple[int, Path]]


@pytest.fixture(scope="module")
def recorder() -> Iterator[subprocess.Popen[str]]:
    """Start the process whose children record."""
    environment = {**os.environ, "PYTHONPATH": str(PROGRAM.parents[2])}
    command = [sys.executable, str(PROGRAM)]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.stdin.close()  # type: ignore[union-attr]


@pytest.fixture
def order(recorder: subprocess.Popen[str], store: Store, tmp_path: Path) -> Order:
    """Order a workbook to be recorded by a child; return its number and the file in which it says how far it is."""
    numbers = count(1)

    def ordered(file: Path, document: str, wait_for: Path | None = None) -> tuple[int, Path]:
        events = tmp_path / f"events-{next(numbers)}"
        events.touch()
        told = {
            "url": store.url.render_as_string(hide_password=False),
            "file": str(file),
            "asked": {"document": document, "document_date": "2025-03-14"},
            "events": str(events),
            "wait_for": str(wait_for or events),
        }
        assert recorder.stdin is not None
        assert recorder.stdout is not None
        recorder.stdin.write(f"{json.dumps(told)}\n")
        recorder.stdin.flush()
        return int(recorder.stdout.readline()), events

    return ordered


def workbook(folder: Path, deadline: str = "Tháng 6/2025") -> Path:
    """Save an annex that names no document, with leads of every kind."""
    rows = [task(n, LEADS[n % len(LEADS)], deadline) for n in range(1, ROWS + 1)]
    file = folder / f"phu-luc-{deadline.replace('/', '-')}.xlsx"
    file.write_bytes(annex(*rows, title=[["PHỤ LỤC"]]))
    return file


def until(happened: Callable[[], bool]) -> None:
    """Wait until something happened."""
    over = datetime.now(UTC) + PATIENCE
    while not happened():
        assert datetime.now(UTC) < over
        time.sleep(0.001)


def events_of(file: Path) -> list[str]:
    """Return what a child reached so far."""
    return file.read_text(encoding="utf-8").splitlines()


def kept(store: Store, document: str) -> dict[str, int]:
    """Count what is stored of a document, once nobody records any more."""
    with store.writing() as session:
        wait_for_writers_of(session, Batch)
        of_document = select(Document.batch_id).where(Document.code == document)  # type: ignore[call-overload]
        batch = session.scalar(of_document)
        tables: list[Any] = [Task, TaskRevision, Assignment, AssignmentRevision, Listing]
        counted = (select(func.count()).where(table_of(table).c.batch_id == batch) for table in tables)
        return {table.__tablename__: session.scalar(query) or 0 for table, query in zip(tables, counted, strict=True)}


def ended(child: int) -> bool:
    """Whether a child is no more."""
    with suppress(ProcessLookupError):
        os.kill(child, 0)
        return False
    return True


def test_killed_at_any_moment_all_of_a_workbook_is_recorded_or_none(store: Store, order: Order, tmp_path: Path) -> None:
    file, chance = workbook(tmp_path), random.Random(20250905)  # noqa: S311 - the same moments each time
    _, events = order(file, "1/KH")
    until(lambda: len(events_of(events)) == 1)
    began = time.perf_counter()
    until(lambda: len(events_of(events)) == 2)
    whole, takes = kept(store, "1/KH"), time.perf_counter() - began
    assert (whole["task"], whole["listing"]) == (ROWS, 1)
    seen = set()
    for at in range(2, KILLS + 2):
        document = f"{at}/KH"
        child, events = order(file, document)
        until(lambda events=events: len(events_of(events)) >= 1)  # type: ignore[misc]
        time.sleep(chance.uniform(0, takes))
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        until(lambda child=child: ended(child))  # type: ignore[misc]
        left = kept(store, document)
        assert left in (whole, dict.fromkeys(whole, 0))
        seen.add(left == whole)
        check, recorded = take(lambda document=document: checked(file, document, store), store=store, now=now)  # type: ignore[misc]
        assert not check.stops
        assert recorded.outcome is (Outcome.UNCHANGED if left == whole else Outcome.RECORDED)
        assert kept(store, document) == whole
    assert False in seen, "no kill came before the end: the moments are badly chosen"


def test_of_two_processes_that_record_at_once_one_wins_and_the_other_is_told(
    store: Store, order: Order, tmp_path: Path
) -> None:
    for at in range(1, 1 + KILLS // 2):
        go = tmp_path / f"go-{at}"
        both = [order(workbook(tmp_path, deadline), f"{at}/KH", go)[1] for deadline in ("Tháng 6/2025", "Tháng 8/2025")]
        until(lambda both=both: all(events_of(events) == ["checked"] for events in both))  # type: ignore[misc]
        go.touch()
        until(lambda both=both: all(len(events_of(events)) == 2 for events in both))  # type: ignore[misc]
        said = sorted(events_of(events)[1].split()[0] for events in both)
        assert said == ["overtaken", "recorded"]
        with store.reading() as session:
            assert session.scalar(select(func.count()).select_from(Batch)) == at
        assert kept(store, f"{at}/KH")["task"] == ROWS


def checked(file: Path, document: str, store: Store) -> Any:
    """Check the workbook as of the day of the tests."""
    return check_workbook(
        file.read_bytes(),
        name=file.name,
        store=store,
        today=TODAY,
        document=document,
        document_date=date(2025, 3, 14),
    )


def now() -> datetime:
    """Return this instant."""
    return datetime.now(UTC)
