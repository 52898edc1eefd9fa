"""What the fast reader cannot see of an .xlsb: merged cells, hidden rows and columns, formats, cells in error."""

import struct
from collections.abc import Callable, Iterator, Mapping
from posixpath import normpath

from imports.reading.cell_formats import Shown, shown_by
from imports.reading.cells import LARGEST_AREA
from imports.reading.package import HostileError, Package, elements
from imports.reading.sheet_scan import SheetScan
from imports.reading.xls_scan import ERRORS

_WORKBOOK, _RELATIONS, _STYLES = "xl/workbook.bin", "xl/_rels/workbook.bin.rels", "xl/styles.bin"
_SHEET, _FORMAT, _STYLE, _STYLES_OF_CELLS, _END_OF_STYLES = 156, 44, 47, 617, 618
_ROW, _ERROR, _FORMULA_IN_ERROR, _COLUMNS, _MERGE = 0, 3, 11, 60, 176
_CELLS = range(1, 12)
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x10, 0x01
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_MORE, _SEVEN = 0x80, 0x7F
_LONGEST_KIND, _LONGEST_LENGTH = 2, 4


def scan_xlsb(package: Package) -> dict[str, SheetScan]:
    """Return what was seen in each worksheet, by name. Raises what `Package` raises."""
    try:
        styles = _styles(package.part(_STYLES)) if _STYLES in package else {}
        return {
            name: _Scanner(styles).scan(package.part(part)) for name, part in _sheet_parts(package) if part in package
        }
    except (struct.error, IndexError) as error:
        raise ValueError(str(error)) from error


def _sheet_parts(package: Package) -> Iterator[tuple[str, str]]:
    targets = {
        about.get("Id", ""): about.get("Target", "")
        for name, about in elements(package.part(_RELATIONS))
        if name == "Relationship" and about.get("Type", "").endswith("/worksheet")
    }
    for kind, data in _records(package.part(_WORKBOOK)):
        if kind == _SHEET:
            relation, after = _text(data, 8)
            target = targets.get(relation, "")
            part = target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")
            yield _text(data, after)[0], part


def _styles(styles: bytes) -> Mapping[int, Shown]:
    """Return the cell styles, by number, whose format changes what is read."""
    codes: dict[int, str] = {}
    formats: list[int] = []
    of_cells = False
    for kind, data in _records(styles):
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", data)[0]] = _text(data, 2)[0]
        elif kind in {_STYLES_OF_CELLS, _END_OF_STYLES}:
            of_cells = kind == _STYLES_OF_CELLS
        elif kind == _STYLE and of_cells:
            formats.append(struct.unpack_from("<H", data, 2)[0])
    found = ((at, shown_by(number, codes)) for at, number in enumerate(formats))
    return {at: shown for at, shown in found if shown}


class _Scanner:
    """Walks through the records of one sheet; rows and columns count from 0."""

    def __init__(self, styles: Mapping[int, Shown]) -> None:
        self.styles = styles
        self.seen = SheetScan()
        self.row = self.rows = self.widest = 0
        self.does: dict[int, Callable[[bytes], None]] = {
            _ROW: self._row,
            _COLUMNS: self._columns,
            _MERGE: self._merge,
            **dict.fromkeys(_CELLS, self._cell),
            _ERROR: self._error,
            _FORMULA_IN_ERROR: self._error,
        }

    def scan(self, records: bytes) -> SheetScan:
        for kind, data in _records(records):
            action = self.does.get(kind)
            if action:
                action(data)
        if self.rows * self.widest > LARGEST_AREA:
            raise HostileError("sheet_too_large", f"{self.rows} × {self.widest}")
        return self.seen

    def _row(self, data: bytes) -> None:
        row, flags = struct.unpack_from("<I7xB", data)
        if row >= _LAST_ROW:
            raise HostileError("beyond_the_grid", str(row + 1))
        self.row, self.rows = row, max(self.rows, row + 1)
        if flags & _HIDDEN_ROW:
            self.seen.hidden_rows.add(row)

    def _cell(self, data: bytes) -> None:
        column, style = struct.unpack_from("<II", data)
        if column >= _LAST_COLUMN:
            raise HostileError("beyond_the_grid", str(column + 1))
        self.widest = max(self.widest, column + 1)
        shown = self.styles.get(style & 0xFFFFFF)
        if shown:
            self.seen.shown[self.row, column] = shown

    def _error(self, data: bytes) -> None:
        self._cell(data)
        (column,) = struct.unpack_from("<I", data)
        self.seen.unread[self.row, column] = ERRORS.get(data[8], "#N/A")

    def _columns(self, data: bytes) -> None:
        first, last, flags = struct.unpack_from("<II8xH", data)
        if flags & _HIDDEN_COLUMN:
            self.seen.hidden_columns.update(range(first, min(last, _LAST_COLUMN - 1) + 1))

    def _merge(self, data: bytes) -> None:
        top, bottom, left, right = struct.unpack_from("<4I", data)
        self.seen.merges.append(((top, left), (bottom, right)))


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the records of a part: kind and length take as many bytes as they need."""
    at = 0
    while at < len(part):
        kind, at = _number(part, at, _LONGEST_KIND)
        length, at = _number(part, at, _LONGEST_LENGTH)
        yield kind, part[at : at + length]
        at += length


def _number(part: bytes, at: int, longest: int) -> tuple[int, int]:
    """Return the number at `at`, seven bits to a byte, and where the next begins."""
    value = 0
    for place in range(longest):
        byte = part[at + place]
        value |= (byte & _SEVEN) << (7 * place)
        if not byte & _MORE:
            return value, at + place + 1
    return value, at + longest


def _text(data: bytes, at: int) -> tuple[str, int]:
    """Return the text at `at` and where it ends; a text that is not there has a length beyond any."""
    (length,) = struct.unpack_from("<I", data, at)
    end = at + 4 + 2 * length
    return ("", at + 4) if end > len(data) else (data[at + 4 : end].decode("utf-16-le", "replace"), end)
