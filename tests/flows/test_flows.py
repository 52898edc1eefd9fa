"""Each flow does its work: what stands in the store, the mail folder and the report folder after it ran.

Take the call that does the work out of a flow, and its test here fails.
"""

import asyncio
import json
import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from prefect.artifacts import Artifact
from prefect.exceptions import FailedRun
from prefect.states import Completed, Failed
from sqlalchemy import func
from sqlmodel import SQLModel, select

import samples
from flows.assess_status import assess_status
from flows.daily_round import daily_round
from flows.edge import brought
from flows.escalate_lateness import escalate_lateness
from flows.import_workbooks import import_workbooks
from flows.monthly_report import monthly_report
from imports import check_workbook, record
from models import Store, status_of
from models.assignment_tables import Batch, Progress
from models.edition_tables import Edition
from models.outcome_tables import DayTotal, Delivery, Notice

SAMPLES = Path(samples.__file__ or "").parent
FINANCE, INTERIOR = "assignments/bo-tai-chinh.xlsx", "assignments/bo-noi-vu.xlsx"
FRIDAY, SATURDAY, MEETING = date(2025, 9, 5), date(2025, 9, 6), date(2025, 9, 3)
NOW = datetime(2026, 1, 5, tzinfo=UTC)
LATER = datetime(2100, 1, 1, tzinfo=UTC)
# The rooms are tested on both databases; here the round runs on both, and its parts on one.
on_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


def put(deployment: Path, sample: str, agency: str = "_") -> Path:
    """Lay a sample into the inbox of an agency."""
    folder = deployment / "inbox" / agency
    folder.mkdir(exist_ok=True)
    return Path(shutil.copy(SAMPLES / sample, folder))


def run(flow: Any, **parameters: Any) -> Any:
    return asyncio.run(flow(**parameters))


def sweep() -> Any:
    return run(import_workbooks, as_of=FRIDAY, settle_seconds=0)


def count(store: Store, table: type[SQLModel]) -> int:
    with store.reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


@on_sqlite
def test_the_sweep_records_what_is_good_and_sets_aside_what_is_not(deployment: Path, store: Store) -> None:
    put(deployment, FINANCE)
    put(deployment, INTERIOR, agency="BNV")
    (deployment / "inbox" / "bad.xlsx").write_bytes(b"hello")
    (deployment / "inbox" / "~$open.xlsx").write_bytes(b"a lock file of Excel")
    assert sweep() == {"files": 3, "rejected": 1}
    with store.reading() as session:
        assert sorted(session.exec(select(Batch.file))) == ["bo-noi-vu.xlsx", "bo-tai-chinh.xlsx"]
    inbox = deployment / "inbox"
    assert len(list((inbox / "done" / "_").iterdir())) == len(list((inbox / "done" / "BNV").iterdir())) == 1
    (problems,) = (inbox / "rejected" / "_").glob("bad.*.json")
    said = json.loads(problems.read_text(encoding="utf-8"))["problems"]
    assert [problem["code"] for problem in said] == ["not_a_workbook"]
    assert [path.name for path in inbox.glob("*.xlsx")] == ["~$open.xlsx"]


@on_sqlite
def test_a_report_dropped_before_its_annex_is_recorded_in_the_same_sweep(deployment: Path, store: Store) -> None:
    dropped = (("BTC", "progress-2025-06/bo-tai-chinh.xlsx"), ("_", FINANCE), ("_", "assignments/nhiem-vu-chung.xlsx"))
    for minute, (agency, sample) in enumerate(dropped):
        os.utime(put(deployment, sample, agency), (minute * 60, minute * 60))
    assert sweep() == {"files": 3, "rejected": 0}
    assert count(store, Progress) > 0
    assert not list((deployment / "inbox").glob("*/*.xlsx"))


@on_sqlite
def test_a_file_recorded_before_a_crash_is_only_moved(deployment: Path, store: Store) -> None:
    """Killed between recording and moving: the next sweep finds it unchanged."""
    waits = put(deployment, FINANCE)
    check = check_workbook(waits.read_bytes(), name=waits.name, store=store, today=FRIDAY)
    record(check, store=store, now=NOW)
    assert sweep() == {"files": 1, "rejected": 0}
    assert count(store, Batch) == 1
    assert not waits.exists()


@on_sqlite
def test_a_file_still_arriving_waits_for_the_next_sweep(deployment: Path, store: Store) -> None:
    put(deployment, FINANCE).touch()
    assert run(import_workbooks, as_of=FRIDAY, settle_seconds=600) == {"files": 0, "rejected": 0}
    assert count(store, Batch) == 0


