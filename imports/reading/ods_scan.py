"""What the fast reader cannot see of an .ods: merged cells, hidden rows and columns, formats, cells in error."""

from collections.abc import Mapping
from typing import Any

from imports.reading.cell_formats import Shown
from imports.reading.cells import Place
from imports.reading.package import Package, elements, local, parser_of
from imports.reading.sheet_scan import SheetScan

_CONTENT, _STYLES = "content.xml", "styles.xml"
_HIDDEN = frozenset({"collapse", "filter"})
# The empty end of a table is one row repeated a million times: nothing is told of so many.
_MOST_REPEATED = 10_000
_EXTENSION = ":calc:"
_KIND_OF_VALUE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_PARTS_OF_A_DATE = frozenset({"day", "day-of-week", "month", "year", "hours", "minutes", "seconds"})
Attributes = Mapping[str, str]


def scan_ods(package: Package) -> dict[str, SheetScan]:
    """Return what was seen in each table, by name. Raises what `Package` raises."""
    styles = _Styles()
    if _STYLES in package:
        for name, about in elements(package.part(_STYLES)):
            styles.take(name, about)
    return _Scanner(styles).scan(package)


class _Styles:
    """Gathers which date styles leave the day out, and which cell styles use them."""

    def __init__(self) -> None:
        self.dates: dict[str, set[str]] = {}
        self.cells: dict[str, str] = {}
        self.date: set[str] = set()

    def take(self, name: str, about: Attributes) -> None:
        if name == "date-style":
            self.date = self.dates.setdefault(about.get("name", ""), set())
        elif name in _PARTS_OF_A_DATE:
            self.date.add(name)
        elif name == "style" and about.get("family") == "table-cell":
            self.cells[about.get("name", "")] = about.get("data-style-name", "")

    def shown(self, cell_style: str) -> Shown | None:
        """Return how a date in a cell of this style is shown, when not as a day."""
        parts = self.dates.get(self.cells.get(cell_style, ""), set())
        return {frozenset({"month", "year"}): Shown.MONTH, frozenset({"year"}): Shown.YEAR}.get(frozenset(parts))


class _Scanner:
    """Walks through the tables of content.xml; rows and columns count from 0."""

    def __init__(self, styles: _Styles) -> None:
        self.styles = styles
        self.tables: dict[str, SheetScan] = {}
        self.seen = SheetScan()
        self.row = self.rows = self.column = self.columns = 0
        self.parser = parser_of(self._start)
        self.in_error: Place | None = None
        self.does = {
            "table": self._table,
            "table-column": self._column,
            "table-row": self._row,
            "table-cell": self._cell,
            "covered-table-cell": self._covered,
        }

    def scan(self, package: Package) -> dict[str, SheetScan]:
        package.parse(_CONTENT, self.parser)
        return self.tables

    def _start(self, name: str, attributes: Any) -> None:
        about = {local(key): value for key, value in attributes.items() if _EXTENSION not in key}
        if attributes.get(_KIND_OF_VALUE) == "error":
            about["value-type"] = "error"
        action = self.does.get(local(name))
        if action:
            action(about)
        elif not self.tables:
            self.styles.take(local(name), about)

    def _table(self, about: Attributes) -> None:
        self.seen = self.tables.setdefault(about.get("name", ""), SheetScan())
        self.row = self.rows = self.columns = 0

    def _column(self, about: Attributes) -> None:
        first, self.columns = self.columns, self.columns + _repeated(about, "columns")
        if about.get("visibility") in _HIDDEN:
            self.seen.hidden_columns.update(range(first, min(self.columns, first + _MOST_REPEATED)))

    def _row(self, about: Attributes) -> None:
        self.row, self.rows, self.column = self.rows, self.rows + _repeated(about, "rows"), 0
        if about.get("visibility") in _HIDDEN and self.rows - self.row <= _MOST_REPEATED:
            self.seen.hidden_rows.update(range(self.row, self.rows))

    def _cell(self, about: Attributes) -> None:
        down, across = int(about.get("number-rows-spanned", 1)), int(about.get("number-columns-spanned", 1))
        if down > 1 or across > 1:
            here = (self.row, self.column)
            self.seen.merges.append((here, (self.row + down - 1, self.column + across - 1)))
        self._look_at(about)
        self._covered(about)

    def _look_at(self, about: Attributes) -> None:
        kind = about.get("value-type", "")
        shown = Shown.PERCENT if kind == "percentage" else None
        if kind == "date":
            shown = self.styles.shown(about.get("style-name", ""))
        if shown:
            for column in range(self.column, self.column + min(_repeated(about, "columns"), _MOST_REPEATED)):
                self.seen.shown[self.row, column] = shown
        if kind == "error" or ("formula" in about and not kind):
            self.seen.unread[self.row, self.column] = "="
        self.in_error = (self.row, self.column) if kind == "error" else None
        self.parser.CharacterDataHandler = self._error_text if self.in_error else None

    def _error_text(self, text: str) -> None:
        if self.in_error and text.startswith("#"):
            self.seen.unread[self.in_error] = text

    def _covered(self, about: Attributes) -> None:
        self.column += _repeated(about, "columns")


def _repeated(about: Attributes, what: str) -> int:
    return max(1, int(about.get(f"number-{what}-repeated", 1)))
