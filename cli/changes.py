"""What a workbook changes, field by field: as JSON, and as the table a person reads before recording."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.output import print_table
from texts import both

if TYPE_CHECKING:
    from imports import Check

# JSON lists so many of each kind, the table so many lines; the counts stand beside them.
_LISTED, _SHOWN = 1000, 40
_TEXT_SHOWN = 80


def described(check: "Check | None") -> dict[str, Any]:
    """Return the changes a check found under new, changed, gone and reported; `left_out` counts what is not listed."""
    changes = check.changes if check else None
    found: dict[str, list[dict[str, Any]]] = {"new": [], "changed": [], "gone": [], "reported": []}
    if changes is None:
        return {**found, "left_out": 0}
    found["new"] = [_new(row) for row in changes.new[:_LISTED]]
    found["changed"] = [_changed(change) for change in changes.changed[:_LISTED]]
    found["gone"] = [
        {"document": task.document, "number": task.number, "task": task.text} for task in changes.gone[:_LISTED]
    ]
    found["reported"] = [_reported(entry) for entry in changes.progress[:_LISTED]]
    all_of = (changes.new, changes.changed, changes.gone, changes.progress)
    return {**found, "left_out": sum(map(len, all_of)) - sum(map(len, found.values()))}


def print_changes(file: str, changes: dict[str, Any]) -> None:
    """Print what changes: one line per new or missing task, one per field that differs."""
    lines = list(_lines(changes))
    print_table(
        both("changes.title", file=Path(file).name),
        [both(f"changes.column_{name}") for name in ("kind", "task", "field", "old", "new")],
        lines[:_SHOWN],
    )
    more = len(lines[_SHOWN:]) + changes["left_out"]
    if more:
        click.echo(both("changes.more", file=Path(file).name, count=more))


def _lines(changes: dict[str, Any]) -> Iterator[Sequence[str]]:
    for one in changes["changed"]:
        yield from _fields(_named(one), one["fields"])
        for code in one["dropped"]:
            yield (both("changes.kind_dropped"), code, "", "", "")
    for one in changes["gone"]:
        yield (both("changes.kind_gone"), _named(one), "", _short(one["task"]), "")
    for one in changes["new"]:
        yield (both("changes.kind_new"), _named(one), "", "", _short(one["task"]))
    for one in changes["reported"]:
        if one["replaces"]:
            yield from _fields(one["assignment"], one["fields"])
        else:
            yield (both("changes.kind_reported"), one["assignment"], "", "", _short(one["declared"]))


def _fields(named: str, fields: Iterable[dict[str, str]]) -> Iterator[Sequence[str]]:
    kind = both("changes.kind_changed")
    lines = [(kind, named, both(f"changes.field_{f['field']}"), _short(f["old"]), _short(f["new"])) for f in fields]
    yield from lines or [(kind, named, "", "", "")]


def _named(task: dict[str, Any]) -> str:
    return f"{task['document']} · {task['number']}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _TEXT_SHOWN else f"{line[: _TEXT_SHOWN - 1]}…"


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
    told = {"declared": row.declared_text, "replaces": entry.replaces, "fields": _as_dicts(entry.fields)}
    return {"assignment": entry.code, "reported_on": entry.reported_on, **told, **place}


def _as_dicts(fields: Iterable[Any]) -> list[dict[str, str]]:
    return [{"field": change.field, "old": change.old, "new": change.new} for change in fields]
