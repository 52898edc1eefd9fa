"""Bytes → sheets of cells. Whatever the bytes are, the answer is a value: sheets, or the problem that stops them.

Formats are told apart by their content and never by the file's name. The values of a workbook are read in a process
of its own; what that one cannot see of an .xlsx or .ods is scanned here at the same time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from imports.problem import Problem, stopping, stops
from imports.reading.beside import texts_beside
from imports.reading.cell_formats import as_shown
from imports.reading.cells import Area, Place, Value
from imports.reading.format import Format, format_of, refusal, unlike_its_name
from imports.reading.isolation import Limits, Reading, ReadSheet, UnreadableError
from imports.reading.ods_scan import scan_ods
from imports.reading.open_file import OpenFile, read_open_csv, read_open_json
from imports.reading.package import UNREADABLE, HostileError, Package
from imports.reading.sheet_scan import SheetScan, scan_xlsx
from imports.reading.text_table import SHEET, lines_of, read_text_table
from imports.reading.xls_scan import scan_xls
from imports.reading.xlsb_scan import scan_xlsb

_SCANS: Mapping[Format, Callable[[Package], dict[str, SheetScan]]] = {
    Format.XLSX: scan_xlsx,
    Format.XLSM: scan_xlsx,
    Format.XLSB: scan_xlsb,
    Format.ODS: scan_ods,
}
LARGEST_FILE = 64 * 1024 * 1024
MOST_SHEETS = 255


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows from row 1 (index 0) on, each as wide as the widest, and its merged areas (0-based).

    `hidden`, `hidden_rows` and `hidden_columns` say what Excel does not show. `unread` are the cells whose value is
    unknown and stands as "" in `rows`: an error ("#REF!"), or "=" for a formula whose value was never stored. `beside`
    are texts outside the values (`SheetScan`).
    """

    name: str
    rows: list[list[Value]]
    merges: list[Area]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    unread: Mapping[Place, str] = field(default_factory=dict)
    beside: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds anything."""
        return not any(value not in ("", None) for row in self.rows for value in row)


@dataclass(frozen=True)
class Workbook:
    """The sheets of a file in order, what is to be said of the file itself, and the texts of its notes and text boxes.

    When a problem stops it, sheets are there only as far as they were read: to be searched for marks of secrecy. The
    one sheet of an `open` file is the table of its items.
    """

    sheets: list[Sheet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    open: OpenFile | None = None


def read_workbook(content: bytes, *, name: str = "", limits: Limits | None = None) -> Workbook:
    """Read a file; its `name` only serves to say when it promises another format."""
    try:
        return _read(content, name, limits or Limits())
    except HostileError as error:
        problem = stops(error.code, error.found)
    except UnreadableError as error:
        problem = _given_up(error)
    except UNREADABLE as error:
        problem = stops("damaged_workbook", str(error))
    return Workbook(problems=[problem])


def _read(content: bytes, name: str, limits: Limits) -> Workbook:
    if len(content) > LARGEST_FILE:
        raise HostileError("file_too_large", f"{len(content) // (1024 * 1024)} MB")
    found = format_of(content)
    refused = refusal(found, content)
    if refused:
        lines: list[list[Value]] = [list(line) for line in lines_of(content)] if found is Format.UNKNOWN else []
        return Workbook([Sheet(SHEET, lines, [])] if lines else [], [refused])
    misnamed = unlike_its_name(found, name)
    problems = [misnamed] if misnamed else []
    opened = _open_file(content, found, problems)
    if opened is not None:
        return opened
    beside = texts_beside(Package(content)) if found in {Format.XLSX, Format.XLSM} else []
    if found is Format.CSV:
        table = read_text_table(content)
        sheets, problems = [Sheet(SHEET, [list(row) for row in table.rows], [])], [*problems, *table.problems]
    else:
        sheets = _sheets(content, found, limits)
    if all(sheet.is_empty for sheet in sheets) and not stopping(problems):
        problems.append(stops("empty_workbook"))
    return Workbook(sheets, problems, beside)


def _open_file(content: bytes, found: Format, problems: list[Problem]) -> Workbook | None:
    """Return what a JSON or a CSV with the headings of an open file says; None for anything else."""
    if found is Format.CSV:
        opened: OpenFile | Problem | None = read_open_csv(content)
    else:
        opened = read_open_json(content) if found is Format.JSON else None
    if isinstance(opened, OpenFile):
        return Workbook([Sheet(opened.sheet, opened.rows, [])], [*problems, *opened.problems], open=opened)
    if opened is None:
        return None
    lines: list[list[Value]] = [list(line) for line in lines_of(content)]
    return Workbook([Sheet(SHEET, lines, [])] if lines else [], [*problems, opened])


def _sheets(content: bytes, found: Format, limits: Limits) -> list[Sheet]:
    package = Package(content) if found in _SCANS else None
    with Reading(content, limits) as reading:
        seen = _SCANS[found](package) if package else scan_xls(content)
        try:
            read = reading.sheets()
        except UnreadableError:
            _name_the_trap(package, found)
            raise
    if len(read) > MOST_SHEETS:
        raise HostileError("too_many_sheets", str(len(read)))
    return [_sheet(each, seen.get(each.name, SheetScan())) for each in read]


def _name_the_trap(package: Package | None, found: Format) -> None:
    """Look at every row of a workbook the fast reader gave up. Raises HostileError when it is made to be unreadable."""
    if package and found in {Format.XLSX, Format.XLSM}:
        scan_xlsx(package, every_row=True)


def _sheet(read: ReadSheet, seen: SheetScan) -> Sheet:
    for (row, column), shown in seen.shown.items():
        if row < len(read.rows) and column < len(read.rows[row]):
            read.rows[row][column] = as_shown(read.rows[row][column], shown)
    merges = read.merges or seen.merges
    hidden = (not read.visible, frozenset(seen.hidden_rows), frozenset(seen.hidden_columns))
    return Sheet(read.name, read.rows, merges, *hidden, seen.unread, tuple(seen.beside))


def _given_up(error: UnreadableError) -> Problem:
    codes = {"encrypted": "encrypted_workbook", "died": "reader_gave_up", "too_large": "sheet_too_large"}
    return stops(codes.get(error.kind, "damaged_workbook"), str(error))
