"""Where the tables of a sheet are: header rows found by meaning, not by position; footers end a table."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from imports.layout.accounting import Aside
from imports.layout.corrections import NO_CORRECTIONS, Correction, Corrections
from imports.layout.header import Block, Header, HeaderReader, Merges, may_be_header, merges_by_row
from imports.layout.headings import PROGRESS, Field, Headings
from imports.layout.other_lines import is_alone, is_footer, is_note, is_total, numbers_columns
from imports.layout.work_lines import counts, is_work, tells_more
from imports.reading.cells import Value, cell_text
from imports.reading.reader import Sheet
from rules.layout import TableKind

_MOST_LOOKED_AT = 2000
_LONGEST_NUMBERS_HEADING, _NUMBERS_BEGIN_WITHIN = 12, 3
_FIRST_NUMBERS = frozenset({"1", "01", "I", "A"})


@dataclass
class Table:
    """A table of a sheet: `columns` by meaning, `headings` by column, and the rows of its body (0-based).

    `below` are rows like work that stand under its footer and are not read. `beside` says that it stands to the right
    of another. `keys` name its columns and `fingerprint` them all, `correction` what a person said of them.
    `rivals` and `unsure` are the columns in doubt.
    """

    sheet: Sheet
    header: int
    kind: TableKind
    columns: Mapping[Field, int]
    headings: Mapping[int, str]
    periods: Mapping[int, str] = field(default_factory=dict)
    rivals: Mapping[int, int] = field(default_factory=dict)
    unsure: int | None = None
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
    """A sheet's tables from top to bottom and from left to right, and the rows that are no body, each with why.

    `unknown` are the headers of tables that no layout fits, and that have rows.
    """

    sheet: Sheet
    tables: list[Table] = field(default_factory=list)
    aside: dict[int, Aside] = field(default_factory=dict)
    unknown: list[int] = field(default_factory=list)


def find_tables(sheet: Sheet, headings: Headings) -> list[Table]:
    """Return the tables of `sheet`; a header repeated after a page break goes on with its table."""
    return lay_out(sheet, headings).tables


def lay_out(sheet: Sheet, headings: Headings, corrections: Corrections = NO_CORRECTIONS) -> LaidOut:
    """Return the tables of `sheet` and what its other rows are."""
    return _Finder(sheet, headings, corrections).find()


class _Finder:
    """Walks down a sheet; the next row belongs to the `open` tables under `header`, until their footer `ended` them.

    Rows under `unknown`, the header of a table that no layout fits, belong to none.
    """

    def __init__(self, sheet: Sheet, headings: Headings, corrections: Corrections) -> None:
        self.sheet, self.rows, self.knows = sheet, sheet.rows, headings.knows
        self.headings = headings
        self.merges = merges_by_row(sheet.merges)
        self.headers = HeaderReader(sheet, self.merges, headings, corrections)
        self.answer = LaidOut(sheet)
        self.open: list[Table] = []
        self.ended = False
        self.unknown: int | None = None
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
        if words and self._heads_unknown(at, words):
            self.unknown, self.ended = at, True
        if self.unknown is not None:
            self._leave_unknown(at, is_row=not words)
        elif not self.open:
            self.answer.aside[at] = Aside.TITLE
        elif numbers_columns(first, row):
            self.answer.aside[at] = Aside.COLUMN_NUMBERS
        elif self.ended:
            self._set_below(at)
        elif words and self._ends(at, words):
            self.answer.aside.setdefault(at, Aside.FOOTER)
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

    def _heads_unknown(self, at: int, first: str) -> bool:
        """Whether a row that is no header begins with the heading of the numbers all the same, and they begin below."""
        if len(first) > _LONGEST_NUMBERS_HEADING or not self.knows(first):
            return False
        if not any(meaning.field is Field.SEQ for meaning in self.headings.meanings([first])[0]):
            return False
        below = (first_value(row) for row in self.rows[at + 1 : at + 1 + _NUMBERS_BEGIN_WITHIN])
        of_words = all(isinstance(value, str) for value in self.rows[at])
        return of_words and any(cell_text(value).strip("().") in _FIRST_NUMBERS for value in below if value is not None)

    def _leave_unknown(self, at: int, *, is_row: bool) -> None:
        """Set a row of an unknown table aside; a header is one when rows stand under it."""
        self.answer.aside[at] = Aside.NO_TABLE
        if is_row and self.unknown is not None and self.unknown not in self.answer.unknown:
            self.answer.unknown.append(self.unknown)

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
        self.ended, self.unknown = False, None
        self.open = [self._table(at, block, beside=block is not header.blocks[0]) for block in header.blocks]
        self.answer.tables += self.open
        return header.depth

    def _repeat(self, at: int) -> int:
        self.answer.aside |= dict.fromkeys(range(at, at + len(self.header)), Aside.REPEATED_HEADER)
        self.ended, self.unknown = False, None
        return len(self.header)

    def _table(self, at: int, block: Block, *, beside: bool) -> Table:
        return Table(
            self.sheet,
            at,
            block.kind,
            block.columns.by_field,
            block.headings,
            block.columns.periods,
            block.columns.rivals,
            block.columns.unsure,
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
        if not is_footer(first, self.rows[at]) or self._is_work_beside(at, first):
            return False
        if is_note(first) and self._goes_on_after(at, note=True):
            self.answer.aside[at] = Aside.FOOTER
        else:
            self.ended = True
        return True

    def _is_work_beside(self, at: int, first: str) -> bool:
        """Whether the row is work, and a name like a signature's, "Bộ trưởng", only stands in its first column."""
        texts = [_texts_of(table, at) for table in self.open]
        return any(
            is_work(each) and each.get(_work(table)) != first for table, each in zip(self.open, texts, strict=True)
        )

    def _goes_on_after(self, at: int, *, note: bool = False) -> bool:
        """Whether the next line is a row of the table; below a note, which may be numbered too, it must say more."""
        below = next((row for row in range(at + 1, len(self.rows)) if first_value(self.rows[row]) is not None), None)
        if below is None:
            return False
        if not note and counts(self._says(below, Field.SEQ)):
            return True
        return any(tells_more(_texts_of(table, below)) for table in self.open)

    def _set_below(self, at: int) -> None:
        self.answer.aside[at] = Aside.FOOTER
        for table in self.open:
            if is_work(_texts_of(table, at)):
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


def _work(table: Table) -> Field:
    return Field.INDICATOR if table.lists_indicators else Field.TASK


def _texts_of(table: Table, at: int) -> dict[Field, str]:
    row = table.sheet.rows[at]
    return {field_: cell_text(row[column]) for field_, column in table.columns.items()}


def _text(table: Table, at: int, field_: Field) -> str:
    column = table.columns.get(field_)
    return "" if column is None else cell_text(table.sheet.rows[at][column])
