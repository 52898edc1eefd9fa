"""What the columns of a workbook's tables are taken for, and a person's correction of it, used the next time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from imports.layout.corrections import (
    NO_CORRECTIONS,
    Correction,
    Corrections,
    by_agency,
    fingerprint,
    heading_keys,
)
from imports.layout.header import HeaderReader, Tiers, merges_by_row
from imports.layout.headings import Field, Headings
from imports.layout.tables import Table, lay_out
from imports.layout.title_block import read_title_block
from imports.layout.title_texts import likely_header, texts_above
from imports.problem import Problem, stopping, stops
from imports.reading.cells import column_index, column_letters
from imports.reading.reader import Sheet, read_workbook
from imports.reading.secrecy import secret_marks
from models.mappings import append_mapping, newest_mappings
from models.reference import layouts_of, register_of
from models.store import Store
from rules.layout import TableKind
from rules.leads import LeadReader
from texts import SaidError

_MOST_TIERS = 4


class ColumnsRefusedError(SaidError):
    """A correction cannot be stored; the message says what was found and what to do."""


@dataclass(frozen=True)
class UnderstoodColumn:
    """A column by its letters and heading; `field` is None when its heading is not known."""

    letters: str
    heading: str
    field: Field | None
    corrected: bool


@dataclass(frozen=True)
class UnderstoodTable:
    """A table's headed columns from left to right; `row` is its header's, as Excel shows it.

    `kind` is None for a row that only looks like a header: no layout fits it. `by` and `on` say who corrected it, when.
    """

    sheet: str
    row: int
    kind: TableKind | None
    columns: tuple[UnderstoodColumn, ...]
    by: str | None = None
    on: date | None = None


@dataclass(frozen=True)
class Understood:
    """The tables of a workbook, whose it is taken for (None: nobody is named), or the problems that stop it."""

    agency: str | None
    tables: tuple[UnderstoodTable, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Said:
    """What the post `by` says of columns, by their letters: a field, None to read nothing; `as_shipped` take it back.

    `sheet` and `row` (of the header, as Excel shows it) name the table where the workbook has several.
    """

    by: str
    fields: Mapping[str, Field | None]
    as_shipped: frozenset[str] = frozenset()
    sheet: str | None = None
    row: int | None = None


def understood_columns(
    content: bytes, *, name: str, store: Store, today: date, agency: str | None = None
) -> Understood:
    """Say what the columns of a workbook are taken for; `agency` is a code of the register."""
    sheets, problems = _visible(content, name)
    return _Opened(sheets, store, today, agency).understood() if sheets else Understood(agency, problems=problems)


def correct_columns(
    content: bytes, said: Said, *, name: str, store: Store, today: date, now: datetime, agency: str | None = None
) -> Understood:
    """Store what a person says of a table's columns; it counts for that agency's tables with the same headings.

    Raises ColumnsRefusedError when the table or a column is not found, or when no layout would fit the table.
    """
    sheets, problems = _visible(content, name)
    if not sheets:
        return Understood(agency, problems=problems)
    opened = _Opened(sheets, store, today, agency)
    opened.correct(said, now)
    return opened.understood()


def _visible(content: bytes, name: str) -> tuple[list[Sheet], tuple[Problem, ...]]:
    """Return the sheets that are read, or none and the problems: nothing is shown of a workbook with a secret row."""
    workbook = read_workbook(content, name=name)
    problems = secret_marks(workbook, name) or workbook.problems
    if stopping(problems):
        return [], tuple(problems)
    visible = [sheet for sheet in workbook.sheets if not sheet.hidden]
    return visible, () if visible else (stops("no_table"),)


class _Opened:
    """The visible sheets of one workbook, and what was said of its agency's tables so far."""

    def __init__(self, sheets: list[Sheet], store: Store, today: date, agency: str | None) -> None:
        self.sheets, self.store, self.today = sheets, store, today
        with store.reading() as session:
            self.layouts, register = layouts_of(session), register_of(session)
            stored = by_agency(newest_mappings(session))
        headings = Headings(self.layouts)
        above = [text for sheet in sheets for text in texts_above(sheet, lay_out(sheet, headings).tables)]
        self.agency = agency or read_title_block(above, LeadReader(register, today)).issuer
        self.corrections = stored.get(self.agency, NO_CORRECTIONS)

    def understood(self) -> Understood:
        tables = [_described(table) for table in self._tables(self.corrections)]
        if not tables:
            tables = [self._likely(sheet, row) for sheet, row in self._likely_headers()]
        return Understood(self.agency, tuple(tables))

    def correct(self, said: Said, now: datetime) -> None:
        sheet, row = self._chosen(said)
        tiers = self._tiers(sheet, row, said)
        keys = heading_keys(tiers)
        letters = {column_letters(column): key for column, key in keys.items()}
        for wanted in (*said.fields, *said.as_shipped):
            if wanted not in letters:
                raise ColumnsRefusedError("columns.no_such_column", found=wanted, known=", ".join(letters))
        print_ = fingerprint(keys)
        before = self.corrections.by_fingerprint.get(print_)
        fields = dict(before.fields) if before else {}
        fields |= {letters[letter]: field for letter, field in said.fields.items()}
        fields = {key: field for key, field in fields.items() if key not in {letters[at] for at in said.as_shipped}}
        self._use(print_, Correction(fields, said.by, self.today), sheet, row)
        with self.store.writing() as session:
            mapping = {key: field or "" for key, field in fields.items()}
            headings = [texts[-1] for texts in tiers.values() if texts]
            append_mapping(session, self.agency, print_, headings, mapping, by=said.by, now=now)

    def _use(self, print_: str, correction: Correction, sheet: Sheet, row: int) -> None:
        """Take the correction up, unless the table it is about would not be found by it."""
        corrections = Corrections({**self.corrections.by_fingerprint, print_: correction})
        headings = Headings(self.layouts, corrections.headings())
        tables = lay_out(sheet, headings, corrections).tables
        if correction.fields and not any(table.header == row and table.correction for table in tables):
            raise ColumnsRefusedError("columns.no_table_yet", sheet=sheet.name, row=row + 1)
        self.corrections = corrections

    def _tables(self, corrections: Corrections) -> list[Table]:
        headings = Headings(self.layouts, corrections.headings())
        return [table for sheet in self.sheets for table in lay_out(sheet, headings, corrections).tables]

    def _chosen(self, said: Said) -> tuple[Sheet, int]:
        """Return the sheet and the header's row (0-based) of the one table meant."""
        found = [(table.sheet, table.header) for table in self._tables(self.corrections)]
        found = found or self._likely_headers()
        here = [place for place in found if said.sheet in (None, place[0].name)]
        if said.row is not None:
            sheets = [sheet for sheet in self.sheets if said.sheet in (None, sheet.name)]
            here = [place for place in here if place[1] == said.row - 1] or [
                (sheet, said.row - 1) for sheet in sheets if 0 < said.row <= len(sheet.rows)
            ]
        if len(here) != 1:
            known = ", ".join(f"{sheet.name}: {row + 1}" for sheet, row in here or found)
            raise ColumnsRefusedError("columns.which_table", count=len(here), known=known)
        return here[0]

    def _tiers(self, sheet: Sheet, row: int, said: Said) -> Tiers:
        """Return the headings over each column, as they are found once the corrected ones are known."""
        known = list(self.corrections.headings())
        wanted = {column_index(letters) for letters in said.fields}
        tiers: Tiers = {}
        for _ in range(_MOST_TIERS):
            reader = HeaderReader(sheet, merges_by_row(sheet.merges), Headings(self.layouts, known), self.corrections)
            tiers = reader.tiers(row, reader.depth(row))
            known += [text for column in wanted for text in tiers.get(column, ())]
        return tiers

    def _likely_headers(self) -> list[tuple[Sheet, int]]:
        likely = [(sheet, likely_header(sheet)) for sheet in self.sheets]
        return [(sheet, row) for sheet, row in likely if row is not None]

    def _likely(self, sheet: Sheet, row: int) -> UnderstoodTable:
        headings = Headings(self.layouts)
        reader = HeaderReader(sheet, merges_by_row(sheet.merges), headings, NO_CORRECTIONS)
        columns = []
        for column, texts in reader.tiers(row, reader.depth(row)).items():
            if texts:
                found, _ = headings.meanings(texts)
                field = found[0].field if found else None
                columns.append(UnderstoodColumn(column_letters(column), texts[-1], field, corrected=False))
        return UnderstoodTable(sheet.name, row + 1, None, tuple(columns))


def _described(table: Table) -> UnderstoodTable:
    fields = dict.fromkeys(table.periods, Field.DEADLINE) | {column: f for f, column in table.columns.items()}
    said = table.correction.fields if table.correction else {}
    columns = [
        UnderstoodColumn(column_letters(at), heading, fields.get(at), corrected=table.keys.get(at) in said)
        for at, heading in sorted(table.headings.items())
    ]
    by, on = (table.correction.by, table.correction.on) if table.correction else (None, None)
    return UnderstoodTable(table.sheet.name, table.header + 1, table.kind, tuple(columns), by, on)
