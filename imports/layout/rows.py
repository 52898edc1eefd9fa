"""The rows of a table as written: groups become sections, merged cells are spread, continuations join their row."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest

from imports.layout.accounting import Aside
from imports.layout.cell_texts import CellTexts
from imports.layout.headings import MEASURES, PROGRESS, Field
from imports.layout.spread import Covered, Spread
from imports.layout.tables import Table, first_value
from imports.layout.written_row import NOTHING, Place, WrittenRow, normal_number
from imports.problem import Problem, Severity, shown
from imports.reading.cells import cell_text

__all__ = ["TableRows", "WrittenRow", "normal_number", "written_rows"]

_GROUP_NUMBER = re.compile(r"^(?:[IVXLC]+|[A-ZĐ])[.)]?$")
_NUMBER = re.compile(r"^(?=.*\d)[\w.]+[.)]?$")
_NAMES_A_ROW = re.compile(r"\d|^(?:[IVXLCDM]+|[A-Za-zĐđ])[.)]?$")
_LETTER_ITEM = re.compile(r"^[a-zđ][.)]?$")
_BULLETS = frozenset("-+*•–")
_BREAKS_OFF = re.compile(r"(?:,|(?:^|\s)(?:với|và|của|về|cho|các|theo|tại|trong|đến|từ|bằng|hoặc))$", re.IGNORECASE)
_OWN_WORK = (Field.LEAD, Field.DEADLINE)
# Joined to the row above these change what it says: who, until when, how far.
_CHANGES_THE_ROW = frozenset({*_OWN_WORK, Field.STATUS, Field.PROGRESS_PCT, Field.COMPLETED_DATE})
_RANKED_GROUP = re.compile(r"^(?:[IVXLC]+|[A-ZĐ])[.)]?(?:\s|$)")
_SAYS_MORE = frozenset({Field.LEAD, Field.COORDINATING, Field.DEADLINE, Field.PRODUCT, Field.REFERENCE})
_SAYS_MORE |= PROGRESS | MEASURES
Texts = Mapping[Field, str]


@dataclass
class TableRows:
    """The rows of a table, where its other rows went, and what is to be said about them.

    `joined` are the rows (0-based) that continue one above, `aside` those set aside, each with why.
    """

    rows: list[WrittenRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    joined: list[int] = field(default_factory=list)
    aside: dict[int, Aside] = field(default_factory=dict)


def written_rows(table: Table, fields: Collection[Field] = frozenset(Field)) -> TableRows:
    """Return the rows of work of `table` in order, or its indicators, with what stands in the columns of `fields`."""
    return _RowReader(table, {field_: column for field_, column in table.columns.items() if field_ in fields}).read()


class _RowReader:
    """Walks down a table; knows the group it is in, the row a continuation would join, and the last number given."""

    def __init__(self, table: Table, columns: Mapping[Field, int]) -> None:
        self.table, self.columns, self.lines = table, columns, table.sheet.rows
        self.work = Field.INDICATOR if table.lists_indicators else Field.TASK
        self.place = Place(table.sheet.name, columns, corrected=table.correction is not None)
        self.texts = CellTexts(columns, table.periods)
        self.spread = Spread(self.lines, table.merges, columns)
        self.answer = TableRows()
        self.section = self.counted = ""
        self.above: WrittenRow | None = None
        self.more: dict[Field, list[str]] = {}
        self.numbered, self.grouped = self._is_numbered(), Field.GROUP in columns

    def read(self) -> TableRows:
        lines, texts_of, covered_at = self.lines, self.texts.of, self.spread.at
        for at in self.table.body:
            texts = texts_of(lines[at])
            covered = covered_at(at)
            if covered:
                texts.update(covered.own)
            number = texts.get(Field.SEQ, "")
            if number.isdecimal():
                self.counted = str(int(number))
                self._begin(at, self.counted, texts, covered)
            else:
                self._take(at, texts, covered)
        self._leave(None)
        for at in self.table.below:
            found = " | ".join(filter(None, self.texts.of(self.lines[at]).values()))
            self._complain("row_below_footer", Severity.TO_CONFIRM, at, found)
        self._drop_groups_numbered_as_rows()
        return self.answer

    def _take(self, at: int, texts: dict[Field, str], covered: Covered | None) -> None:
        """Take a row that is not plainly numbered."""
        own = {field_: text for field_, text in texts.items() if text}
        if own.get(Field.SEQ, "") in _BULLETS:
            # A dash is no number: it begins a line of the text.
            bullet = own.pop(Field.SEQ)
            own[self.work] = f"{bullet} {own.get(self.work, '')}".strip()
        if not own:
            self._take_empty(at, covered)
            return
        number = self._number(own, covered)
        group = self._group(own)
        if group:
            self._ask_whether_it_heads(at, own)
            self._head(at, group)
        elif number:
            self._ask_whether_it_is_a_date(at, own)
            self._begin(at, number, texts, covered)
            if not _LETTER_ITEM.match(own.get(Field.SEQ, "")):
                self.counted = number
        elif self.above is not None and not self._is_own_work(self.above, own):
            self._go_on(at, own)
        else:
            self._take_unnumbered(at, own)

    def _is_own_work(self, above: WrittenRow, own: Texts) -> bool:
        """Whether a row without a number is work of its own, and no more of the row above."""
        if all(field_ in own for field_ in _OWN_WORK):
            return True
        lead = own.get(Field.LEAD)
        says_more = Field.PRODUCT in own or (lead is not None and lead != above.texts.get(Field.LEAD))
        return says_more and own.get(self.work, "")[:1].isupper()

    def _take_empty(self, at: int, covered: Covered | None) -> None:
        if first_value(self.lines[at]) is not None:
            self.answer.aside[at] = Aside.OTHER_COLUMNS
        elif not covered:
            self._leave(None)

    def _take_unnumbered(self, at: int, own: Texts) -> None:
        """Take a row without a number that continues nothing: work of its own must have one."""
        found = " | ".join(own.values())
        if _SAYS_MORE & own.keys() and (self.work in own or all(field_ in own for field_ in _OWN_WORK)):
            self.answer.aside[at] = Aside.WITHOUT_NUMBER
            self._complain("row_without_number", Severity.STOPS, at, own.get(self.work, found))
        elif len(own) == 1 and not _SAYS_MORE & own.keys() and not _goes_on(found):
            self._head(at, found)
        else:
            self.answer.aside[at] = Aside.NOT_UNDERSTOOD
            severity = Severity.TO_CONFIRM if (_SAYS_MORE | {self.work}) & own.keys() else Severity.NOTE
            self._complain("row_set_aside", severity, at, found)

    def _head(self, at: int, group: str) -> None:
        self.section = group
        if _RANKED_GROUP.match(group):
            self.counted = ""
        self._leave(None)
        self.answer.aside[at] = Aside.GROUP

    def _is_numbered(self) -> bool:
        columns = [self.columns[field_] for field_ in (Field.SEQ, Field.TASK_CODE) if field_ in self.columns]
        return any(cell_text(self.lines[at][column]) for at in self.table.body for column in columns)

    def _number(self, own: Texts, covered: Covered | None) -> str:
        """Return the row's number: as written, of the merged cell it hangs on, or its place when none is numbered."""
        if not self.numbered:
            return str(len(self.answer.rows) + 1) if self.work in own else ""
        written = own.get(Field.SEQ) or own.get(Field.TASK_CODE, "")
        if not written and covered and self.table.reports_progress and PROGRESS & own.keys():
            written = covered.texts.get(Field.SEQ, "")
        if _LETTER_ITEM.match(written) and self.counted:
            return f"{self.counted}.{written.rstrip('.)')}"
        return normal_number(written) if _NAMES_A_ROW.search(written) else ""

    def _group(self, own: Texts) -> str:
        """Return the heading of a group of rows, or nothing."""
        first = own.get(Field.SEQ, "")
        if len(own) == 1 and first and not _NUMBER.match(first):
            return first
        if _GROUP_NUMBER.match(first) and not _SAYS_MORE & own.keys():
            return " ".join((first if first.endswith((".", ")")) else f"{first}.", own.get(self.work, ""))).strip()
        alone = own.get(self.work, "") if len(own) == 1 else ""
        if alone and ((alone.isupper() and not self._is_unfinished()) or (self.above is None and not _goes_on(alone))):
            return alone
        return ""

    def _text_above(self) -> str:
        parts = self.more.get(self.work) or [self.above.texts.get(self.work, "") if self.above else ""]
        return parts[-1].rstrip()

    def _is_unfinished(self) -> bool:
        """Whether the text above breaks off at a word that always has another after it."""
        return bool(_BREAKS_OFF.search(self._text_above()))

    def _ask_whether_it_heads(self, at: int, own: Texts) -> None:
        """Say of capitals below a text without its full stop that they were taken for a heading."""
        above = self._text_above()
        if self.above is not None and above and own.keys() == {self.work} and above[-1] not in ".;:":
            self._complain("heading_in_capitals", Severity.NOTE, at, own[self.work], above=self.above.row)

    def _ask_whether_it_is_a_date(self, at: int, own: Texts) -> None:
        """Refuse a day for a number: of "1.1", typed, Excel makes 1 January."""
        value = self.lines[at][self.columns[Field.SEQ]] if own.get(Field.SEQ) else None
        if isinstance(value, date):
            typed = f"{value.day}.{value.month}"
            self._complain("number_is_a_date", Severity.STOPS, at, own[Field.SEQ], typed=typed)

    def _begin(self, at: int, number: str, texts: dict[Field, str], covered: Covered | None) -> None:
        line = self.lines[at]
        row = WrittenRow(self.place, at + 1, number, self.section, texts, line, NOTHING, NOTHING)
        if covered:
            row.given, row.moved = covered.values, covered.moved
            texts.update(covered.texts)
        if self.grouped and texts[Field.GROUP]:
            row.section = texts[Field.GROUP]
        if self.table.periods:
            self.texts.mark_period(row)
        self.answer.rows.append(row)
        self._leave(row)

    def _go_on(self, at: int, own: Texts) -> None:
        assert self.above is not None
        for field_, text in own.items():
            self.more.setdefault(field_, [self.above.texts.get(field_, "")]).append(text)
        self.answer.joined.append(at)
        severity = Severity.TO_CONFIRM if own.keys() & _CHANGES_THE_ROW else Severity.NOTE
        self._complain("row_continues", severity, at, " | ".join(own.values()), above=self.above.row)

    def _leave(self, above: WrittenRow | None) -> None:
        """End the row above with what was joined to it; `above` is what the next line would continue."""
        if self.more and self.above is not None:
            self.above.replace({field_: "\n".join(filter(None, parts)) for field_, parts in self.more.items()})
            self.more = {}
        self.above = above

    def _drop_groups_numbered_as_rows(self) -> None:
        """Make a heading of "1 | Thể chế" when it says no more and "1.1" follows."""
        headings: dict[str, str] = {}
        kept: list[WrittenRow] = []
        rows = self.answer.rows
        for row, below in zip_longest(rows, rows[1:]):
            heads = below is not None and "." in below.number and below.number.startswith(f"{row.number}.")
            if heads and not any(row.texts.get(field_) for field_ in _SAYS_MORE):
                headings[row.number] = f"{row.number}. {row.texts.get(self.work, '')}"
                self.answer.aside[row.row - 1] = Aside.GROUP
            else:
                kept.append(row)
        for row in kept if headings else ():
            row.section = _nearest(headings, row.number) or row.section
        self.answer.rows = kept

    def _complain(self, code: str, severity: Severity, at: int, found: str, **values: object) -> None:
        self.answer.problems.append(Problem(code, severity, self.place.sheet, at + 1, None, shown(found), values))


def _goes_on(text: str) -> bool:
    """Whether a line goes on with a text begun above: it has a bullet, or no capital."""
    return text[0] in _BULLETS or text[0].islower()


def _nearest(headings: Mapping[str, str], number: str) -> str | None:
    """Return the heading of the nearest number above: of "1.2.3" that of "1.2", else that of "1"."""
    while "." in number:
        number = number.rpartition(".")[0]
        if number in headings:
            return headings[number]
    return None
