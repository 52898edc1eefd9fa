"""A database of the first release is migrated: it answers as before, and the same workbooks change nothing.

`first_release.zip` is what `models.backup` of the first release wrote on 5 September 2025 (revision 0001): with that
release's own code, `samples/assignments/nhiem-vu-chung.xlsx` and `bo-y-te.xlsx` and the report
`samples/progress-2025-06/bo-y-te.xlsx` were checked and recorded in this order, on that day from 01:00 UTC, a minute
apart. Its manifest holds the totals that release counted.
"""

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Date, DateTime, MetaData, Table, func, select, text

import models
from config.reference import load_reference_data
from imports import Outcome, Recorded, check_workbook, record, undo
from models import Store, status_of
from models.assignment_tables import Batch, Progress, TaskRevision
from models.batch_tables import Listing
from models.opening import StoreNotReadyError, open_store, stored_revision
from models.reference import load_reference
from models.schema import migrate
from models.tables import METADATA

KEPT = Path(__file__).with_name("first_release.zip")
SAMPLES = Path(__file__).parents[2] / "samples"
WORKBOOKS = ("assignments/nhiem-vu-chung.xlsx", "assignments/bo-y-te.xlsx", "progress-2025-06/bo-y-te.xlsx")
DAY, NOW = date(2025, 9, 5), datetime(2025, 9, 5, 12, tzinfo=UTC)
# What the first release said of some assignments of the Ministry of Health: status, due, effective, late, completed.
SAID = {
    "07-CT-TTg.1.BYT": ("undated", None, None, 0, None),
    "07-CT-TTg.2.BYT": ("ongoing", None, None, 0, None),
    "07-CT-TTg.7.BYT": ("in_progress", "2025-12-31", "2025-12-31", 0, None),
    "07-CT-TTg.30.BYT": ("completed_on_time", None, None, 0, "2025-06-12"),
    "07-CT-TTg.64.BYT.2025-04": ("completed_on_time", "2025-04-30", "2025-05-05", 0, "2025-04-25"),
    "07-CT-TTg.64.BYT.2025-07": ("overdue", "2025-07-31", "2025-07-31", 24, None),
    "07-CT-TTg.64.BYT.2025-08": ("overdue", "2025-08-31", "2025-09-03", 2, None),
    "07-CT-TTg.64.BYT.2025-09": ("in_progress", "2025-09-30", "2025-09-30", 0, None),
}


@pytest.fixture
def first_release(empty_store: Store) -> Store:
    """Give the database as the first release left it."""
    with empty_store.engine.begin() as connection:
        command.upgrade(config(connection), "0001")
        tables = MetaData()
        tables.reflect(connection)
        with ZipFile(KEPT) as archive:
            for table in tables.sorted_tables:
                fill(connection, table, archive)
    return empty_store


@pytest.fixture
def upgraded(first_release: Store) -> Store:
    """Give the database as `dondoc init` of this version makes it of the first release's."""
    migrate(first_release)
    with first_release.writing() as session:
        load_reference(session, load_reference_data())
    return first_release


def config(connection: Connection) -> Config:
    """Return what alembic needs to migrate on a connection."""
    found = Config(attributes={"connection": connection})
    found.set_main_option("script_location", str(Path(models.__file__ or "").with_name("migrations")))
    return found


def fill(connection: Connection, table: Table, archive: ZipFile) -> None:
    """Insert the rows kept of a table."""
    name = f"tables/{table.name}.jsonl"
    if name in archive.namelist():
        rows = [
            {column: python_value(table, column, value) for column, value in json.loads(line).items()}
            for line in archive.read(name).splitlines()
        ]
        if rows:
            connection.execute(table.insert(), rows)


def python_value(table: Table, column: str, value: Any) -> Any:
    """Return the value of a column as Python has it."""
    kind = table.c[column].type
    if value is not None and isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if value is not None and isinstance(kind, Date) else value


