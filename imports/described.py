"""What a check found that recording would change, as plain values: for JSON, and for whoever reads it before."""

from collections.abc import Iterable
from typing import Any

from imports.check import Check

LISTED = 1000
"""So many of each kind are listed; the counts stand beside them."""


def described(check: Check | None) -> dict[str, Any]:
    """Return the changes a check found under new, changed, gone and reported; `left_out` counts what is not listed."""
    changes = check.changes if check else None
    found: dict[str, list[dict[str, Any]]] = {"new": [], "changed": [], "gone": [], "reported": []}
    if changes is None:
        return {**found, "left_out": 0}
    found["new"] = [_new(row) for row in changes.new[:LISTED]]
    found["changed"] = [_changed(change) for change in changes.changed[:LISTED]]
    found["gone"] = [
        {"document": task.document, "number": task.number, "task": task.text} for task in changes.gone[:LISTED]
    ]
    found["reported"] = [_reported(entry) for entry in changes.progress[:LISTED]]
    all_of = (changes.new, changes.changed, changes.gone, changes.progress)
    return {**found, "left_out": sum(map(len, all_of)) - sum(map(len, found.values()))}


def _new(row: Any) -> dict[str, Any]:
    agencies = sorted({assignment.agency for assignment in row.assignments})
    return {**_task(row), "agencies": agencies, "deadline": row.deadline_text}


def _changed(change: Any) -> dict[str, Any]:
    return {**_task(change.row), "fields": _as_dicts(change.fields), "dropped": list(change.dropped)}


def _task(row: Any) -> dict[str, Any]:
    place = {"sheet": row.sheet, "row": row.row}
    return {"document": row.document.code, "number": row.number, "task": row.text, **place}


def _reported(entry: Any) -> dict[str, Any]:
    row = entry.row
    place = {"sheet": row.sheet, "row": row.row}
    words = {"task": row.text, "declared": row.declared_text, "result": row.result_text, "evidence": row.evidence_text}
    told = {**words, "replaces": entry.replaces, "fields": _as_dicts(entry.fields)}
    return {"assignment": entry.code, "reported_on": entry.reported_on, **told, **place}


def _as_dicts(fields: Iterable[Any]) -> list[dict[str, str]]:
    return [{"field": change.field, "old": change.old, "new": change.new} for change in fields]
