"""What a command answers: one JSON object, or tables a person reads; progress and warnings go to stderr."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click


def print_json(answer: object) -> None:
    """Write `answer` as the one JSON object on stdout."""
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2, default=_plain))


def note(message: str) -> None:
    """Say something beside the answer: progress, or a warning."""
    click.echo(message, err=True)


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, figures: Iterable[int] = ()
) -> None:
    """Print a table on stdout, nothing when it has no rows.

    `figures` are the positions of right-aligned columns. Cells are text, never markup.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    lines = [[Text(_visible(cell)) for cell in row] for row in rows]
    if not lines:
        return
    right = set(figures)
    table = Table(title=Text(title, style="bold"), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for position, heading in enumerate(columns):
        table.add_column(
            heading.replace(" / ", "\n"), justify="right" if position in right else "left", overflow="fold"
        )
    for line in lines:
        table.add_row(*line)
    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console.width = max(console.width, 140)
    console.print(table)


def _visible(cell: object) -> str:
    """Return a cell as one printable line: text from workbooks cannot move the cursor."""
    text = "" if cell is None else str(cell)
    return "".join(char if char.isprintable() else " " for char in text)


def _plain(value: object) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (Path, Decimal)):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
