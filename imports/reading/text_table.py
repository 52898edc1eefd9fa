"""Separated text (.csv) → rows of texts: how it is encoded and what separates its columns are found, and said."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from imports.problem import Problem, Severity, shown, stops
from imports.reading.cells import column_letters
from imports.reading.encodings import Decoded, decoded

SHEET = "CSV"
_SEPARATORS = ";,\t|"
_NAMED = {"\t": "Tab"}
_DECLARED = "sep="
_SAMPLE, _SAMPLE_ROWS = 64 * 1024, 500
_FEWEST_ROWS = 2
_CLEARLY = 4
_NARROW = 3
_REPLACED, _QUOTE = "\ufffd", '"'
_BREAK, _DAMAGED = re.compile(r"[\r\n]"), re.compile(_REPLACED)
_LOOK = 100
_MOST_ROWS, _MOST_COLUMNS, _MOST_CELLS = 1_048_576, 16_384, 5_000_000
Row = list[str]


@dataclass(frozen=True)
class TextTable:
    """The rows of a text table from row 1 on, equally wide.

    They are there also when a problem stops the file, so that marks of secrecy are seen before the problem's words.
    """

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class _TooLargeError(Exception):
    """The text has more rows, columns or cells than a sheet."""


def is_text_table(content: bytes) -> bool:
    """Whether the bytes begin as text in columns; letters and notes do not."""
    sample = content[:_SAMPLE]
    if len(content) > len(sample):
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    text = decoded(sample)
    if text is None:
        # Vietnamese text of an old encoding deserves a sentence of its own; bytes with zeros are no text at all.
        return b"\x00" not in sample and _separator(sample.decode("latin-1")) is not None
    return _separator(text.text) is not None


def read_text_table(content: bytes) -> TextTable:
    """Read separated text; every value stays the text it is. Whatever the bytes are, the answer is a value."""
    text = decoded(content)
    if text is None:
        return TextTable(problems=[stops("csv_unknown_encoding")])
    if text.letters_lost:
        return TextTable(lines_of(content), [stops("csv_letters_lost", text.word_lost)])
    separator = _separator(text.text)
    if separator is None:
        return TextTable(lines_of(content), [stops("not_a_workbook", text.text[:_LOOK])])
    try:
        rows = list(_records(_undeclared(text.text), separator.char))
    except (_TooLargeError, csv.Error) as error:
        return TextTable(lines_of(content), [stops("csv_too_large", str(error))])
    problems = [*_guesses(text, separator), *_swallowed(rows, separator, text.text), *_uneven(rows, separator.columns)]
    problems += _unreadable(rows, text.text)
    return TextTable(_equally_wide(rows), problems)


def lines_of(content: bytes) -> list[Row]:
    """Return the lines of a text that is no table, each a row of one cell: to be searched for marks of secrecy."""
    text = decoded(content)
    return [[line] for line in text.text.splitlines()] if text else []


@dataclass(frozen=True)
class _Separator:
    """What separates the columns, how many the table has, and whether no other mark could be meant."""

    char: str
    columns: int
    certain: bool


def _separator(text: str) -> _Separator | None:
    """Choose the mark by which most rows have the same number of columns, and the more columns the better."""
    declared = text[len(_DECLARED) :][:1] if _declares(text) else ""
    candidates = declared if declared and declared in _SEPARATORS else _SEPARATORS
    counted = sorted(((*_counted(_undeclared(text), char), char) for char in candidates), reverse=True)
    best, columns, char = counted[0]
    second = counted[1][0] if len(counted) > 1 else 0
    return _Separator(char, columns, best >= second * _CLEARLY) if best else None


def _counted(text: str, char: str) -> tuple[int, int]:
    """Return how many separators stand where most rows have them, and how many columns those rows have."""
    widths = [len(row) for row in _sample(text, char) if any(row)]
    scores = {columns: rows * (columns - 1) for columns, rows in Counter(widths).items() if rows >= _FEWEST_ROWS}
    score, columns = max(((score, columns) for columns, score in scores.items()), default=(0, 1))
    heading = next((width for width in widths if width >= columns), columns)
    return score, heading


def _sample(text: str, char: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text[:_SAMPLE], newline=""), delimiter=char)
    try:
        yield from islice(reader, _SAMPLE_ROWS)
    except csv.Error:
        return


def _declares(text: str) -> bool:
    return text[: len(_DECLARED)].lower() == _DECLARED


def _undeclared(text: str) -> str:
    """Return the text without its first line "sep=;", which Excel does not show either."""
    return text.partition("\n")[2] if _declares(text) else text


def _records(text: str, char: str) -> Iterator[Row]:
    """Yield the rows as written. Raises _TooLargeError, and csv.Error for a cell of more than 131,072 letters."""
    widest = 0
    for count, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=char), start=1):
        widest = max(widest, len(row))
        if count > _MOST_ROWS or widest > _MOST_COLUMNS or widest * count > _MOST_CELLS:
            raise _TooLargeError(f"{count} × {widest}")
        yield row


def _guesses(text: Decoded, separator: _Separator) -> Iterator[Problem]:
    """Yield what was guessed about the file as a whole."""
    if text.repaired:
        yield Problem("csv_letters_repaired", Severity.TO_CONFIRM, SHEET, found=shown(_first_with_letters(text.text)))
    if text.guessed or not separator.certain:
        values = {"separator": _NAMED.get(separator.char, separator.char)}
        yield Problem("csv_read_as", Severity.NOTE, SHEET, found=text.encoding, values=values)


def _swallowed(rows: Sequence[Row], separator: _Separator, text: str) -> Iterator[Problem]:
    """Yield the rows in which a quotation mark left open has taken in the rows below it."""
    if _QUOTE not in text:
        return
    begins_a_row = re.compile(rf"[\r\n]\s*\d+[.)]?\s*{re.escape(separator.char)}")
    left_open = len(rows) if text.count(_QUOTE) % 2 else 0
    for number, column, cell in _cells_with(_BREAK, rows):
        takes_in = begins_a_row.search(cell) and cell.count(separator.char) >= separator.columns - 1
        if takes_in or (number == left_open and column == len(rows[-1]) - 1):
            yield _in_cell("csv_unclosed_quote", Severity.STOPS, number, column, cell)


def _uneven(rows: Sequence[Row], columns: int) -> Iterator[Problem]:
    """Yield the rows below the first full one that do not have its columns, so that cells may stand under others.

    Programs leave out empty cells at the end of many rows at once; one row alone was written by hand.
    """
    first = next((at for at, row in enumerate(rows) if len(row) >= columns), len(rows))
    for at in range(first + 1, len(rows)):
        row = rows[at]
        if len(row) > columns and any(cell.strip() for cell in row[columns:]):
            yield _in_cell(
                "csv_row_too_wide", Severity.STOPS, at + 1, columns, row[columns], cells=len(row), columns=columns
            )
        elif _NARROW <= len(row) < columns and at + 1 < len(rows) and _full(rows[at - 1], rows[at + 1], columns):
            yield _in_cell("csv_row_too_narrow", Severity.TO_CONFIRM, at + 1, len(row) - 1, row[-1], columns=columns)


def _full(above: Row, below: Row, columns: int) -> bool:
    return len(above) >= columns <= len(below)


def _unreadable(rows: Sequence[Row], text: str) -> Iterator[Problem]:
    """Yield the cells in which bytes stand that are no letter of the encoding."""
    if _REPLACED in text:
        for number, column, cell in _cells_with(_DAMAGED, rows):
            yield _in_cell("unreadable_letter", Severity.TO_CONFIRM, number, column, cell)


def _cells_with(sign: re.Pattern[str], rows: Sequence[Row]) -> Iterator[tuple[int, int, str]]:
    """Yield the cells in which `sign` stands: the number of the row, the column's index, the text."""
    for number, row in enumerate(rows, start=1):
        if sign.search("".join(row)):
            yield from ((number, column, cell) for column, cell in enumerate(row) if sign.search(cell))


def _in_cell(code: str, severity: Severity, number: int, column: int, found: str, **values: object) -> Problem:
    return Problem(code, severity, SHEET, number, column_letters(column), shown(found), values)


def _equally_wide(rows: Sequence[Row]) -> list[Row]:
    """Return the rows without empty rows and columns at the end."""
    last = max((at for at, row in enumerate(rows) if any(row)), default=-1)
    kept = rows[: last + 1]
    width = max(map(len, kept), default=0)
    while width and not any(len(row) >= width and row[width - 1] for row in kept):
        width -= 1
    return [row if len(row) == width else row[:width] + [""] * (width - len(row)) for row in kept]


def _first_with_letters(text: str) -> str:
    """Return the first line beyond ASCII or with a question mark, so that a person sees what became of the letters."""
    lines = text.splitlines()
    return next((line for line in lines if "?" in line or not line.isascii()), lines[0] if lines else "")
