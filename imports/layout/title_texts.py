"""The texts above a table, and the row that looks like a header where none is known."""

from collections.abc import Sequence

from imports.layout.other_lines import is_alone
from imports.layout.tables import Table, first_value
from imports.reading.cells import Value, cell_text
from imports.reading.reader import Sheet

_SHOWN_ROWS, _TITLE_ROWS = 30, 60
_FEWEST_CELLS, _MOST_COLUMNS = 3, 0.6


def texts_above(sheet: Sheet, tables: Sequence[Table]) -> list[str]:
    """Return the texts above the first table, cell by cell: the title block."""
    unknown = likely_header(sheet) if not tables else None
    last = tables[0].header if tables else _TITLE_ROWS if unknown is None else unknown
    return [text for row in sheet.rows[:last] for value in row if (text := cell_text(value))]


def texts_over(table: Table, first: Table) -> list[str]:
    """Return the texts of the title block of a table: those above it, or of one below another the lone lines over it.

    `first` is the first table of the sheet.
    """
    if table.header == first.header:
        return texts_above(table.sheet, [first])
    rows, start = table.sheet.rows, table.header
    while start > first.header and (first_value(rows[start - 1]) is None or is_alone(rows[start - 1])):
        start -= 1
    return [text for row in rows[start : table.header] for value in row if (text := cell_text(value))]


def headings_seen(sheet: Sheet) -> list[str]:
    """Return the texts of the row that looks most like a header, for the sentence that says none was found."""
    rows = [_texts(row) for row in sheet.rows[:_SHOWN_ROWS]]
    likely = likely_header(sheet)
    return rows[likely] if likely is not None else max(rows, key=len, default=[])


def likely_header(sheet: Sheet) -> int | None:
    """Return the row (0-based) that looks most like a header nobody knows, or None when nothing looks like a table.

    It is the first one of words alone in which most of the columns have some.
    """
    rows = [_texts(row) for row in sheet.rows[:_SHOWN_ROWS]]
    fullest = max(map(len, rows), default=0)
    full = [at for at, texts in enumerate(rows) if len(texts) >= max(_FEWEST_CELLS, fullest * _MOST_COLUMNS)]
    of_words = (at for at in full if not any(text[0].isdigit() for text in rows[at]))
    return next(of_words, full[0] if full else None)


def _texts(row: Sequence[Value]) -> list[str]:
    return [text for value in row if (text := cell_text(value))]
