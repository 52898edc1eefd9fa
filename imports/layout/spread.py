"""Merged cells of a table's body: which value a covered cell shows, found while walking down the rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from imports.layout.header import Merges
from imports.layout.headings import Field
from imports.layout.written_row import NOTHING, Moved
from imports.reading.cells import Area, Value, cell_text

_AGENCIES = frozenset({Field.LEAD, Field.COORDINATING})


@dataclass(frozen=True, slots=True)
class Covered:
    """The fields of a row whose cells show another cell's value: where that stands, the value, and its text.

    `own` is what counts as the row's own text there: a value merged across, but none merged downwards, nor what a
    covered cell may still hold unseen.
    """

    moved: Moved
    values: Mapping[Field, Value]
    texts: Mapping[Field, str]
    own: Mapping[Field, str]


_UNCOVERED = Covered(NOTHING, NOTHING, NOTHING, NOTHING)


class Spread:
    """Merged areas met so far. A value merged downwards is every row's; merged across leads it is each column's."""

    def __init__(self, lines: Sequence[Sequence[Value]], merges: Merges, columns: Mapping[Field, int]) -> None:
        """Look at the `merges` of the sheet's `lines` by first row; rows are asked for from top to bottom."""
        self._lines, self._merges = lines, merges
        self._field_at = {column: field for field, column in columns.items()}
        self._open: dict[Field, tuple[int, int, int]] = {}
        self._settled, self._until = _UNCOVERED, -1

    def at(self, row: int) -> Covered | None:
        """Return what is covered in `row`, or None. It is the same for all rows until an area begins or ends."""
        areas = self._merges.get(row)
        if areas:
            for area in areas:
                for field, column in self._shown(area):
                    self._open[field] = (area[1][0], row, column)
            self._until = -1
            return self._covered(row)
        if not self._open:
            return None
        if row > self._until:
            self._settled = self._covered(row) or _UNCOVERED
            self._until = min((bottom for bottom, _, _ in self._open.values()), default=-1)
        return self._settled if self._settled.moved else None

    def _covered(self, row: int) -> Covered | None:
        self._open = {field: covers for field, covers in self._open.items() if covers[0] >= row}
        moved = {
            field: (top, column)
            for field, (_, top, column) in self._open.items()
            if top != row or self._field_at.get(column) is not field
        }
        if not moved:
            return None
        values = {field: self._lines[top][column] for field, (top, column) in moved.items()}
        texts = {field: cell_text(value) for field, value in values.items()}
        own = {field: texts[field] if top == row else "" for field, (top, _) in moved.items()}
        return Covered(moved, values, texts, own)

    def _shown(self, area: Area) -> Iterator[tuple[Field, int]]:
        """Yield the fields whose cells show the value of a merged area, and the column it stands in."""
        (_, left), (_, right) = area
        own = self._field_at.get(left)
        covered = [field for column, field in self._field_at.items() if left < column <= right]
        if own is not None:
            yield own, left
            covered = [field for field in covered if {field, own} <= _AGENCIES]
        for field in covered if own is not None else covered[:1]:
            yield field, left
