"""What ops see of a run, and whether a run heeds what it was given: its parameters, the settings, the day.

The store holds three annexes and a progress report, recorded once; the flows run on SQLite, for nothing here asks a
database anything of its own.
"""

import asyncio
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from prefect import Flow, Task
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId
from prefect.client.schemas.objects import State
from sqlalchemy import func, update
from sqlmodel import SQLModel, select

import samples
from flows.assess_status import assess, assess_status
from flows.daily_round import daily_round
from flows.deliver_notices import deliver_notices
from flows.escalate_lateness import escalate_lateness, plan
from flows.import_workbooks import import_workbooks
from flows.monthly_report import edition, monthly_report
from flows.taking import record_workbook
from imports import Outcome, check_workbook, record
from models import Store, status_of
from models.assignment_tables import Batch
from models.day_totals import store_day_totals
from models.outcome_tables import DayTotal, Notice
from notifications import NoticeState, outbox, plan_notices
from rules.status import CompletionLevel
from texts import both, date_text

SAMPLES = Path(samples.__file__ or "").parent
ANNEXES = [SAMPLES / "assignments" / f"{slug}.xlsx" for slug in ("bo-tai-chinh", "bo-y-te", "bo-ngoai-giao")]
REPORT = SAMPLES / "progress-2025-06" / "bo-tai-chinh.xlsx"
IN_ITS_ANNEX = range(31, 35)
INTERIOR = SAMPLES / "assignments" / "bo-noi-vu.xlsx"
# Tuesday is ten working days before the duties of 30 September; those of spring are long late.
MONDAY, TUESDAY, WEDNESDAY, SATURDAY = (date(2025, 9, day) for day in (15, 16, 17, 20))
LONG_AGO, LATER = datetime(2025, 9, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
WIDE = 100  # working days, to December: more falls due soon than in the ten of the shipped setting


@pytest.fixture(scope="module")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Record three annexes, and the report of the Ministry of Finance: it declares a task done without evidence."""
    path = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("filled") / "dondoc.db"))
    store = Store(f"sqlite:///{path}")
    for content in (*(annex.read_bytes() for annex in ANNEXES), report_on_its_own_annex()):
        check = check_workbook(content, name="sample.xlsx", store=store, today=TUESDAY)
        assert record(check, store=store, now=LONG_AGO).outcome is Outcome.RECORDED
    store.close()
    return path


def report_on_its_own_annex() -> bytes:
    """Leave out what the ministry reports about the duties common to all: their annex is long and not needed here."""
    workbook = load_workbook(REPORT)
    for row in workbook.worksheets[0].iter_rows():
        if isinstance(row[0].value, int) and row[0].value not in IN_ITS_ANNEX:
            for cell in row:
                cell.value = None
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


@pytest.fixture
def store(filled: Path, tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{shutil.copy(filled, tmp_path / 'dondoc.db')}")
    yield store
    store.close()


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> CompletionLevel:
    """Let a declaration count as completion, as a deployment would."""
    monkeypatch.setenv("DONDOC_COMPLETION_LEVEL", "declared")
    return CompletionLevel.DECLARED


def ran(flow: Flow[Any, Any], **parameters: Any) -> tuple[State[Any], Any, dict[str, Any]]:
    """Run a flow; return how it ended, its answer, and the artifacts of this very run: a table's rows, else text."""

    async def run_and_look() -> tuple[State[Any], Any, dict[str, Any]]:
        state: State[Any] = await flow(**parameters, return_state=True)  # type: ignore[misc]
        assert state.state_details.flow_run_id
        run = ArtifactFilterFlowRunId(any_=[state.state_details.flow_run_id])
        async with get_client() as client:
            found = await client.read_artifacts(artifact_filter=ArtifactFilter(flow_run_id=run))
        named = [each for each in found if each.key]  # one without a key is Prefect's own, of a result it keeps
        left = {str(each.key): json.loads(str(each.data)) if each.type == "table" else each.data for each in named}
        return state, await state.aresult(raise_on_failure=False), left

    return asyncio.run(run_and_look())


def count(store: Store, table: type[SQLModel]) -> int:
    with store.reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def test_the_sweep_shows_each_workbook_and_each_problem(deployment: Path) -> None:
    shutil.copy(INTERIOR, deployment / "inbox" / "_")
    (deployment / "inbox" / "bad.xlsx").write_bytes(b"hello")
    _, _, left = ran(import_workbooks, as_of=TUESDAY, settle_seconds=0)
    assert left.keys() == {"page", "workbooks", "workbook-problems"}
    shown = {row["file"]: row for row in left["workbooks"]}
    assert shown["bo-noi-vu.xlsx"]["outcome"] == "recorded"
    assert shown["bo-noi-vu.xlsx"]["new"] > 0
    assert (shown["bad.xlsx"]["outcome"], shown["bad.xlsx"]["problems"]) == ("rejected", 1)
    (stopped,) = [row for row in left["workbook-problems"] if row["file"] == "bad.xlsx"]
    assert stopped["severity"] == "stops"
    assert "hello" in stopped["message"]


def test_assessing_heeds_the_settings_and_shows_where_things_stand(
    deployment: Path,  # noqa: ARG001
    store: Store,
    declared: CompletionLevel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DONDOC_WARNING_WORKING_DAYS", str(WIDE))
    before = status_of(store, as_of=MONDAY, known_at=LATER)
    store_day_totals(store, before, now=LONG_AGO)
    shipped = status_of(store, as_of=TUESDAY, known_at=LATER).totals()
    asked = status_of(store, as_of=TUESDAY, known_at=LATER, level=declared, warning_working_days=WIDE)
    expected = asked.totals()
    assert expected["overdue"] < shipped["overdue"], "the level makes a difference here"
    assert expected["due_soon"] > shipped["due_soon"], "the window makes a difference here"
    _, answer, left = ran(assess_status, as_of=TUESDAY)
    assert answer == dict(expected)
    assert left.keys() == {"page", "status-by-agency", "milestones", "movement"}
    (abroad,) = [row for row in left["status-by-agency"] if row["agency"] == "BNG"]
    assert abroad["overdue"] == asked.by_agency()["BNG"]["overdue"] > 0
    assert {row["milestone"]: row for row in left["milestones"]} == {
        code: {"milestone": code, **counts} for code, counts in asked.by_milestone().items()
    }
    moved = expected["overdue"] - before.totals()["overdue"]
    assert f"| {both('status.overdue')} | {expected['overdue']} | {moved:+d} |" in left["movement"]
    assert date_text(MONDAY) in left["movement"]


def test_escalating_heeds_the_level_and_shows_whom_it_tells(
    deployment: Path,  # noqa: ARG001
    store: Store,
    declared: CompletionLevel,
) -> None:
    shipped = plan_notices(store, as_of=TUESDAY, now=LATER, dry_run=True)
    expected = plan_notices(store, as_of=TUESDAY, now=LATER, dry_run=True, level=declared)
    told = {notice.key: len(notice.items) for notice in expected.notices}
    assert told != {notice.key: len(notice.items) for notice in shipped.notices}, "the level makes a difference here"
    _, _, left = ran(escalate_lateness, as_of=TUESDAY)
    assert left.keys() == {"page", "notices"}
    assert {row["key"]: row["assignments"] for row in left["notices"]} == told
    latest = {row["key"]: row["most_working_days_late"] for row in left["notices"]}
    assert latest == {notice.key: max(item.days_late for item in notice.items) for notice in expected.notices}
    assert [row["recipient"] for row in left["notices"]] == [notice.recipient for notice in expected.notices]


def test_nobody_is_told_on_a_day_to_come(deployment: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by the escalation nor by the round, which does nothing at all then; a preview may look ahead."""
    for module in ("escalate_lateness", "daily_round"):
        monkeypatch.setattr(f"flows.{module}.today", lambda: TUESDAY)
    shutil.copy(INTERIOR, deployment / "inbox" / "_")
    batches = count(store, Batch)
    for flow in (escalate_lateness, daily_round):
        state, _, left = ran(flow, as_of=WEDNESDAY)
        assert (state.is_failed(), state.name, left) == (True, "NotYet", {})
        assert "chưa đến" in str(state.message)
        assert "still to come" in str(state.message)
    assert (count(store, Notice), count(store, DayTotal), count(store, Batch)) == (0, 0, batches)
    _, preview, left = ran(escalate_lateness, as_of=WEDNESDAY, dry_run=True)
    assert preview["new"] == len(left["notices"]) > 0
    assert count(store, Notice) == 0


def test_a_pass_sends_no_more_than_its_limit_and_nothing_planned_for_a_day_to_come(
    deployment: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = plan_notices(store, as_of=TUESDAY, now=LATER).new
    assert planned > 1
    mail = deployment / "mail" / "new"
    monkeypatch.setattr("flows.deliver_notices.today", lambda: MONDAY)
    _, early, left = ran(deliver_notices)
    assert (early["accepted"], early["pending"]) == (0, planned)
    assert left["deliveries"] == [early]
    assert not list(mail.glob("*"))
    monkeypatch.setattr("flows.deliver_notices.today", lambda: TUESDAY)
    state, one, left = ran(deliver_notices, limit=1)
    assert (state.name, one["accepted"], one["pending"]) == ("Completed", 1, planned - 1)
    assert left["deliveries"] == [one]
    assert left["page"] == "[http://127.0.0.1:8077/operations](http://127.0.0.1:8077/operations)"
    assert len(list(mail.iterdir())) == 1


def test_a_letter_whose_fate_nobody_knows_needs_a_person(deployment: Path, store: Store) -> None:
    plan_notices(store, as_of=TUESDAY, now=LONG_AGO)
    with store.writing() as session:
        session.execute(update(Notice).values(must_deliver=False))
    lost = outbox.claim(store, LONG_AGO, channel="mailtos")
    state, _, left = ran(deliver_notices)
    assert (state.name, left["deliveries"][0][NoticeState.UNKNOWN]) == ("NeedsAPerson", 1)
    with store.reading() as session:
        assert session.exec(select(Notice.id).where(Notice.state == NoticeState.UNKNOWN)).all() == [lost.notice_id]  # type: ignore[union-attr]
    assert len(list((deployment / "mail" / "new").iterdir())) == count(store, Notice) - 1


def test_the_report_heeds_its_days_and_the_settings_and_links_its_files(
    deployment: Path,
    declared: CompletionLevel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DONDOC_WARNING_WORKING_DAYS", str(WIDE))
    _, answer, left = ran(monthly_report, month="2025-08", cutoff=date(2025, 8, 20), meeting=date(2025, 9, 10))
    files = {path.suffix.removeprefix("."): path for path in (deployment / "reports").iterdir()}
    facts = json.loads(files["json"].read_text("utf-8"))
    assert (facts["cutoff"], facts["meeting"]) == ("2025-08-20", "2025-09-10")
    assert facts["level"] == declared
    assert left.keys() == {"page", *(f"report-{kind}" for kind in ("docx", "pdf", "xlsx", "json", "csv", "files"))}
    for kind, path in files.items():
        assert left[f"report-{kind}"] == f"[{path.name}]({path.as_uri()})"
    assert {row["file"]: row["sha256"] for row in left["report-files"]} == {
        file["path"]: file["sha256"] for file in answer["files"]
    }
    assert {row["size"] for row in left["report-files"]} == {path.stat().st_size for path in files.values()}


@pytest.mark.parametrize("flow", [import_workbooks, assess_status, escalate_lateness], ids=lambda flow: flow.name)
def test_on_a_day_off_a_scheduled_run_ends_at_once(deployment: Path, flow: Flow[Any, Any]) -> None:  # noqa: ARG001
    state, _, left = ran(flow, as_of=SATURDAY, only_on_working_days=True)
    assert (state.name, left) == ("DayOff", {})


def test_on_a_day_off_nothing_is_sent_by_itself(
    deployment: Path,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("flows.deliver_notices.today", lambda: SATURDAY)
    state, _, left = ran(deliver_notices, only_on_working_days=True)
    assert (state.name, left) == ("DayOff", {})


@pytest.mark.parametrize("work", [record_workbook, assess, plan, edition], ids=lambda work: work.name)
def test_what_finds_its_own_work_again_is_retried(work: Task[Any, Any]) -> None:
    assert work.retries > 0
