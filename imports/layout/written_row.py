"""One row of work as written: the text, the value and the cell of each field."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from imports.layout.headings import Field
from imports.problem import Problem, Severity, shown
from imports.reading.cells import Value, column_letters

# A word beside the number, which is no item: "(mới)", but not "(a)" nor "(ii)".
_REMARK = re.compile(r"\s*\((?![ivx]+\))[^\W\d_]{2,}[^()]*\)\s*$")
Moved = Mapping[Field, tuple[int, int]]
NOTHING: Mapping[Any, Any] = {}


class Place:
    """Where the fields of a table's rows stand: its sheet and the letters of its columns, said once for all rows.

    `corrected` tells that a person said what its columns mean, and which mean nothing.
    """

    __slots__ = ("columns", "corrected", "letters", "sheet")

    def __init__(self, sheet: str, columns: Mapping[Field, int], *, corrected: bool = False) -> None:
        """Name the columns (0-based) of the sheet called `sheet`."""
        self.sheet, self.columns, self.corrected = sheet, columns, corrected
        self.letters = {field_: column_letters(column) for field_, column in columns.items()}

    def cells(self, row: int, moved: Moved = NOTHING) -> dict[str, str]:
        """Return the addresses ("D7") of the fields in `row`, as Excel shows it; `moved` ones stand elsewhere."""
        return {**{field_: f"{letters}{row}" for field_, letters in self.letters.items()}, **self.elsewhere(moved)}

    @staticmethod
    def elsewhere(moved: Moved) -> dict[str, str]:
        """Return the addresses of the fields that do not stand in their row."""
        return {field_: f"{column_letters(column)}{row + 1}" for field_, (row, column) in moved.items()}


@dataclass(frozen=True, slots=True)
class Stated:
    """What a row of an open file says outright, so that it is not read from words.

    `name` is the number the codes of its task are made of (empty: its own); `agency`, `reported_on` and `done` say of a
    report whose it is, of which day, and whether the work is declared done.
    """

    name: str = ""
    agency: str = ""
    reported_on: date | None = None
    done: bool | None = None


@dataclass(slots=True)
class WrittenRow:
    """One row of work as written: its number, the group it stands in, each field's text; `row` is as Excel shows it.

    `line` are the row's values by column; `given` values of fields that do not stand there alone: of merged cells,
    joined from several rows, read from a heading. `moved` are the fields whose cell is another row's or column's.
    `stated` is what an open file says; None for a row of any other.
    """

    place: Place
    row: int
    number: str
    section: str
    texts: dict[Field, str]
    line: Sequence[Value]
    given: Mapping[Field, Value]
    moved: Moved
    stated: Stated | None = None

    @property
    def sheet(self) -> str:
        """Return the name of the row's sheet."""
        return self.place.sheet

    @property
    def values(self) -> Mapping[Field, Value]:
        """Return each field's value as the cell holds it."""
        return _Values(self)

    @property
    def cells(self) -> dict[str, str]:
        """Return the address of each field's cell, e.g. `D7`; made anew every time."""
        return self.place.cells(self.row, self.moved)

    def problem(
        self, code: str, severity: Severity, column: Field, found: str | None = None, **values: object
    ) -> Problem:
        """Return a problem at one of this row's cells."""
        found = self.texts.get(column, "") if found is None else found
        elsewhere = self.moved.get(column)
        letters = column_letters(elsewhere[1]) if elsewhere else self.place.letters.get(column)
        return Problem(code, severity, self.sheet, self.row, letters, shown(found), values)

    def replace(self, texts: Mapping[Field, str]) -> None:
        """Let fields say what several cells say together."""
        self.texts.update(texts)
        self.given = {**self.given, **texts}

    def give(self, field_: Field, text: str, like: Field) -> None:
        """Add a field that has no column of its own; its cell is that of `like`."""
        self.texts[field_] = text
        self.given = {**self.given, field_: text}
        self.moved = {**self.moved, field_: self.moved.get(like, (self.row - 1, self.place.columns[like]))}


class _Values(Mapping[Field, Value]):
    """The values of a row by field, looked up when asked for."""

    __slots__ = ("_row",)

    def __init__(self, row: WrittenRow) -> None:
        self._row = row

    def __getitem__(self, field_: Field) -> Value:
        given = self._row.given
        return given[field_] if field_ in given else self._row.line[self._row.place.columns[field_]]

    def __iter__(self) -> Iterator[Field]:
        return iter(self._row.texts)

    def __len__(self) -> int:
        return len(self._row.texts)


def normal_number(text: str) -> str:
    """Return a TT number without its dot or bracket: "1." is 1, "01" is 1, "I.2.a)" is I.2.a, "9 (mới)" is 9."""
    bare = "".join((_REMARK.sub("", text) or text if "(" in text else text).split()).strip(".)(")
    return str(int(bare)) if bare.isdecimal() else bare
