"""A list as a file: what is shown, every row of it, with the day and the filters on top; text stays text."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from models.status_table import StatusRow
from notifications.plain_text import plain
from portal.looking.filters import said_filters
from portal.looking.question import BadQuestionError, Question
from rules.milestone import Milestone
from rules.spreadsheet_text import not_run
from texts import Language, date_text, instant_text, number_text, period_text, say

MOST = 20_000
_LONGEST = 32_000
_COLUMNS = (
    ("code", 26), ("document", 16), ("number", 9), ("period", 14), ("agency", 30), ("task", 70), ("product", 30),
    ("deadline", 20), ("original_due", 12), ("due", 12), ("effective_due", 12), ("status", 26), ("days_late", 10),
    ("completed_on", 12), ("flags", 30), ("milestone", 20), ("verdict", 18),
)  # fmt: skip
_DAY = "dd/mm/yyyy"
Value = str | int | date | None


@dataclass(frozen=True)
class Listed:
    """The rows of a list, and what was asked; `names` are those of the agencies by code."""

    question: Question
    rows: Sequence[StatusRow]
    names: Mapping[str, str]
    milestones: Sequence[Milestone]


@dataclass(frozen=True)
class FileKind:
    """A kind of file."""

    suffix: str
    mime_type: str
    write: Callable[[Listed, Language], bytes]


def hold_to_most(rows: int) -> None:
    """Raise BadQuestionError for more rows than a file may hold: the list must be narrowed."""
    if rows > MOST:
        raise BadQuestionError("looking.too_many_rows", count=number_text(rows), most=number_text(MOST))


def _workbook(listed: Listed, language: Language) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(say("looking.sheet", language))
    for at, (_, width) in enumerate(_COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    above = _above(listed, language)
    heading = len(above) + 2
    sheet.freeze_panes = f"B{heading + 1}"
    sheet.auto_filter.ref = f"A{heading}:{get_column_letter(len(_COLUMNS))}{heading + max(1, len(listed.rows))}"
    bold = Font(bold=True)
    for line in above:
        sheet.append([_cell(sheet, line, bold)])
    sheet.append([])
    sheet.append([_cell(sheet, title, bold) for title in _titles(language)])
    for row in listed.rows:
        sheet.append([_cell(sheet, value) for value in _values(row, listed, language)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Any, font: Font | None = None) -> Any:
    """Make a cell; text is text even when it looks like a formula."""
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
        cell.alignment = _WRAPPED if font is None else _UNWRAPPED
    elif isinstance(value, date):
        cell.number_format = _DAY
    if font is not None:
        cell.font = font
    return cell


_WRAPPED, _UNWRAPPED = Alignment(wrap_text=True, vertical="top"), Alignment(vertical="top")


def _text(listed: Listed, language: Language) -> bytes:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([not_run(line)] for line in _above(listed, language))
    writer.writerow([])
    writer.writerow(_titles(language))
    for row in listed.rows:
        writer.writerow([_worded(value) for value in _values(row, listed, language)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _worded(value: Value) -> str | int:
    if isinstance(value, date):
        return value.isoformat()
    return not_run(value) if isinstance(value, str) else ("" if value is None else value)


def _above(listed: Listed, language: Language) -> list[str]:
    q = listed.question
    days = {"as_of": date_text(q.as_of), "known_at": instant_text(q.known_at)}
    count = number_text(len(listed.rows), language=language)
    filters = said_filters(q, listed.names, listed.milestones, language)
    return [
        say("looking.list_title", language, as_of=days["as_of"]),
        say("looking.file_sentence", language, count=count, **days),
        say("looking.file_filters", language, filters="; ".join(filters) or say("looking.no_filters", language)),
    ]


def _titles(language: Language) -> list[str]:
    return [say(f"looking.column_{name}", language) for name, _ in _COLUMNS]


def _values(row: StatusRow, listed: Listed, language: Language) -> Iterator[Value]:
    names = {each.code: each.name_vi if language is Language.VI else each.name_en for each in listed.milestones}
    milestone = names.get(row.milestone or "", say("looking.beyond", language) if row.milestone else "")
    for value in (
        row.code, row.document, row.number, period_text(row.period, language) if row.period else "",
        listed.names[row.agency], row.task, row.product, row.deadline_text, row.original_due_on, row.due_on,
        row.effective_due_on, say(f"status.{row.status}", language), row.days_late, row.completed_on,
        ", ".join(say(f"looking.flag_{flag}", language) for flag in row.flags), milestone,
        say(f"looking.verdict_{row.verdict}", language) if row.verdict else "",
    ):  # fmt: skip
        yield plain(value, _LONGEST) if isinstance(value, str) else value


XLSX = FileKind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _workbook)
CSV = FileKind("csv", "text/csv; charset=utf-8", _text)
