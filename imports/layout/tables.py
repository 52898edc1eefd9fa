"""Where the tables of a sheet are: header rows found by meaning, not by position; footers end a table."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from imports.layout.accounting import Aside
from imports.layout.corrections import NO_CORRECTIONS, Correction, Corrections
from imports.layout.header import Block, Header, HeaderReader, Merges, may_be_header, merges_by_row
from imports.layout.headings import PROGRESS, Field, Headings
from imports.layout.other_lines import is_alone, is_footer, is_total, numbers_columns
from imports.reading.cells import Value, cell_text
from imports.reading.reader import Sheet
from rules.layout import TableKind

_SHOWN_ROWS, _TITLE_ROWS = 30, 60
_FEWEST_CELLS, _MOST_COLUMNS = 3, 0.6
_MOST_LOOKED_AT = 2000
_COUNTS = re.compile(r"^(?:(?=.*\d)[\w.]{1,12}|[IVXLC]{1,6}|[A-ZĐ])[.)]?$")


@dataclass
class Table:
    """A table of a sheet: `columns` by meaning, `headings` by column, and the rows of its body (0-based).

    `below` are rows like work that stand under its footer and are not read. `beside` says that it stands to the right
    of another. `keys` name its columns and `fingerprint` them all, `correction` what a person said of them.
    """

    sheet: Sheet
    header: int
    kind: TableKind
    columns: Mapping[Field, int]
    headings: Mapping[int, str]
    periods: Mapping[int, str] = field(default_factory=dict)
    keys: Mapping[int, str] = field(default_factory=dict)
    fingerprint: str = ""
    correction: Correction | None = None
    beside: bool = False
    merges: Merges = field(default_factory=dict)
    body: list[int] = field(default_factory=list)
    below: list[int] = field(default_factory=list)

    @property
    def reports_progress(self) -> bool:
        """Whether it has a column for what was done, or for an indicator's value now, so that it assigns nothing."""
        return bool(PROGRESS & self.columns.keys()) or {Field.INDICATOR, Field.ACTUAL} <= self.columns.keys()

    @property
    def lists_indicators(self) -> bool:
        """Whether its rows are indicators and no tasks."""
        return self.kind is TableKind.INDICATORS

    def corrected(self) -> list[str]:
        """Return the headings a person gave another meaning, from left to right."""
        fields = self.correction.fields if self.correction else {}
        return [self.headings[column] for column, key in sorted(self.keys.items()) if key in fields]

    def not_read(self, fields: Collection[Field]) -> dict[int, str]:
        """Return the headings of the columns from which a reader of `fields` takes nothing, from left to right."""
        read = {column for meaning, column in self.columns.items() if meaning in fields} | self.periods.keys()
        return {column: text for column, text in sorted(self.headings.items()) if column not in read}


@dataclass
class LaidOut:
    """A sheet's tables from top to bottom and from left to right, and the rows that are no body, each with why."""

    sheet: Sheet
    tables: list[Table] = field(default_factory=list)
    aside: dict[int, Aside] = field(default_factory=dict)


def find_tables(sheet: Sheet, headings: Headings) -> list[Table]:
    """Return the tables of `sheet`; a header repeated after a page break goes on with its table."""
    return lay_out(sheet, headings).tables


def lay_out(sheet: Sheet, headings: Headings, corrections: Corrections = NO_CORRECTIONS) -> LaidOut:
    """Return the tables of `sheet` and what its other rows are."""
    return _Finder(sheet, headings, corrections).find()


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


