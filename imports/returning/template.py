"""An agency's progress workbook, its open assignments filled in: what it sends back imports without retyping."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from sqlmodel import select

from models.assignment_tables import Document
from models.reference import register_of
from models.status import status_of
from models.status_table import StatusRow
from models.store import Store
from rules.status import CompletionLevel, Status
from texts import Language, date_text, official_date, say

_DONE = {Status.CANCELLED, Status.COMPLETED_ON_TIME, Status.COMPLETED_LATE}
_GIVEN, _ASSIGNING = ("number", "task", "deadline"), "assigning"
_ASKED = ("status", "result", "evidence", "completed", "difficulty", "proposal")
_WIDTHS = {"number": 6, "task": 48, "deadline": 22, _ASSIGNING: 22, "status": 18, "completed": 16}
_WIDTH = 28
_STATUSES = ("done", "in_progress", "not_started")
_LONGEST_TEXT = 32_767
_LINE_POINTS, _LETTER_WIDTH, _TALLEST = 17, 1.0, 409
_FACE = "Times New Roman"
_LINE = Side(style="thin")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_TO_FILL_IN = PatternFill("solid", start_color="FFFDF3D8")
_A4 = 9


@dataclass(frozen=True)
class Template:
    """The workbook's bytes, and how many open assignments stand in it."""

    content: bytes
    assignments: int


def write_template(
    store: Store,
    agency: str,
    *,
    as_of: date,
    known_at: datetime,
    level: CompletionLevel = CompletionLevel.EVIDENCED,
) -> Template:
    """Return the progress workbook of `agency` (a code of the register), to be filled in as of the day `as_of`.

    It holds the assignments the agency is accountable for that day and has not finished. With assignments of several
    documents, a column names each row's document.
    """
    table = status_of(store, as_of=as_of, known_at=known_at, agency=agency, level=level)
    rows = sorted((row for row in table.rows if row.status not in _DONE), key=_as_people_count)
    with store.reading() as session:
        name = register_of(session).by_code()[agency].name_vi
        issued = {document.code: document.issued_on for document in session.exec(select(Document))}
    documents = {code: _citation(code, issued[code]) for code in dict.fromkeys(row.document for row in rows)}
    workbook = _drawn(name, documents, rows, as_of)
    written = io.BytesIO()
    workbook.save(written)
    return Template(written.getvalue(), len(rows))


def _as_people_count(row: StatusRow) -> tuple[str, int, str, str]:
    """Order by document, then by number as a number: 2 before 10; then by period."""
    leading = re.match(r"\d{1,9}", row.number)
    return row.document, int(leading[0]) if leading else 0, row.number, row.period


def _citation(code: str, issued_on: date) -> str:
    return _word("citation", code=code, issued_on=official_date(issued_on))


def _drawn(name: str, documents: Mapping[str, str], rows: Sequence[StatusRow], as_of: date) -> Workbook:
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = _word("sheet")
    columns = (*_GIVEN, *((_ASSIGNING,) if len(documents) > 1 else ()), *_ASKED)
    header = _title(sheet, name, documents, as_of, len(columns))
    _header(sheet, header, columns)
    for at, row in enumerate(rows, start=header + 1):
        _record(sheet, at, columns, _given(row, documents))
    _checks(sheet, columns, header + 1, header + max(1, len(rows)))
    _page(sheet, header)
    _instructions(workbook.create_sheet(_word("instructions_sheet")))
    return workbook


def _title(sheet: Worksheet, name: str, documents: Mapping[str, str], as_of: date, last: int) -> int:
    """Write who reports on which document and as of when; return the row of the table's header."""
    _put(sheet, 1, 1, name.upper(), bold=True)
    _put(sheet, 2, 1, _word("title"), size=14, bold=True)
    if len(documents) < 2:  # noqa: PLR2004 - several documents stand in a column of their own
        _put(sheet, 3, 1, _word("about", citation="".join(documents.values())), italic=True)
    _put(sheet, 4, 1, _word("as_of", day=date_text(as_of)), italic=True, fill_in=True)
    for at in range(1, 5):
        sheet.merge_cells(start_row=at, start_column=1, end_row=at, end_column=last)
    return 6


