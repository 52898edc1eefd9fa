"""A workbook as written: its title block, the rows of its tables, where every other row went, and what is in doubt."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from imports.layout.accounting import Aside, SheetAccount, account
from imports.layout.corrections import NO_CORRECTIONS, Corrections
from imports.layout.evidence_day import join_evidence_day
from imports.layout.headings import Field, Headings
from imports.layout.hidden import hidden_places, hidden_sheet, is_list_of_problems, is_of_template
from imports.layout.indicators import indicator_rows
from imports.layout.rows import TableRows, WrittenRow, written_rows
from imports.layout.tables import (
    LaidOut,
    Table,
    first_value,
    lay_out,
)
from imports.layout.title_block import TitleBlock, documents_named, read_title_block
from imports.layout.title_texts import headings_seen, likely_header, texts_above, texts_over
from imports.layout.unread import nameless_columns, unread_cells, unread_columns
from imports.problem import Problem, Severity, shown, stopping, stops
from imports.reading.cells import cell_text
from imports.reading.reader import Sheet
from rules.layout import Layout
from rules.leads import LeadReader
from rules.register import Register


@dataclass(frozen=True)
class ReadWith:
    """What a workbook is read with: `agency` is the one the caller named, `corrections` are by agency (None: no name).

    `fields_read` says which fields are taken from a table with these, in a workbook that reports progress or not.
    """

    register: Register
    today: date
    layouts: Sequence[Layout]
    fields_read: Callable[[bool, Collection[Field]], frozenset[Field]]
    agency: str | None = None
    corrections: Mapping[str | None, Corrections] = field(default_factory=dict)


@dataclass(frozen=True)
class NamedAbove:
    """The documents the title block of a table names, and where the table begins."""

    sheet: str
    row: int
    documents: tuple[str, ...]


@dataclass
class Written:
    """`reports_progress` says of the whole workbook that it reports; then tables without such columns are set aside.

    `laid_out` are the sheets read, `accounting` says of every sheet where its rows went. `named_above` are the
    documents named above the tables without a column for them.
    """

    title: TitleBlock = field(default_factory=TitleBlock)
    rows: list[WrittenRow] = field(default_factory=list)
    indicators: list[WrittenRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    named_above: list[NamedAbove] = field(default_factory=list)
    laid_out: list[LaidOut] = field(default_factory=list)
    accounting: tuple[SheetAccount, ...] = ()
    reports_progress: bool = False
    lacks_leads: bool = False


def read_written(sheets: Sequence[Sheet], given: ReadWith) -> Written:
    """Find the tables of every sheet and read their rows as written."""
    return _Reader(sheets, given).read()


class _Reader:
    """Reads one workbook; the sheets Excel hides are looked at and not read."""

    def __init__(self, sheets: Sequence[Sheet], given: ReadWith) -> None:
        self.sheets, self.given = sheets, given
        self.written = Written()
        self.accounts: list[SheetAccount] = []

    def read(self) -> Written:
        written = self.written
        self._lay_out()
        tables = self.tables
        written.reports_progress = any(table.reports_progress for table in tables)
        written.lacks_leads = all(Field.LEAD not in table.columns for table in tables)
        laid_out = iter(written.laid_out)
        for sheet in self.sheets:
            if is_list_of_problems(sheet):
                filled = _filled(sheet)
                self.accounts.append(account(sheet.name, filled, (), dict.fromkeys(filled, Aside.NO_TABLE)))
            elif sheet.hidden:
                self._leave_hidden(sheet, tables)
            else:
                self._take(next(laid_out), alone=not tables)
        if not tables:
            seen = max((headings_seen(each.sheet) for each in written.laid_out), key=len, default=[])
            written.problems.append(stops("no_table", " | ".join(seen)))
        elif not (written.rows or written.indicators or stopping(written.problems)):
            written.problems.append(stops("empty_table"))
        written.problems += [problem for table in tables for problem in unread_cells(table)]
        written.accounting = tuple(self.accounts)
        return written

    @property
    def tables(self) -> list[Table]:
        """Return the tables found, in the order of the sheets."""
        return [table for laid_out in self.written.laid_out for table in laid_out.tables]

    def _lay_out(self) -> None:
        """Find the tables, and again with what people said of them once the agency is known."""
        visible = [sheet for sheet in self.sheets if not (sheet.hidden or is_list_of_problems(sheet))]
        self._found(visible, NO_CORRECTIONS)
        corrections = self.given.corrections.get(self.given.agency or self.written.title.issuer)
        if corrections:
            self._found(visible, corrections)

    def _found(self, visible: Sequence[Sheet], corrections: Corrections) -> None:
        headings = Headings(self.given.layouts, corrections.headings())
        self.written.laid_out = [lay_out(sheet, headings, corrections) for sheet in visible]
        above = [text for each in self.written.laid_out for text in texts_above(each.sheet, each.tables)]
        self.written.title = read_title_block(above, LeadReader(self.given.register, self.given.today))

    def _leave_hidden(self, sheet: Sheet, tables: Sequence[Table]) -> None:
        filled = _filled(sheet)
        if filled:
            self.written.problems += hidden_sheet(lay_out(sheet, Headings(self.given.layouts)), tables)
        self.accounts.append(account(sheet.name, filled, (), dict.fromkeys(filled, Aside.HIDDEN_SHEET)))

    def _take(self, laid_out: LaidOut, *, alone: bool) -> None:
        """Read the tables of a sheet and account for each of its rows; `alone` says that no sheet has a table."""
        sheet, filled = laid_out.sheet, _filled(laid_out.sheet)
        read: set[int] = set()
        aside = dict(laid_out.aside) if laid_out.tables else dict.fromkeys(filled, Aside.NO_TABLE)
        if not laid_out.tables and filled and not alone and not is_of_template(sheet, self.tables):
            severity = Severity.NOTE if likely_header(sheet) is None else Severity.TO_CONFIRM
            self.written.problems.append(Problem("sheet_without_table", severity, sheet.name))
        taken = [table for table in laid_out.tables if table.reports_progress or not self.written.reports_progress]
        for table in laid_out.tables:
            if self.written.reports_progress and not table.reports_progress:
                self._say(table, "table_set_aside")
                aside |= dict.fromkeys(table.body, Aside.TABLE_SET_ASIDE)
                continue
            self._note_documents(table, laid_out.tables[0])
            rows = self._take_table(table)
            read.update((row.row - 1 for row in rows.rows), rows.joined)
            aside |= rows.aside
        for header in laid_out.unknown if laid_out.tables else ():
            found = shown(" | ".join(filter(None, map(cell_text, sheet.rows[header]))))
            self.written.problems.append(
                Problem("table_not_known", Severity.TO_CONFIRM, sheet.name, header + 1, None, found)
            )
        self.written.problems += [*nameless_columns(taken, aside), *hidden_places(sheet, taken, filled)]
        aside = {row: reason for row, reason in aside.items() if row in filled and row not in read}
        self.accounts.append(account(sheet.name, filled, read, aside))

    def _note_documents(self, table: Table, first: Table) -> None:
        named = () if Field.ASSIGNING_DOC in table.columns else documents_named(texts_over(table, first))
        if named:
            self.written.named_above.append(NamedAbove(table.sheet.name, table.header + 1, named))

    def _take_table(self, table: Table) -> TableRows:
        written = self.written
        fields = self.given.fields_read(written.reports_progress, table.columns.keys())
        rows = (indicator_rows if table.lists_indicators else written_rows)(table, fields)
        if written.reports_progress:
            join_evidence_day(table, rows.rows)
        (written.indicators if table.lists_indicators else written.rows).extend(rows.rows)
        written.problems += rows.problems
        if table.correction:
            values = {"by": table.correction.by, "on": f"{table.correction.on:%d/%m/%Y}"}
            self._say(table, "mapping_used", " | ".join(table.corrected()), **values)
        if table.beside:
            self._say(table, "tables_side_by_side", " | ".join(table.headings.values()))
        written.problems += unread_columns(table, fields)
        return rows

    def _say(self, table: Table, code: str, found: str = "", **values: Any) -> None:
        place = (table.sheet.name, table.header + 1)
        self.written.problems.append(Problem(code, Severity.NOTE, *place, None, shown(found), values))


def _filled(sheet: Sheet) -> set[int]:
    return {at for at, line in enumerate(sheet.rows) if first_value(line) is not None}