def assert_answers_as_before(store: Store) -> None:
    """Hold the totals and some rows against what the first release said."""
    table = status_of(store, as_of=DAY, known_at=NOW)
    totals = json.loads(ZipFile(KEPT).read("manifest.json"))["totals"]
    expected = Counter({status: count for status, count in totals.items() if count and status != "total"})
    assert (Counter(str(row.status) for row in table.rows), len(table.rows)) == (expected, totals["total"])
    assert [task.number for task in table.queue] == ["6", "12", "13", "14"]
    said = {
        row.code: (
            str(row.status),
            row.due_on and row.due_on.isoformat(),
            row.effective_due_on and row.effective_due_on.isoformat(),
            row.days_late,
            row.completed_on and row.completed_on.isoformat(),
        )
        for row in table.rows
    }
    assert {code: said[code] for code in SAID} == SAID


def test_the_migrated_database_answers_as_the_first_release_did(upgraded: Store) -> None:
    assert_answers_as_before(upgraded)


def test_the_migrated_tables_are_exactly_those_of_this_version(upgraded: Store) -> None:
    with upgraded.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_batches_recorded_before_say_what_they_are_and_what_they_listed(upgraded: Store) -> None:
    with upgraded.reading() as session:
        kinds = session.execute(text("SELECT id, kind FROM batch ORDER BY id")).all()
        listed = session.execute(select(Listing.batch_id, Listing.first_task_id, Listing.last_task_id)).all()  # type: ignore[call-overload]
    assert [tuple(row) for row in kinds] == [(1, "assignments"), (2, "assignments"), (3, "progress")]
    # The report says something of the tasks 1-5, 7-11 and 15-18 of the common list and of the four of its own.
    assert sorted(map(tuple, listed)) == [(1, 1, 18), (2, 19, 22), (3, 1, 5), (3, 7, 11), (3, 15, 22)]


@pytest.mark.parametrize("workbook", WORKBOOKS)
def test_the_same_workbook_is_unchanged(upgraded: Store, workbook: str) -> None:
    """The first release's digests were made otherwise; a digest alone is no difference."""
    file, before = SAMPLES / workbook, facts(upgraded)
    check = check_workbook(file.read_bytes(), name=file.name, store=upgraded, today=DAY)
    assert (check.new, check.changed, check.gone, check.unchanged) == (0, 0, 0, check.rows)
    batch = WORKBOOKS.index(workbook) + 1
    assert record(check, store=upgraded, now=NOW) == Recorded(batch, Outcome.UNCHANGED)
    assert facts(upgraded) == before


def facts(store: Store) -> list[int | None]:
    """Count the batches, wordings and reports kept."""
    with store.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in (Batch, TaskRevision, Progress)]


@pytest.mark.parametrize("annex", [1, 2])
def test_an_annex_later_reports_rest_on_is_not_taken_back(upgraded: Store, annex: int) -> None:
    refused = undo(annex, store=upgraded, now=NOW)
    assert (refused.undone, refused.reason) == (False, "later_batch")
    assert [later.batch for later in refused.refused_because] == [3]
    assert undo(3, store=upgraded, now=NOW).undone
    assert undo(annex, store=upgraded, now=NOW).undone


def test_a_filled_database_goes_back_to_the_first_revision_and_forth(upgraded: Store) -> None:
    with upgraded.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # Its only way to change a table is to make it anew (models.schema.migrate does the same).
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            command.downgrade(config(connection), "0001")
    with upgraded.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM batch WHERE content_sha256 = ''")).scalar() == 3
    migrate(upgraded)
    assert_answers_as_before(upgraded)


def test_a_filled_database_of_a_newer_version_is_left_alone(upgraded: Store) -> None:
    with upgraded.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = facts(upgraded)
    for attempt in (lambda: migrate(upgraded), lambda: open_store(address(upgraded))):
        with pytest.raises(StoreNotReadyError, match="9999") as refused:
            attempt()
        assert refused.value.code == "newer"
    assert (facts(upgraded), stored_revision(upgraded)) == (before, "9999")


def address(store: Store) -> str:
    return store.url.render_as_string(hide_password=False)
