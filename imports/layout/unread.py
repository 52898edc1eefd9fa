"""What stands in a table and is not read: cells without a value, columns nobody asks for, columns without a name."""

from collections.abc import Collection, Mapping, Sequence

from imports.layout.accounting import Aside
from imports.layout.headings import Field
from imports.layout.tables import Table
from imports.problem import Problem, Severity, shown
from imports.reading.cells import cell_text, column_letters

_NAMES_A_ROW = frozenset({Field.SEQ, Field.TASK})


def unread_cells(table: Table) -> list[Problem]:
    """Return the cells in error and the formulas without a value that stand in the table's columns."""
    unread = table.sheet.unread
    if not unread:
        return []
    meanings = dict.fromkeys(table.periods, Field.DEADLINE) | {column: f for f, column in table.columns.items()}
    body = set(table.body)
    problems = []
    for (row, column), found in unread.items():
        if column in meanings and row in body:
            severity = Severity.STOPS if meanings[column] in _NAMES_A_ROW else Severity.TO_CONFIRM
            place = (table.sheet.name, row + 1, column_letters(column))
            problems.append(Problem("formula_error", severity, *place, found))
    return problems


def unread_columns(table: Table, fields: Collection[Field]) -> list[Problem]:
    """Return the headed columns from which a reader of `fields` takes nothing, and what is in doubt of the others."""
    read = {column for field, column in table.columns.items() if field in fields}
    rivals = {column: kept for column, kept in table.rivals.items() if kept in read}
    place = (table.sheet.name, table.header + 1)
    problems = [
        Problem("column_not_read", Severity.NOTE, *place, column_letters(column), shown(text))
        for column, text in table.not_read(fields).items()
        if column not in rivals
    ]
    for column, kept in sorted(rivals.items()):
        values = {"kept": column_letters(kept), "kept_heading": shown(table.headings.get(kept, ""))}
        heading = shown(table.headings.get(column, ""))
        at = (*place, column_letters(column))
        problems.append(Problem("two_columns_for_one", Severity.TO_CONFIRM, *at, heading, values))
    if table.unsure is not None and table.unsure in read:
        heading = shown(table.headings.get(table.unsure, ""))
        at = (*place, column_letters(table.unsure))
        problems.append(Problem("deadlines_or_progress", Severity.TO_CONFIRM, *at, heading))
    return problems


def nameless_columns(tables: Sequence[Table], aside: Mapping[int, Aside]) -> list[Problem]:
    """Return the columns of a sheet with something beside the tables' rows and no heading; group rows need none."""
    if not tables:
        return []
    sheet = tables[0].sheet
    named = {column for table in tables for column in (*table.headings, *table.columns.values())}
    body = [row for table in tables for row in table.body if aside.get(row) is not Aside.GROUP]
    problems = []
    for column in set(range(len(sheet.rows[0]))) - named:
        filled = (row for row in body if sheet.rows[row][column] != "")
        first = next(((row, text) for row in filled if (text := cell_text(sheet.rows[row][column]))), None)
        if first:
            place = (sheet.name, first[0] + 1, column_letters(column))
            problems.append(Problem("column_without_heading", Severity.NOTE, *place, shown(first[1])))
    return problems
