"""The rows of a sheet as bytes: found without reading their cells, so that only marked rows are ever looked into."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from imports.reading.cells import address, column_index
from imports.returning.annotated.marks import LAST_COLUMN, LAST_ROW
from imports.returning.annotated.outline import NotPatchableError
from imports.returning.annotated.patch import opened_and_ended, with_attributes

_STYLE = re.compile(rb"\ss\s*=\s*[\"'](\d{1,6})[\"']")
_HEIGHT = re.compile(rb"\sht\s*=\s*[\"'](\d{1,4}(?:\.\d*)?)[\"']")
_HIDDEN = re.compile(rb"\shidden\s*=\s*[\"'](?:1|true)[\"']")
_OWN_STYLE = re.compile(rb"\scustomFormat\s*=\s*[\"'](?:1|true)[\"']")
# Returns the number of one style by that of another.
Restyle = Callable[[int], int]


class _Cell(NamedTuple):
    """A cell in the bytes of its row, which has its start tag from `start` to `inside`."""

    column: int
    start: int
    inside: int


class SheetRows:
    """The rows between two places of a sheet's XML. Raises NotPatchableError unless they are numbered and in order."""

    def __init__(self, xml: bytearray, start: int, end: int, prefix: str) -> None:
        """Find the rows; `prefix` is that of their tags, "x:" or nothing."""
        self._xml, self._prefix = xml, prefix
        self._numbers, self._starts = array("q"), array("q")
        name = re.escape(prefix.encode())
        numbered = rb"(?=[\s/>])(?:[^<>]*?\sr\s*=\s*[\"']%b([1-9]\d{0,6})[\"'])?[^<>]*>"
        self._tag = re.compile(rb"<" + name + rb"row" + numbered % b"")
        self._cell_tag = re.compile(rb"<" + name + rb"c" + numbered % b"([A-Z]{1,3})")
        self._row_end = re.compile(rb"</" + name + rb"row\s*>\s*\Z")
        self._cell_end = re.compile(rb"</" + name + rb"c\s*>")
        self._value = re.compile(rb"<" + name + rb"(?:v|f|is)[\s>]")
        last = 0
        for found in self._tag.finditer(xml, start, end):
            number = int(found[1] or 0)
            if not last < number <= LAST_ROW:
                raise NotPatchableError(f"row {number} after row {last}")
            self._numbers.append(number)
            self._starts.append(found.start())
            last = number
        self._end = end

    def span(self, row: int) -> tuple[int, int]:
        """Return where `row` (0 is the first) begins and ends; where it would begin, twice, when it is not there."""
        at = bisect_left(self._numbers, row + 1)
        start = self._starts[at] if at < len(self._starts) else self._end
        if at == len(self._numbers) or self._numbers[at] != row + 1:
            return start, start
        return start, self._starts[at + 1] if at + 1 < len(self._starts) else self._end

    def height(self, row: int) -> float | None:
        """Return the height of `row` in points, None when the sheet's default or its content decides."""
        start, end = self.span(row)
        tag = self._tag.match(self._xml, start, end)
        if tag is None:
            return None
        if _HIDDEN.search(tag[0]):
            return 0.0
        height = _HEIGHT.search(tag[0])
        return float(height[1]) if height else None

    def first_used(self, row: int) -> int:
        """Return the column of the first cell of `row` that holds something, else of its first one, else 0."""
        start, end = self.span(row)
        value = self._value.search(self._xml, start, end)
        tags = list(self._cell_tag.finditer(self._xml, start, value.start() if value else end))
        if not tags:
            return 0
        letters = tags[-1 if value else 0][1]
        return column_index(letters.decode()) if letters else 0

    def restyled(self, row: int, columns: Mapping[int, Restyle], column_style: Restyle) -> bytes:
        """Return `row` with other styles at `columns`, each a number made from the present one.

        Cells and rows that are not there are made; a cell takes the style of its row or, by `column_style`, its column.
        """
        start, end = self.span(row)
        old = bytes(self._xml[start:end]) or f'<{self._prefix}row r="{row + 1}"/>'.encode()
        tag = self._row_tag(old)
        own = _number(_STYLE.search(tag)) if _OWN_STYLE.search(tag) else None
        cells = self._cells(old, row)
        new, at, made = [], len(tag), False
        for column, restyle in sorted(columns.items()):
            cell = next((cell for cell in cells if cell.column >= column), None)
            if cell is not None and cell.column == column:
                style = restyle(_number(_STYLE.search(old, cell.start, cell.inside)) or 0)
                new += [old[at : cell.start], with_attributes(old[cell.start : cell.inside], {"s": str(style)})]
                at = cell.inside
            else:
                place = cell.start if cell else self._behind(cells, old, len(tag))
                style = restyle(column_style(column) if own is None else own)
                created = f'<{self._prefix}c r="{address(row, column)}" s="{style}"/>'
                new += [old[at:place], created.encode()]
                at, made = place, True
        return _opened(tag, b"".join([*new, old[at:]]), made=made)

    def _row_tag(self, row: bytes) -> bytes:
        tag = self._tag.match(row)
        whole = tag is not None and (tag[0].endswith(b"/>") or self._row_end.search(row, row.rindex(b"<")))
        if tag is None or not whole or tag[0].count(b'"') % 2 or b"xmlns" in row:
            raise NotPatchableError("a row of an unknown shape")
        return tag[0]

    def _cells(self, row: bytes, number: int) -> list[_Cell]:
        """Return the cells of a row. Raises NotPatchableError unless they are numbered and in order."""
        cells, last, row_number = [], -1, str(number + 1).encode()
        for tag in self._cell_tag.finditer(row):
            column = column_index(tag[1].decode()) if tag[1] else LAST_COLUMN
            if not last < column < LAST_COLUMN or tag[2] != row_number or tag[0].count(b'"') % 2:
                raise NotPatchableError(f"cell {column} after cell {last}")
            cells.append(_Cell(column, tag.start(), tag.end()))
            last = column
        return cells

    def _behind(self, cells: Sequence[_Cell], row: bytes, first: int) -> int:
        """Return where the last cell of a row ends, `first` without one."""
        if not cells or row.startswith(b"/>", cells[-1].inside - 2):
            return cells[-1].inside if cells else first
        end = self._cell_end.search(row, cells[-1].inside)
        if end is None:
            raise NotPatchableError("a cell without an end")
        return end.end()


def _opened(tag: bytes, inside: bytes, *, made: bool) -> bytes:
    """Put a row together; its hint of the columns it spans goes when it got new cells."""
    if made:
        tag = with_attributes(tag, {"spans": None})
    if tag.endswith(b"/>"):
        opened, ended = opened_and_ended(tag)
        return opened + inside.rstrip() + ended
    return tag + inside


def _number(found: "re.Match[bytes] | None") -> int | None:
    return int(found[1]) if found else None
