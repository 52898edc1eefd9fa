"""A workbook is compared with its documents, not with everything stored: no table of facts is read from end to end."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from imports import check_workbook, record, undo
from models import Store
from tests.imports.workbooks import LATER, NOW, TODAY, annex, recorded, report, task, told

FACTS = {"task", "task_revision", "assignment", "assignment_revision", "progress"}
_SCAN = re.compile(r"^SCAN (\w+)(?! USING (?:INTEGER PRIMARY KEY|(?:COVERING )?INDEX \w*(?:recurring|queue)))")


@contextmanager
def asked(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """Collect what is asked of a database, with its values."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:  # noqa: FBT001
        if statement.startswith("SELECT") and not many:
            statements.append((statement, values))

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def read_whole(store: Store, statements: list[tuple[str, Any]]) -> dict[str, str]:
    """Return the tables of facts that SQLite plans to read whole, each with the statement that asks for it."""
    found = {}
    with store.reading() as session:
        for statement, values in statements:
            for *_, step in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
                scanned = _SCAN.match(step)
                if scanned and scanned[1] in FACTS:
                    found[scanned[1]] = f"{step}: {statement}"
    return found


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("taken_back", [False, True], ids=["nothing taken back", "a batch taken back"])
def test_a_check_and_its_recording(store: Store, taken_back: bool) -> None:  # noqa: FBT001
    batch = recorded(annex(task(1), task(2)), store).batch
    if taken_back:
        assert batch
        undo(batch, store=store, now=NOW)
        recorded(annex(task(1), task(2), task(3)), store)
    for content in (annex(task(1), task(2), task(4)), report(told(1, "Đang thực hiện"))):
        with asked(store) as statements:
            found = check_workbook(content, name="bang.xlsx", store=store, today=TODAY)
            record(found, store=store, now=LATER)
        assert read_whole(store, statements) == {}
