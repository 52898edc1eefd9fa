"""All that a person could tell two ends apart by: what stands in the store, the letters, the files; by natural keys."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from models.assignment_tables import Assignment, AssignmentRevision, Batch, Document, Progress, Task, TaskRevision
from models.outcome_tables import DayTotal, Delivery, Notice, NoticeItem
from models.status import status_of
from models.store import Store

_COUNTED = (Batch, Document, Task, TaskRevision, Assignment, AssignmentRevision, Progress, Delivery)


def end_state(store: Store, data: Path, as_of: date) -> Mapping[str, Any]:
    """Return the state a store and its folders are in, without anything that a clock or a number gave."""
    table = status_of(store, as_of=as_of, known_at=datetime.now(UTC) + timedelta(days=1))
    with store.reading() as session:
        rows = session.execute
        return {
            "statuses": sorted((row.code, str(row.status), row.days_late) for row in table.rows),
            "rows of tables": {t.__tablename__: session.scalar(select(func.count()).select_from(t)) for t in _COUNTED},
            "workbooks recorded": sorted(map(tuple, rows(select(Batch.file, Batch.agency_code, Batch.rows)))),  # type: ignore[call-overload]
            "day totals": sorted(map(tuple, rows(select(DayTotal.agency_code, DayTotal.status, DayTotal.count)))),  # type: ignore[call-overload]
            "notices": sorted(map(tuple, rows(select(Notice.key, Notice.state)))),  # type: ignore[call-overload]
            "told": sorted(map(tuple, rows(select(NoticeItem.code, NoticeItem.rung)))),  # type: ignore[call-overload]
            "letters": sorted(path.name for path in (data / "mail" / "new").glob("*")),
            "files": sorted(str(path.relative_to(data)) for path in (data / "inbox").rglob("*") if path.is_file()),
        }
