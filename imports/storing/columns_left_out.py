"""Columns an annex sent again has no more: what was stored of them stays, and one note says so."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from imports.layout.headings import Field
from imports.meaning.assignment_rows import TaskRow
from imports.problem import Problem, Severity
from imports.storing.stored import StoredTask
from texts import Language, say

_KEPT = {Field.PRODUCT: "product", Field.COORDINATING: "coordinating_text"}
Pair = tuple[TaskRow, StoredTask]


def keep_left_out(rows: Iterable[TaskRow], reworded: Sequence[Pair]) -> tuple[Sequence[Pair], list[Problem]]:
    """Return the pairs with what is stored in the fields no table of `rows` has a column for, and a note for each.

    A column that is there and empty takes back what is stored; one that is not there says nothing of it, unless a
    person corrected the table: then what was read from a column they struck was never meant.
    """
    places = {row.place for row in rows} if reworded else set()
    if not reworded or any(place.corrected for place in places):
        return reworded, []
    columns = {column for place in places for column in place.columns}
    absent = [name for column, name in _KEPT.items() if column not in columns]
    if not absent:
        return reworded, []
    return [_kept(pair, absent) for pair in reworded], list(_notes(reworded, absent))


def _kept(pair: Pair, names: Iterable[str]) -> Pair:
    row, task = pair
    stored: dict[str, Any] = {name: getattr(task, name) for name in names}
    return row._replace(**stored), task


def _notes(reworded: Sequence[Pair], names: Iterable[str]) -> Iterator[Problem]:
    for name in names:
        count = sum(bool(getattr(task, name)) for _, task in reworded)
        if count:
            sheet = reworded[0][0].sheet
            found = say(f"changes.field_{name}", Language.VI)
            yield Problem("column_left_out", Severity.NOTE, sheet, None, None, found, {"count": count})
