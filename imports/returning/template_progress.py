"""The sheet of a template on which progress is reported: one row per open assignment."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from imports.returning.template_cells import Column, Grid, Look, Value, put_table, put_title, set_page, word
from models.status_table import StatusRow
from texts import date_text

STATUSES = ("done", "in_progress", "not_started")
_ASSIGNING = Column("assigning", 18)
_GIVEN = (Column("number", 6, Look.NUMBER), Column("task", 40), Column("deadline", 18))
_ASKED = (
    Column("status", 14, Look.ASKED),
    Column("result", 34, Look.ASKED),
    Column("evidence", 26, Look.ASKED),
    Column("completed", 14, Look.DAY),
    Column("difficulty", 26, Look.ASKED),
    Column("proposal", 26, Look.ASKED),
    Column("addressed_to", 22, Look.ASKED),
    Column("needed_by", 13, Look.DAY),
    Column("extension", 13, Look.DAY),
    Column("extension_reason", 20, Look.ASKED),
)
_REFERENCE = Column("reference", 24, hidden=True)
_DAYS = ("completed", "needed_by", "extension")
_HEADER = 6


def draw_progress(
    workbook: Workbook,
    name: str,
    rows: Sequence[StatusRow],
    documents: Mapping[str, str],
    *,
    as_of: date,
    agencies: str,
) -> None:
    """Draw the sheet for the agency `name`; `documents` cites each by its code, `agencies` is a range of names."""
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = word("sheet")
    several = len(documents) > 1
    columns = (*_GIVEN, *((_ASSIGNING,) if several else ()), *_ASKED, _REFERENCE)
    about = "" if several else word("about", citation="".join(documents.values()))
    as_of_line = word("as_of", day=date_text(as_of))
    title = [(name.upper(), Look.STRONG), (word("title"), Look.TITLE), (about, Look.LINE), (as_of_line, Look.DAY_LINE)]
    put_title(sheet, title, len(columns) - 1)
    grid = Grid(sheet, _HEADER, columns, len(rows))
    put_table(grid, [_given(row, documents) for row in rows])
    _check(grid, agencies)
    # One page wide, thirteen columns would print in letters too small to read.
    set_page(grid, pages_wide=2)


def _given(row: StatusRow, documents: Mapping[str, str]) -> Mapping[str, Value]:
    deadline = row.deadline_text
    if row.period and row.due_on:
        deadline = word("period", text=deadline, period=row.period, due_on=date_text(row.due_on))
    elif row.due_on != row.original_due_on and row.due_on:
        deadline = word("extended", text=deadline, due_on=date_text(row.due_on))
    return {
        "number": figure_or_text(row.number),
        "task": row.task,
        "deadline": deadline,
        "assigning": documents[row.document],
        "reference": row.code,
    }


def figure_or_text(number: str) -> Value:
    """Return a plain number as a number, so that Excel does not complain about text."""
    return int(number) if number.isascii() and number.isdigit() and number == str(int(number)) else number


def _check(grid: Grid, agencies: str) -> None:
    """Offer the words for the status and the agencies of the register, and take only days as days."""
    grid.check("status", _one_of(f'"{",".join(_words())}"'))
    grid.check("addressed_to", _one_of(agencies))
    for day in _DAYS:
        grid.check(day, DataValidation(type="date", operator="greaterThan", formula1="DATE(2000,1,1)"))


def _words() -> Iterable[str]:
    return (word(f"status_{status}") for status in STATUSES)


def _one_of(choices: str) -> DataValidation:
    return DataValidation(type="list", formula1=choices)
