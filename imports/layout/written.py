"""A workbook as written: its title block, the rows of its tables, and what could not be read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from imports.layout.headings import Field
from imports.layout.rows import WrittenRow, written_rows
from imports.layout.tables import Table, find_tables, headings_seen, texts_above
from imports.layout.title_block import TitleBlock, read_title_block
from imports.meaning.assignment_rows import ASSIGNS
from imports.meaning.progress_rows import REPORTS
from imports.problem import Problem, Severity, shown, stops
from imports.reading.cells import column_letters
from imports.reading.package_scan import unread_cells
from imports.reading.reader import Sheet
from rules.leads import LeadReader
from rules.register import Register

_NAMES_A_ROW = frozenset({Field.SEQ, Field.TASK})
# A report gives these back as the annex has them, for people to read: nothing is lost by not reading them.
_GIVEN_BACK = frozenset({Field.PRODUCT, Field.COORDINATING, Field.ASSIGNED_DATE})
_REPORTED = REPORTS | _GIVEN_BACK


@dataclass
class Written:
    """`reports_progress` says of the whole workbook that it reports; then tables without such columns are set aside."""

    title: TitleBlock = field(default_factory=TitleBlock)
    rows: list[WrittenRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    reports_progress: bool = False
    lacks_leads: bool = False


def read_written(content: bytes, sheets: Sequence[Sheet], register: Register, today: date) -> Written:
    """Find the tables of every sheet and read their rows as written."""
    tables = [(sheet, find_tables(sheet)) for sheet in sheets]
    found = [table for _, of_sheet in tables for table in of_sheet]
    above = [text for sheet, of_sheet in tables for text in texts_above(sheet, of_sheet)]
    title = read_title_block(above, LeadReader(register, today))
    if not found:
        seen = max((headings_seen(sheet) for sheet in sheets), key=len)
        return Written(title, problems=[stops("no_table", " | ".join(seen))])
    written = Written(title, reports_progress=any(table.reports_progress for table in found))
    written.lacks_leads = all(Field.LEAD not in table.columns for table in found)
    for sheet, of_sheet in tables:
        if not of_sheet and not sheet.is_empty:
            written.problems.append(Problem("sheet_without_table", Severity.NOTE, sheet.name))
        for table in of_sheet:
            _take(written, table)
    if not written.rows and not any(problem.severity is Severity.STOPS for problem in written.problems):
        written.problems.append(stops("empty_table"))
    written.problems += _unread(content, found)
    return written


def _take(written: Written, table: Table) -> None:
    if written.reports_progress and not table.reports_progress:
        place = (table.sheet.name, table.header + 1)
        written.problems.append(Problem("table_set_aside", Severity.NOTE, *place))
        return
    read = written_rows(table)
    written.rows += read.rows
    written.problems += read.problems
    written.problems += [
        Problem(
            "column_not_read", Severity.NOTE, table.sheet.name, table.header + 1, column_letters(column), shown(text)
        )
        for column, text in table.not_read(_REPORTED if written.reports_progress else ASSIGNS).items()
    ]


def _unread(content: bytes, tables: Sequence[Table]) -> list[Problem]:
    """Return the cells in error and the formulas without a value that stand in the tables."""
    problems = []
    for cell in unread_cells(content):
        for table in (table for table in tables if table.sheet.name == cell.sheet):
            meant = {column_letters(column): meaning for meaning, column in table.columns.items()}.get(cell.column)
            if meant is not None and cell.row - 1 in table.body:
                severity = Severity.STOPS if meant in _NAMES_A_ROW else Severity.TO_CONFIRM
                problems.append(Problem("formula_error", severity, cell.sheet, cell.row, cell.column, cell.found))
    return problems
