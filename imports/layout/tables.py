"""Where the tables of a sheet are: header rows found by meaning, not by position; footers end a table."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from imports.layout.headings import LONGEST_HEADING, PROGRESS, Field, column_field, heading, in_context
from imports.reading.cells import Value, cell_text
from imports.reading.reader import Sheet
from rules.folding import fold

_DEEPEST_HEADER = 4
_SAMPLE = 30
_NUMBER = re.compile(r"^\(?\s*(\d{1,2})\s*\)?(?:\s*=.*)?$")
_FOOTER = re.compile(
    r"^\W*(?:noi nhan|nguoi lap(?: bieu)?\b|tm\.|kt\.|tl\.|tuq\.|tong (?:cong|so)\b|ghi chu\s*:|chu thich|luu\s*:)"
)
_SAYS_WHO_OR_WHEN = frozenset({Field.LEAD, Field.DEADLINE}) | PROGRESS


@dataclass
class Table:
    """A table of a sheet: `columns` by meaning, `headings` by column, and the rows of its body (0-based)."""

    sheet: Sheet
    header: int
    columns: dict[Field, int]
    headings: dict[int, str]
    body: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)

    @property
    def reports_progress(self) -> bool:
        """Whether it has a column for what was done, so that it reports and does not assign."""
        return bool(PROGRESS & self.columns.keys())

    def not_read(self, fields: Collection[Field]) -> dict[int, str]:
        """Return the headings of the columns from which a reader of `fields` takes nothing, from left to right."""
        read = {column for meaning, column in self.columns.items() if meaning in fields}
        return {column: text for column, text in sorted(self.headings.items()) if column not in read}


def find_tables(sheet: Sheet) -> list[Table]:
    """Return the tables of `sheet` from top to bottom; a header repeated after a page break goes on with its table."""
    tables: list[Table] = []
    at, ended = 0, True
    while at < len(sheet.rows):
        header = _header_at(sheet, at)
        if header is not None:
            found, depth = header
            ended = False
            if not tables or tables[-1].columns != found.columns:
                tables.append(found)
            at += depth
            continue
        if tables and not _numbers_columns(sheet.rows[at]):
            ended = ended or _is_footer(sheet.rows[at])
            (tables[-1].after if ended else tables[-1].body).append(at)
        at += 1
    return tables


def texts_above(sheet: Sheet, tables: Sequence[Table]) -> list[str]:
    """Return the texts above the first table, cell by cell: the title block."""
    last = tables[0].header if tables else len(sheet.rows)
    return [text for row in sheet.rows[:last] for value in row if (text := cell_text(value))]


def headings_seen(sheet: Sheet) -> list[str]:
    """Return the texts of the row that looks most like a header, for the sentence that says none was found."""
    rows = [[text for value in row if (text := cell_text(value))] for row in sheet.rows[:_SAMPLE]]
    return max(rows, key=len, default=[])


def _header_at(sheet: Sheet, at: int) -> tuple[Table, int] | None:
    row = sheet.rows[at]
    if sum(_may_be_heading(value) for value in row) < 2:  # noqa: PLR2004  one heading makes no table
        return None
    depth = _depth(sheet, at)
    tiers = _tiers(sheet, at, depth)
    fields = {column: found for column, texts in tiers.items() if (found := column_field(texts))}
    lowest = {column: texts[-1] for column, texts in tiers.items() if texts}
    fields = in_context(fields, lowest, _samples(sheet, at + depth, fields))
    if not _makes_a_table(set(fields.values())):
        return None
    columns: dict[Field, int] = {}
    for column, meaning in sorted(fields.items()):
        columns.setdefault(meaning, column)
    return Table(sheet, at, columns, lowest), depth


def _may_be_heading(value: Value) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_HEADING and heading(cell_text(value)) is not None


def _makes_a_table(fields: set[Field]) -> bool:
    if Field.TASK in fields:
        return bool(fields & _SAYS_WHO_OR_WHEN)
    return bool(fields & {Field.SEQ, Field.TASK_CODE}) and bool(fields & PROGRESS) and Field.INDICATOR not in fields


def _depth(sheet: Sheet, at: int) -> int:
    """Count the header's rows: as deep as its merged cells reach, or as rows of known headings follow."""
    merged = max((last[0] - at + 1 for first, last in sheet.merges if first[0] == at), default=1)
    if merged > 1:
        return min(merged, _DEEPEST_HEADER)
    depth = 1
    while depth < _DEEPEST_HEADER and at + depth < len(sheet.rows) and _is_lower_tier(sheet, at + depth):
        depth += 1
    return depth


def _is_lower_tier(sheet: Sheet, at: int) -> bool:
    texts = [value for value in sheet.rows[at] if value not in ("", None)]
    above = sheet.rows[at - 1]
    free = any(value in ("", None) for value, over in zip(sheet.rows[at], above, strict=False) if over)
    return bool(texts) and free and all(_may_be_heading(value) for value in texts)


def _tiers(sheet: Sheet, at: int, depth: int) -> dict[int, list[str]]:
    """Return the heading texts over each column, top tier first; a merged heading stands over all it covers."""
    width = len(sheet.rows[at])
    grid = [[cell_text(value) for value in sheet.rows[row]] for row in range(at, min(at + depth, len(sheet.rows)))]
    for (top, left), (bottom, right) in sheet.merges:
        if at <= top < at + len(grid) and bottom < at + depth:
            for column in range(left + 1, min(right + 1, width)):
                grid[top - at][column] = grid[top - at][left]
    return {column: [line[column] for line in grid if line[column]] for column in range(width)}


def _samples(sheet: Sheet, first: int, columns: dict[int, Field]) -> dict[int, list[str]]:
    rows = sheet.rows[first : first + _SAMPLE]
    return {column: [text for row in rows if (text := cell_text(row[column]))] for column in columns}


def _numbers_columns(row: Sequence[Value]) -> bool:
    """Whether the row only numbers the columns: (1) (2) (3)."""
    numbers = list(_column_numbers(row))
    return len(numbers) > 2 and numbers == list(range(numbers[0] or 0, (numbers[0] or 0) + len(numbers)))  # noqa: PLR2004


def _column_numbers(row: Sequence[Value]) -> Iterator[int | None]:
    for text in map(cell_text, row):
        if text:
            match = _NUMBER.match(text)
            yield int(match[1]) if match else None
            if not match:
                return


def _is_footer(row: Sequence[Value]) -> bool:
    first = next((value for value in row if value not in ("", None)), "")
    return isinstance(first, str) and bool(_FOOTER.match(fold(first[:LONGEST_HEADING])))
