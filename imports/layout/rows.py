"""The rows of a table as written: groups become sections, merged cells are spread, continuations join their row."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from imports.layout.headings import PROGRESS, Field
from imports.layout.tables import Table
from imports.problem import Problem, Severity, shown
from imports.reading.cells import Value, address, cell_text

_GROUP_NUMBER = re.compile(r"^(?:[IVXLC]+|[A-ZĐ])[.)]?$")
_NUMBER = re.compile(r"^(?=.*\d)[\w.]+[.)]?$")
_LETTER_ITEM = re.compile(r"^[a-zđ][.)]?$")
_OWN_WORK = (Field.LEAD, Field.DEADLINE)
_SAYS_MORE = frozenset({Field.LEAD, Field.COORDINATING, Field.DEADLINE, Field.PRODUCT}) | PROGRESS


@dataclass
class WrittenRow:
    """One row of work as written: its number, the group it stands in, each field's text, value and cell."""

    sheet: str
    row: int
    number: str
    section: str = ""
    texts: dict[Field, str] = field(default_factory=dict)
    values: dict[Field, Value] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)

    def problem(
        self, code: str, severity: Severity, column: Field, found: str | None = None, **values: object
    ) -> Problem:
        """Return a problem at one of this row's cells."""
        letters = self.cells.get(column, "").rstrip("0123456789") or None
        found = self.texts.get(column, "") if found is None else found
        return Problem(code, severity, self.sheet, self.row, letters, shown(found), values)


@dataclass
class TableRows:
    """The rows of a table, and what is to be said about rows that are none."""

    rows: list[WrittenRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def written_rows(table: Table) -> TableRows:
    """Return the rows of work of `table` in order."""
    return _RowReader(table).read()


class _RowReader:
    """Walks down a table; knows the group it is in and the row a continuation would join."""

    def __init__(self, table: Table) -> None:
        self.table, self.sheet = table, table.sheet
        self.anchors = _spread(table)
        self.answer = TableRows()
        self.section = ""
        self.above: WrittenRow | None = None
        self.numbered = any(self._own(at, Field.SEQ) or self._own(at, Field.TASK_CODE) for at in table.body)

    def read(self) -> TableRows:
        for at in self.table.body:
            texts = {field: text for field in self.table.columns if (text := self._own(at, field))}
            if texts:
                self._take(at, texts)
            elif not any(cell_text(value) for value in self.sheet.rows[at]):
                self.above = None
        self._drop_groups_numbered_as_rows()
        return self.answer

    def _take(self, at: int, texts: dict[Field, str]) -> None:
        number = self._number(at, texts)
        group = self._group(texts)
        if group:
            self.section, self.above = group, None
        elif number:
            self._begin(at, number)
        elif self.above is not None and not all(field in texts for field in _OWN_WORK):
            self._go_on(at, texts)
        elif Field.TASK in texts and any(field in texts for field in _SAYS_MORE):
            self._complain("row_without_number", Severity.STOPS, at, texts[Field.TASK])
        elif len(texts) == 1:
            self.section = next(iter(texts.values()))
        else:
            self._complain("row_set_aside", Severity.NOTE, at, " | ".join(texts.values()))

    def _number(self, at: int, texts: dict[Field, str]) -> str:
        """Return the row's number: as written, of the merged cell it hangs on, or its place when none is numbered."""
        if not self.numbered:
            return str(len(self.answer.rows) + 1) if Field.TASK in texts else ""
        written = texts.get(Field.SEQ) or texts.get(Field.TASK_CODE, "")
        if not written and self.table.reports_progress and PROGRESS & texts.keys():
            anchor = self.anchors.get((at, self.table.columns.get(Field.SEQ, -1)))
            written = "" if anchor is None else cell_text(self.sheet.rows[anchor][self.table.columns[Field.SEQ]])
        if _LETTER_ITEM.match(written) and self.answer.rows:
            return f"{self.answer.rows[-1].number.split('.')[0]}.{written.rstrip('.)')}"
        return normal_number(written)

    def _group(self, texts: dict[Field, str]) -> str:
        """Return the heading of a group of rows, or nothing."""
        first = texts.get(Field.SEQ, "")
        if len(texts) == 1 and first and not _NUMBER.match(first):
            return first
        if _GROUP_NUMBER.match(first) and not _SAYS_MORE & texts.keys():
            return " ".join((first if first.endswith((".", ")")) else f"{first}.", texts.get(Field.TASK, ""))).strip()
        if len(texts) == 1 and Field.TASK in texts and (self.above is None or texts[Field.TASK].isupper()):
            return texts[Field.TASK]
        return ""

    def _begin(self, at: int, number: str) -> None:
        row = WrittenRow(self.sheet.name, at + 1, number, self.section)
        for field_, column in self.table.columns.items():
            source = at if self._own(at, field_) else self.anchors.get((at, column), at)
            value = self.sheet.rows[source][column]
            row.texts[field_], row.values[field_] = cell_text(value), value
            row.cells[field_] = address(source, column)
        self.answer.rows.append(row)
        self.above = row

    def _go_on(self, at: int, texts: dict[Field, str]) -> None:
        above = self.above
        assert above is not None
        for field_, text in texts.items():
            above.texts[field_] = "\n".join(filter(None, (above.texts.get(field_, ""), text)))
            above.values[field_] = above.texts[field_]
        found = " | ".join(texts.values())
        self._complain("row_continues", Severity.NOTE, at, found, above=above.row)

    def _drop_groups_numbered_as_rows(self) -> None:
        """Make a heading of "1 | Thể chế" when it says no more and "1.1" follows."""
        kept: list[WrittenRow] = []
        rows = self.answer.rows
        for row, below in zip_longest(rows, rows[1:]):
            heads = below is not None and below.number.startswith(f"{row.number}.")
            if heads and not any(row.texts.get(field_) for field_ in _SAYS_MORE):
                _put_under(f"{row.number}. {row.texts.get(Field.TASK, '')}", row.number, rows)
            else:
                kept.append(row)
        self.answer.rows = kept

    def _own(self, at: int, field_: Field) -> str:
        column = self.table.columns.get(field_)
        return "" if column is None else cell_text(self.sheet.rows[at][column])

    def _complain(self, code: str, severity: Severity, at: int, found: str, **values: object) -> None:
        self.answer.problems.append(Problem(code, severity, self.sheet.name, at + 1, None, shown(found), values))


def normal_number(text: str) -> str:
    """Return a TT number without its dot or bracket: "1." is 1, "01" is 1, "I.2.a)" is I.2.a."""
    bare = "".join(text.split()).strip(".)(")
    return str(int(bare)) if bare.isdecimal() else bare


def _put_under(heading: str, number: str, rows: Sequence[WrittenRow]) -> None:
    for row in rows:
        if row.number.startswith(f"{number}."):
            row.section = heading


def _spread(table: Table) -> dict[tuple[int, int], int]:
    """Map each cell covered by a cell merged downwards to the row whose value it shows."""
    columns, last = set(table.columns.values()), len(table.sheet.rows) - 1
    return {
        (row, column): top
        for (top, left), (bottom, right) in table.sheet.merges
        if bottom > top and left == right
        for column in _within(columns, left, right)
        for row in range(top + 1, min(bottom, last) + 1)
    }


def _within(columns: set[int], left: int, right: int) -> Iterator[int]:
    return (column for column in columns if left <= column <= right)
