"""What the fast reader cannot see of an .xlsx: what is hidden, what a format changes, which values are unknown."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import normpath
from typing import Any

from imports.reading.cell_formats import Shown, shown_styles
from imports.reading.cells import LARGEST_AREA, Area, Place, column_index
from imports.reading.package import HostileError, Package, elements, local, parser_of
from imports.reading.plain_rows import PlainRows, cut_at_rows

_WORKBOOK, _RELATIONS, _STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_TRUE = frozenset({"1", "true"})
_PAGE = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
_PAGE_CODE = re.compile(r"&(?:\"[^\"]*\"|\d+|[A-Z])")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})$")


@dataclass
class SheetScan:
    """One sheet: what Excel does not show of it, cells (0-based) whose format changes what is read, unread cells.

    `merges` are the merged areas where the fast reader does not tell them; `beside` are texts outside the values:
    headers and footers of the page, formulas never calculated.
    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    shown: dict[Place, Shown] = field(default_factory=dict)
    unread: dict[Place, str] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)


def scan_xlsx(package: Package, *, every_row: bool = False) -> dict[str, SheetScan]:
    """Return what was seen in each worksheet, by name. Raises what `Package` raises.

    Rows that hold values alone are only parsed, so the traps in them are found by `every_row`: for a workbook that
    the fast reader gave up.
    """
    styles = shown_styles(package.part(_STYLES)) if _STYLES in package else {}
    plain = PlainRows(styles) if not every_row else None
    return {name: _Scanner(styles).scan(package, part, plain) for name, part in sheet_parts(package) if part in package}


def sheet_parts(package: Package) -> Iterator[tuple[str, str]]:
    """Yield the worksheets in order: the name and the part it is in."""
    targets = {
        about.get("Id", ""): about.get("Target", "")
        for name, about in elements(package.part(_RELATIONS))
        if name == "Relationship" and about.get("Type", "").endswith("/worksheet")
    }
    for name, about in elements(package.part(_WORKBOOK)):
        target = targets.get(about.get("id", "")) if name == "sheet" else None
        if target:
            yield about.get("name", ""), target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")


class _Scanner:
    """Walks through one sheet's XML, element by element; of its many cells it decodes only those that matter.

    `place` is the last cell's: its address ("D7"), or its column's index where the file leaves addresses out.
    """

    def __init__(self, styles: Mapping[str, Shown]) -> None:
        self.styles = styles
        self.seen = SheetScan()
        self.row = self.widest = 0
        self.place: str | int | None = None
        self.kind = ""
        self.unstored = self.in_error = False
        self.parser = parser_of(self._start)
        self.formula: list[str] = []
        self.does = {"row": self._row, "c": self._cell, "f": self._formula, "v": self._value, "col": self._columns}
        self.does |= dict.fromkeys(_PAGE, self._page_text)
        self.actions: dict[str, Any] = {}

    def scan(self, package: Package, part: str, plain: PlainRows | None) -> SheetScan:
        for piece in cut_at_rows(package.pieces(part)):
            if plain and piece in plain:
                self._end_row()
                self.parser.StartElementHandler = None
            else:
                self.parser.StartElementHandler = self._start
            self.parser.Parse(piece, False)  # noqa: FBT003 - expat's own signature
        self.parser.Parse(b"", True)  # noqa: FBT003
        self._end_row()
        if self.row * self.widest > LARGEST_AREA:
            raise HostileError("sheet_too_large", f"{self.row} × {self.widest}")
        return self.seen

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        try:
            action = self.actions[name]
        except KeyError:
            action = self.actions[name] = self.does.get(local(name))
        if action:
            action(attributes)

    def _row(self, about: dict[str, str]) -> None:
        self._end_row()
        self.row = int(about["r"]) if "r" in about else self.row + 1
        if not 0 < self.row <= _LAST_ROW:
            raise HostileError("beyond_the_grid", str(self.row))
        if about.get("hidden") in _TRUE:
            self.seen.hidden_rows.add(self.row - 1)

    def _cell(self, about: dict[str, str]) -> None:
        if self.unstored or self.in_error:
            self._end_cell()
        self.place = about["r"] if "r" in about else self._next_place()
        if about.get("s") in self.styles:
            self.seen.shown[self._at()] = self.styles[about["s"]]
        self.kind = about.get("t", "")
        if self.kind == "e":
            self.in_error = True
            self.parser.CharacterDataHandler = self._error_text

    def _next_place(self) -> int:
        return 0 if self.place is None else _column_of(self.place) + 1

    def _at(self) -> Place:
        return self.row - 1, _column_of(self.place or 0)

    def _formula(self, _about: dict[str, str]) -> None:
        self.unstored = not self.in_error
        if self.unstored:
            self.formula = []
            self.parser.CharacterDataHandler = self.formula.append

    def _value(self, _about: dict[str, str]) -> None:
        # Excel stores an empty text as an empty value; a program that does not calculate leaves it empty, too.
        if self.unstored and self.kind == "str":
            self.unstored = False
            self.parser.CharacterDataHandler = None
        elif self.unstored:
            self.parser.CharacterDataHandler = self._stored_text

    def _columns(self, about: dict[str, str]) -> None:
        if about.get("hidden") in _TRUE:
            first, last = int(about.get("min", 1)), int(about.get("max", 1))
            self.seen.hidden_columns.update(range(first - 1, min(last, _LAST_COLUMN)))

    def _stored_text(self, text: str) -> None:
        if text.strip():
            self.unstored = False
            self.parser.CharacterDataHandler = None

    def _error_text(self, text: str) -> None:
        if text.startswith("#"):
            self.seen.unread[self._at()] = text

    def _end_cell(self) -> None:
        if self.unstored:
            self.seen.beside.append("".join(self.formula))
        if self.in_error or self.unstored:
            self.seen.unread.setdefault(self._at(), "=")
        self.parser.CharacterDataHandler = None
        self.in_error = self.unstored = False

    def _page_text(self, _about: dict[str, str]) -> None:
        self._end_cell()
        self.seen.beside.append("")
        self.parser.CharacterDataHandler = self._take_page_text

    def _take_page_text(self, text: str) -> None:
        self.seen.beside[-1] += _PAGE_CODE.sub(" ", text)

    def _end_row(self) -> None:
        self._end_cell()
        if self.place is not None:
            self.widest = max(self.widest, _column_of(self.place) + 1)
        self.place = None


def _column_of(place: str | int) -> int:
    """Return the index of the column of a cell ("D7" is 3). Raises HostileError beyond Excel's last column."""
    if isinstance(place, int):
        index = place
    else:
        found = _REFERENCE.match(place)
        index = column_index(found[1]) if found else _LAST_COLUMN
    if index >= _LAST_COLUMN:
        raise HostileError("beyond_the_grid", str(place))
    return index
