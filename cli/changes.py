"""What a workbook changes, field by field: the table a person reads before recording."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from cli.output import print_table
from texts import both

_SHOWN = 40
_TEXT_SHOWN = 80


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
