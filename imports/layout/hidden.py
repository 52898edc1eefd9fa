"""What Excel hides of a workbook: hidden rows and columns are read, a hidden sheet is not, and each is reported.

What Dondoc's own progress workbook hides (the references of its rows, the sheet of lists to choose from) is not, nor
that its instructions hold no table.
"""

from collections.abc import Collection, Sequence

from imports.layout.headings import Field
from imports.layout.tables import LaidOut, Table
from imports.problem import Problem, Severity
from imports.reading.cells import cell_text, column_letters
from imports.reading.reader import Sheet
from texts import say

_SHOWN, _ABOVE_THE_LIST = 10, 10


def hidden_sheet(laid_out: LaidOut, beside: Sequence[Table]) -> list[Problem]:
    """Say that a hidden sheet is not read: a note, or a question when a table stands in it; `beside` are those read."""
    sheet, tables = laid_out.sheet, laid_out.tables
    if tables:
        values = {"rows": sum(len(table.body) for table in tables)}
        place = (sheet.name, tables[0].header + 1)
        return [Problem("hidden_sheet_with_table", Severity.TO_CONFIRM, *place, values=values)]
    return [] if is_of_template(sheet, beside) else [Problem("hidden_sheet", Severity.NOTE, sheet.name)]


def is_of_template(sheet: Sheet, beside: Collection[Table]) -> bool:
    """Whether a sheet without a table belongs to a progress workbook of ours, whose tables are `beside`."""
    named = sheet.name in {say("template.lists_sheet"), say("template.instructions_sheet")}
    return named and any(Field.REFERENCE in table.columns for table in beside)


def is_list_of_problems(sheet: Sheet) -> bool:
    """Whether a sheet is the list in an annotated copy that came back: it quotes documents and days as examples.

    A sheet that is only called so, without the headings of the list, is read like any other.
    """
    if sheet.name != say("annotated.sheet"):
        return False
    ours = {say(f"annotated.column_{column}") for column in ("severity", "to_do", "code")}
    return any(ours <= {cell_text(value).partition("\n")[0] for value in row} for row in sheet.rows[:_ABOVE_THE_LIST])


def hidden_places(sheet: Sheet, tables: Sequence[Table], filled: Collection[int]) -> list[Problem]:
    """Say how many hidden rows and columns of the tables were read."""
    problems = []
    rows = sorted(sheet.hidden_rows.intersection(filled, (row for table in tables for row in table.body)))
    if rows:
        found = _listed([str(row + 1) for row in rows])
        values = {"count": len(rows)}
        problems.append(Problem("hidden_rows_read", Severity.NOTE, sheet.name, rows[0] + 1, None, found, values))
    meant = {column for table in tables for field, column in table.columns.items() if field is not Field.REFERENCE}
    columns = sorted(meant & sheet.hidden_columns)
    if columns:
        found, place = _listed([column_letters(column) for column in columns]), column_letters(columns[0])
        row, values = tables[0].header + 1, {"count": len(columns)}
        problems.append(Problem("hidden_columns_read", Severity.NOTE, sheet.name, row, place, found, values))
    return problems


def _listed(places: Sequence[str]) -> str:
    return ", ".join(places[:_SHOWN]) + (", …" if len(places) > _SHOWN else "")
