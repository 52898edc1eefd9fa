"""All that a person could tell two ends apart by: what stands in the store, the letters, the files; by natural keys."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel

from models.assignment_tables import Assignment, AssignmentRevision, Batch, Document, Progress, Task, TaskRevision
from models.columns import table_of
from models.outcome_tables import DayTotal, Delivery, Notice, NoticeItem
from models.status import status_of
from models.store import Store

_COUNTED = (Batch, Document, Task, TaskRevision, Assignment, AssignmentRevision, Progress, Delivery)


def end_state(store: Store, data: Path, as_of: date) -> Mapping[str, Any]:
    """Return the state a store and its folders are in, without anything that a clock or a number gave."""
    table = status_of(store, as_of=as_of, known_at=datetime.now(UTC) + timedelta(days=1))
    with store.reading() as session:
        return {
            "statuses": sorted((row.code, str(row.status), row.days_late) for row in table.rows),
            "rows of tables": {t.__tablename__: session.scalar(select(func.count()).select_from(t)) for t in _COUNTED},
            "workbooks recorded": _rows(session, Batch, "file", "agency_code", "rows"),
            "day totals": _rows(session, DayTotal, "agency_code", "status", "count"),
            "notices": _rows(session, Notice, "key", "state"),
            "told": _rows(session, NoticeItem, "code", "rung"),
            "letters": sorted(path.name for path in (data / "mail" / "new").glob("*")),
            "files": sorted(str(path.relative_to(data)) for path in (data / "inbox").rglob("*") if path.is_file()),
        }


def _rows(session: Session, model: type[SQLModel], *names: str) -> list[tuple[Any, ...]]:
    columns = table_of(model).c
    return sorted(map(tuple, session.execute(select(*(columns[name] for name in names)))))