class _Finder:
    """Walks down a sheet; the next row belongs to the `open` tables under `header`, until their footer `ended` them."""

    def __init__(self, sheet: Sheet, headings: Headings, corrections: Corrections) -> None:
        self.sheet, self.rows, self.knows = sheet, sheet.rows, headings.knows
        self.merges = merges_by_row(sheet.merges)
        self.headers = HeaderReader(sheet, self.merges, headings, corrections)
        self.answer = LaidOut(sheet)
        self.open: list[Table] = []
        self.ended = False
        self.header: list[list[Value]] = [[]]
        self.no_headers: set[tuple[Value, ...]] = set()
        self.looked_at = 0

    def find(self) -> LaidOut:
        at = 0
        while at < len(self.rows):
            at += self._take(at)
        return self.answer

    def _take(self, at: int) -> int:
        """Take the row at `at`, and with a header all its rows; return how many."""
        row = self.rows[at]
        first = first_value(row)
        if first is None:
            self._add(at)
            return 1
        words = first if isinstance(first, str) and not first[0].isdigit() else ""
        if words and row == self.header[0] and self.rows[at : at + len(self.header)] == self.header:
            return self._repeat(at)
        header = self._header(at) if words and may_be_header(row, self.knows) else None
        if header:
            return self._begin(at, header)
        if not self.open:
            self.answer.aside[at] = Aside.TITLE
        elif numbers_columns(first, row):
            self.answer.aside[at] = Aside.COLUMN_NUMBERS
        elif self.ended or (words and self._ends(at, words)):
            self._set_below(at)
        else:
            self._add(at)
        return 1

    def _header(self, at: int) -> Header | None:
        """Return the header at `at`; rows alike are looked at once, and only so many that are all different."""
        key = tuple(self.rows[at])
        if key in self.no_headers or self.looked_at == _MOST_LOOKED_AT:
            return None
        self.looked_at += 1
        header = self.headers.at(at)
        if header is None:
            self.no_headers.add(key)
        return header

    def _add(self, at: int) -> None:
        if not self.ended:
            for table in self.open:
                table.body.append(at)

    def _begin(self, at: int, header: Header) -> int:
        """Begin the tables of a header, or go on with those it repeats; return how many rows it has."""
        self.header = self.rows[at : at + header.depth]
        if len(self.open) == len(header.blocks) and all(map(_repeats, header.blocks, self.open)):
            return self._repeat(at)
        self.answer.aside |= dict.fromkeys(range(at, at + header.depth), Aside.HEADER)
        self._leave_title(at)
        self.ended = False
        self.open = [self._table(at, block, beside=block is not header.blocks[0]) for block in header.blocks]
        self.answer.tables += self.open
        return header.depth

    def _repeat(self, at: int) -> int:
        self.answer.aside |= dict.fromkeys(range(at, at + len(self.header)), Aside.REPEATED_HEADER)
        self.ended = False
        return len(self.header)

    def _table(self, at: int, block: Block, *, beside: bool) -> Table:
        return Table(
            self.sheet,
            at,
            block.kind,
            block.columns.by_field,
            block.headings,
            block.columns.periods,
            block.keys,
            block.fingerprint,
            block.correction,
            beside=beside,
            merges=self.merges,
        )

    def _leave_title(self, at: int) -> None:
        """Take lone lines between an empty row and the header at `at` from the table above: they are its title."""
        start = at
        while start and first_value(self.rows[start - 1]) is not None and is_alone(self.rows[start - 1]):
            start -= 1
        if start and first_value(self.rows[start - 1]) is None:
            for table in self.open:
                while table.body and table.body[-1] >= start:
                    self.answer.aside[table.body.pop()] = Aside.TITLE

    def _ends(self, at: int, first: str) -> bool:
        """Whether the row at `at` begins the footer; a total over further rows is set aside and ends nothing."""
        if is_total(first):
            if any(self._says(at, field_) for field_ in (Field.LEAD, Field.DEADLINE)):
                return False
            self.ended = not self._goes_on_after(at)
            self.answer.aside[at] = Aside.FOOTER if self.ended else Aside.TOTAL
            return True
        self.ended = is_footer(first, self.rows[at])
        return self.ended

    def _goes_on_after(self, at: int) -> bool:
        below = next((row for row in range(at + 1, len(self.rows)) if first_value(self.rows[row]) is not None), None)
        return below is not None and bool(_COUNTS.match(self._says(below, Field.SEQ)))

    def _set_below(self, at: int) -> None:
        self.answer.aside.setdefault(at, Aside.FOOTER)
        if self.ended:
            for table in self.open:
                if _COUNTS.match(_text(table, at, Field.SEQ)) and _text(table, at, Field.TASK):
                    table.below.append(at)

    def _says(self, at: int, field_: Field) -> str:
        return next((text for table in self.open if (text := _text(table, at, field_))), "")


def first_value(row: Sequence[Value]) -> Value | None:
    """Return the first value of a row that is not blank, or None; made to be asked of every row."""
    for value in row:
        if value.__class__ is str:
            if value and not value.isspace():
                return value
        elif value is not None and value is not False:
            return value
    return None


def _repeats(block: Block, table: Table) -> bool:
    same_headings = block.fingerprint == table.fingerprint and block.headings.keys() == table.headings.keys()
    return same_headings or block.columns.by_field == table.columns


def _text(table: Table, at: int, field_: Field) -> str:
    column = table.columns.get(field_)
    return "" if column is None else cell_text(table.sheet.rows[at][column])
