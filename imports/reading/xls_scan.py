"""What the fast reader cannot see of an .xls: hidden rows and columns, formats, cells in error."""

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from imports.reading.cell_formats import Shown, shown_by
from imports.reading.cells import LARGEST_AREA
from imports.reading.ole import workbook_stream
from imports.reading.package import HostileError
from imports.reading.sheet_scan import SheetScan

ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_END, _BOUND_SHEET, _FORMAT, _STYLE = 0x0A, 0x85, 0x41E, 0xE0
_COLUMNS, _ROW, _NUMBER, _RK, _RKS, _FORMULA, _ERROR = 0x7D, 0x208, 0x203, 0x27E, 0xBD, 0x06, 0x205
_TEXT, _BLANK = 0xFD, 0x201
_HIDDEN_ROW, _HIDDEN_COLUMN, _WIDE = 0x20, 0x01, 0x01
_RECORD, _CELL = struct.Struct("<HH"), struct.Struct("<HHH")
_RK_WITH_STYLE = 6


def scan_xls(content: bytes) -> dict[str, SheetScan]:
    """Return what was seen in each sheet, by name. Raises ValueError, LookupError, HostileError."""
    records = workbook_stream(content)
    try:
        book = _Book(records)
        return {sheet.name: _Scanner(book.styles).scan(records, sheet.at) for sheet in book.sheets}
    except struct.error as error:
        raise ValueError(str(error)) from error


class _Record(NamedTuple):
    """A record: its kind and its data."""

    kind: int
    data: bytes


class _Sheet(NamedTuple):
    """A sheet's name, and where its records begin."""

    name: str
    at: int


class _Book:
    """What the records before the sheets say: where the sheets are, and which styles change what is read."""

    def __init__(self, records: bytes) -> None:
        codes: dict[int, str] = {}
        formats: list[int] = []
        self.sheets: list[_Sheet] = []
        for kind, data in _records(records, 0):
            if kind == _BOUND_SHEET:
                self.sheets.append(_Sheet(_text(data[7:], data[6], data[7]), *struct.unpack_from("<I", data)))
            elif kind == _FORMAT:
                number, length = struct.unpack_from("<HH", data)
                codes[number] = _text(data[4:], length, data[4])
            elif kind == _STYLE:
                formats.append(struct.unpack_from("<H", data, 2)[0])
        found = ((at, shown_by(number, codes)) for at, number in enumerate(formats))
        self.styles = {at: shown for at, shown in found if shown}


class _Scanner:
    """Walks through the records of one sheet."""

    def __init__(self, styles: Mapping[int, Shown]) -> None:
        self.styles = styles
        self.seen = SheetScan()
        self.rows = self.columns = 0
        self.does: dict[int, Callable[[bytes], None]] = {
            _ROW: self._row,
            _COLUMNS: self._hide_columns,
            _NUMBER: self._cell,
            _RK: self._cell,
            _TEXT: self._cell,
            _BLANK: self._cell,
            _RKS: self._cells,
            _FORMULA: self._formula,
            _ERROR: self._error,
        }

    def scan(self, records: bytes, at: int) -> SheetScan:
        for kind, data in _records(records, at):
            action = self.does.get(kind)
            if action:
                action(data)
        if self.rows * self.columns > LARGEST_AREA:
            raise HostileError("sheet_too_large", f"{self.rows} × {self.columns}")
        return self.seen

    def _row(self, data: bytes) -> None:
        row, flags = struct.unpack_from("<H10xH", data)
        if flags & _HIDDEN_ROW:
            self.seen.hidden_rows.add(row)

    def _hide_columns(self, data: bytes) -> None:
        first, last, flags = struct.unpack_from("<HH4xH", data)
        if flags & _HIDDEN_COLUMN:
            self.seen.hidden_columns.update(range(first, min(last, 255) + 1))

    def _cell(self, data: bytes) -> None:
        row, column, style = _CELL.unpack_from(data)
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)
        if style in self.styles:
            self.seen.shown[row, column] = self.styles[style]

    def _cells(self, data: bytes) -> None:
        row, first = struct.unpack_from("<HH", data)
        for number, at in enumerate(range(4, len(data) - 2, _RK_WITH_STYLE)):
            self._cell(_CELL.pack(row, (first + number) & 0xFFFF, *struct.unpack_from("<H", data, at)))

    def _formula(self, data: bytes) -> None:
        self._cell(data)
        kind, error, mark = struct.unpack_from("<BxB3xH", data, 6)
        if mark == 0xFFFF and kind == 2:  # noqa: PLR2004 - so the format says: an error, not a number
            self._say(data, error)

    def _error(self, data: bytes) -> None:
        self._cell(data)
        value, is_error = struct.unpack_from("<BB", data, 6)
        if is_error:
            self._say(data, value)

    def _say(self, data: bytes, error: int) -> None:
        row, column, _ = _CELL.unpack_from(data)
        self.seen.unread[row, column] = ERRORS.get(error, "#N/A")


def _records(records: bytes, at: int) -> Iterator[_Record]:
    """Yield the records from `at` to the end of the part they belong to."""
    while at + _RECORD.size <= len(records):
        kind, length = _RECORD.unpack_from(records, at)
        if kind == _END:
            return
        yield _Record(kind, records[at + 4 : at + 4 + length])
        at += 4 + length


def _text(data: bytes, length: int, flags: int) -> str:
    """Return a text: the byte before its letters says whether each takes two bytes."""
    if flags & _WIDE:
        return data[1 : 1 + 2 * length].decode("utf-16-le", "replace")
    return data[1 : 1 + length].decode("latin-1")