@on_sqlite
def test_an_unknown_agency_folder_is_said(deployment: Path, store: Store) -> None:
    put(deployment, FINANCE, agency="KHONG-CO")
    assert sweep() == {"files": 1, "rejected": 1}
    assert count(store, Batch) == 0


@on_sqlite
def test_assessing_stores_the_days_totals_and_again_replaces_them(deployment: Path, store: Store) -> None:
    put(deployment, FINANCE)
    sweep()
    first, again = run(assess_status, as_of=FRIDAY), run(assess_status, as_of=FRIDAY)
    assert first == again == dict(status_of(store, as_of=FRIDAY, known_at=LATER).totals())
    with store.reading() as session:
        rows = session.exec(select(DayTotal).where(DayTotal.as_of == FRIDAY)).all()
    assert {row.status: row.count for row in rows} == {k: v for k, v in first.items() if v and k != "total"}


@on_sqlite
def test_escalating_plans_once_and_leaves_a_table(deployment: Path, store: Store) -> None:
    put(deployment, FINANCE)
    sweep()
    planned, again = run(escalate_lateness, as_of=FRIDAY), run(escalate_lateness, as_of=FRIDAY)
    assert planned["new"] == count(store, Notice) > 0
    assert again["new"] == 0
    table = asyncio.run(Artifact.aget("notices"))
    assert "recipient" in str(table and table.data)


@on_sqlite
def test_a_preview_plans_nothing(deployment: Path, store: Store) -> None:
    put(deployment, FINANCE)
    sweep()
    assert run(escalate_lateness, as_of=FRIDAY, dry_run=True)["new"] > 0
    assert count(store, Notice) == 0


@on_sqlite
def test_the_report_flow_freezes_an_edition_and_writes_its_files(deployment: Path, store: Store) -> None:
    put(deployment, FINANCE)
    sweep()
    written = run(monthly_report, month="2025-08")
    assert count(store, Edition) == 1
    kinds = sorted(path.suffix for path in (deployment / "reports").iterdir())
    assert kinds == [".csv", ".docx", ".json", ".pdf", ".xlsx"]
    (facts,) = (deployment / "reports").glob("*.json")
    assert json.loads(facts.read_text(encoding="utf-8"))["cutoff"] == "2025-08-25"
    assert {Path(file["path"]).parent for file in written["files"]} == {deployment / "reports"}


@on_sqlite
def test_on_another_day_than_the_meetings_no_report_is_written(deployment: Path, store: Store) -> None:
    put(deployment, FINANCE)
    sweep()
    run(monthly_report, occasion="meeting", as_of=FRIDAY)
    assert count(store, Edition) == 0
    run(monthly_report, occasion="meeting", as_of=MEETING)
    with store.reading() as session:
        assert session.exec(select(Edition.month)).all() == ["2025-08"]


def test_the_round_does_everything_once(deployment: Path, store: Store) -> None:
    put(deployment, FINANCE)
    first = run(daily_round, as_of=FRIDAY, settle_seconds=0)
    assert first["import"] == {"files": 1, "rejected": 0}
    assert count(store, DayTotal) > 0
    notices = count(store, Notice)
    assert notices == first["escalate"]["new"] == first["deliver"]["accepted"] == count(store, Delivery) > 0
    assert len(list((deployment / "mail" / "new").iterdir())) == notices
    again = run(daily_round, as_of=FRIDAY, settle_seconds=0)
    assert (again["escalate"]["new"], again["deliver"]["accepted"]) == (0, 0)
    assert (count(store, Batch), count(store, Notice), count(store, Delivery)) == (1, notices, notices)


def test_what_a_busy_server_forgot_of_a_run_is_not_known_and_ends_nothing() -> None:
    assert asyncio.run(brought(Completed(message="told without its data"))) is None
    assert asyncio.run(brought(Completed(data={"new": 1}))) == {"new": 1}
    with pytest.raises(FailedRun):
        asyncio.run(brought(Failed(message="went wrong")))


@on_sqlite
def test_a_round_on_a_day_off_ends_at_once(deployment: Path, store: Store) -> None:
    put(deployment, FINANCE)
    state = run(daily_round, as_of=SATURDAY, settle_seconds=0, return_state=True)
    assert (state.is_completed(), state.name) == (True, "DayOff")
    assert "ngày nghỉ" in state.message
    assert "day off" in state.message
    assert count(store, Batch) == count(store, DayTotal) == count(store, Notice) == 0


@on_sqlite
@pytest.mark.parametrize("month", ["2025-13", "tháng 8"])
def test_a_month_that_is_none_is_refused_before_anything_runs(deployment: Path, month: str) -> None:  # noqa: ARG001
    with pytest.raises(Exception, match="month"):
        run(monthly_report, month=month)
