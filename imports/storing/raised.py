"""What a batch raises beside tasks and progress: obstacles, requests for more time, indicators and their values."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from imports.meaning.progress_rows import ProgressRow
from imports.storing.changes import Changes, ReportedProgress
from imports.storing.measures import DefinedIndicator, ObservedValue
from imports.storing.stored import Key
from models.assignment_tables import Assignment, Document
from models.bulk import append
from models.raised_tables import ExtensionRequest, Indicator, IndicatorValue, Obstacle

_AT_ONCE = 500
_OBSTACLE_CELLS = ("difficulty", "proposal", "addressed_to", "needed_by")
_EXTENSION_CELLS = ("extension", "extension_reason")


def record_raised(session: Session, changes: Changes, batch: int, tasks: Mapping[Key, int]) -> None:
    """Append what `changes` raise, as facts of `batch`; its documents and `tasks` (by their numbers) stand already."""
    raisers = _raisers(session, changes.progress)
    reported = [entry for entry in changes.progress if entry.assignment_id in raisers]
    _append(session, Obstacle, [_obstacle(e, raisers, batch) for e in reported if e.row.obstacle])
    _append(session, ExtensionRequest, [_extension(e, raisers, batch) for e in reported if e.row.extension])
    _append(session, Indicator, _indicators(session, changes.measures.defined, batch, tasks))
    _append(session, Indicator, _withdrawn(session, changes.measures.withdrawn, batch))
    _append(session, IndicatorValue, [_value(value, batch) for value in changes.measures.observed])


def _raisers(session: Session, reported: Iterable[ReportedProgress]) -> dict[int, str]:
    """Return who raises what is said of each assignment: the reporter, or the agency a summary's row names."""
    raising = [entry for entry in reported if entry.row.obstacle or entry.row.extension]
    raisers = {entry.assignment_id: entry.row.agencies[0] for entry in raising if not entry.row.named}
    named = [entry.assignment_id for entry in raising if entry.row.named]
    for start in range(0, len(named), _AT_ONCE):
        these = col(Assignment.id).in_(named[start : start + _AT_ONCE])
        agencies = select(col(Assignment.id), col(Assignment.agency_code)).where(these)
        raisers |= {row.id: row.agency_code for row in session.execute(agencies)}
    return raisers


def _obstacle(entry: ReportedProgress, raisers: Mapping[int, str], batch: int) -> dict[str, Any]:
    obstacle = entry.row.obstacle
    assert obstacle is not None
    return {
        "assignment_id": entry.assignment_id,
        "batch_id": batch,
        "raised_by": raisers[entry.assignment_id],
        "raised_on": entry.reported_on,
        "text": obstacle.text,
        "proposal": obstacle.proposal,
        "addressed_to": obstacle.addressed_to,
        "addressed_text": obstacle.addressed_text,
        "needed_by": obstacle.needed_by,
        **_place(entry.row, _OBSTACLE_CELLS),
        "digest": obstacle.digest,
    }


def _extension(entry: ReportedProgress, raisers: Mapping[int, str], batch: int) -> dict[str, Any]:
    extension = entry.row.extension
    assert extension is not None
    return {
        "assignment_id": entry.assignment_id,
        "batch_id": batch,
        "asked_by": raisers[entry.assignment_id],
        "asked_on": entry.reported_on,
        "new_due_on": extension.new_due_on,
        "reason": extension.reason,
        **_place(entry.row, _EXTENSION_CELLS),
        "digest": extension.digest,
    }


def _place(row: ProgressRow, fields: Sequence[str]) -> dict[str, Any]:
    """Say where a fact stood: the cells of its own columns alone."""
    cells = {name: row.cells[name] for name in fields if name in row.cells}
    return {"sheet": row.sheet, "row": row.row, "cells": cells}


def _indicators(
    session: Session, defined: Sequence[DefinedIndicator], batch: int, tasks: Mapping[Key, int]
) -> list[dict[str, Any]]:
    codes = {entry.row.document.code for entry in defined}
    query = select(col(Document.code), col(Document.id)).where(col(Document.code).in_(sorted(codes)))
    documents = {row.code: row.id for row in session.execute(query)}
    return [
        {
            "code": entry.row.code_of(entry.agency),
            "batch_id": batch,
            "document_id": documents[entry.row.document.code],
            "task_id": tasks.get((entry.row.document.code, entry.row.task)),
            "agency_code": entry.agency,
            "number": entry.row.number,
            "name": entry.row.name,
            "unit": entry.row.unit,
            "baseline": entry.row.baseline,
            "direction": entry.row.direction.value,
            "target": entry.row.target,
            "target_text": entry.row.target_text,
            "target_on": entry.row.target_on,
            "sheet": entry.row.sheet,
            "row": entry.row.row,
            "cells": entry.row.cells,
            "digest": entry.row.digest,
        }
        for entry in defined
    ]


def _withdrawn(session: Session, ids: Sequence[int], batch: int) -> list[dict[str, Any]]:
    """Return the indicators as they were last defined, standing no more."""
    rows = session.scalars(select(Indicator).where(col(Indicator.id).in_(ids)))
    changed = {"batch_id": batch, "standing": False, "digest": ""}
    return [{**row.model_dump(exclude={"id"}), **changed} for row in rows]


def _value(entry: ObservedValue, batch: int) -> dict[str, Any]:
    row = entry.row
    return {
        "indicator_id": entry.indicator_id,
        "batch_id": batch,
        "reported_by": row.agency,
        "observed_on": row.observed_on,
        "value": entry.value,
        "value_text": row.value_text,
        "unit": entry.unit,
        "sheet": row.sheet,
        "row": row.row,
        "cells": row.cells,
    }


def _append(session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        append(session, table, {name: [row[name] for row in rows] for name in rows[0]})