def _header(sheet: Worksheet, at: int, columns: Sequence[str]) -> None:
    sheet.row_dimensions[at].height = 2 * _LINE_POINTS
    for position, column in enumerate(columns, start=1):
        _put(sheet, at, position, _word(f"column_{column}"), bold=True, boxed=True)
        sheet.cell(at, position).alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(position)].width = _WIDTHS.get(column, _WIDTH)


def _given(row: StatusRow, documents: Mapping[str, str]) -> Mapping[str, str | int]:
    deadline = row.deadline_text
    if row.period and row.due_on:
        deadline = _word("period", text=deadline, period=row.period, due_on=date_text(row.due_on))
    elif row.due_on != row.original_due_on and row.due_on:
        deadline = _word("extended", text=deadline, due_on=date_text(row.due_on))
    number = int(row.number) if row.number.isascii() and row.number.isdigit() else row.number
    return {"number": number, "task": row.task, "deadline": deadline, _ASSIGNING: documents[row.document]}


def _record(sheet: Worksheet, at: int, columns: Sequence[str], given: Mapping[str, str | int]) -> None:
    for position, column in enumerate(columns, start=1):
        _put(sheet, at, position, given.get(column, ""), boxed=True, fill_in=column in _ASKED)
        if column == "completed":
            sheet.cell(at, position).number_format = "dd/mm/yyyy"
    lines = max(_lines(column, value) for column, value in given.items())
    sheet.row_dimensions[at].height = min(_TALLEST, _LINE_POINTS * lines)


def _lines(column: str, value: str | int) -> int:
    """Return how many lines a value takes in its column, a little generously: Excel does not grow locked rows."""
    width = _WIDTHS.get(column, _WIDTH)
    return sum(max(1, ceil(len(part) * _LETTER_WIDTH / width)) for part in str(value).split("\n"))


def _put(  # noqa: PLR0913 - one keyword per thing a cell shows
    sheet: Worksheet,
    row: int,
    column: int,
    value: str | int,
    *,
    size: int = 12,
    bold: bool = False,
    italic: bool = False,
    boxed: bool = False,
    fill_in: bool = False,
) -> None:
    """Write one cell, locked unless it is to be filled in. Text stays text even when it begins like a formula."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:_LONGEST_TEXT] or None
        if cell.value is not None:
            # openpyxl makes a formula of "=…"; Excel would make one of an edited "+…" without the quote prefix.
            cell.data_type, cell.quotePrefix = "s", value.startswith(("=", "+", "-", "@"))
    else:
        cell.value = value
    cell.font = Font(name=_FACE, size=size, bold=bold, italic=italic)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    cell.protection = Protection(locked=not fill_in)
    if boxed:
        cell.border = _BOX
    if fill_in:
        cell.fill = _TO_FILL_IN


def _checks(sheet: Worksheet, columns: Sequence[str], first: int, last: int) -> None:
    """Offer the words for the status, and take only days as the day of completion."""
    words = ",".join(_word(f"status_{status}") for status in _STATUSES)
    status = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
    day = DataValidation(type="date", operator="greaterThan", formula1="DATE(2000,1,1)", allow_blank=True)
    for column, check in (("status", status), ("completed", day)):
        check.errorTitle, check.error = _word("wrong_title"), _word(f"wrong_{column}")
        check.showErrorMessage = True
        letter = get_column_letter(columns.index(column) + 1)
        check.add(f"{letter}{first}:{letter}{last}")
        sheet.add_data_validation(check)


def _page(sheet: Worksheet, header: int) -> None:
    """Set A4 landscape, the header on every page, and lock what is given (without a password: it only warns)."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    sheet.print_title_rows = f"{header}:{header}"
    sheet.freeze_panes = f"A{header + 1}"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


def _instructions(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 110
    lines = [say(f"template.instruction_{n}", language) for language in Language for n in range(1, 7)]
    for at, line in enumerate(lines, start=1):
        _put(sheet, at, 1, line, bold=at in (1, 7))
    sheet.protection.sheet = True


def _word(entry: str, **values: object) -> str:
    return say(f"template.{entry}", **values)
