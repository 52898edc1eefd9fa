"""The assignment annexes: one workbook per lead body, shaped as `offices.toml` says."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from samples.directive import CITATION, HERE, MOTTO, DirectiveRow, directive_rows
from samples.drawing import (
    merge_boxed,
    put,
    put_across,
    put_footer,
    put_record,
    set_page,
    set_widths,
    workbook_bytes,
)

WIDTHS = (7, 62, 27, 27, 29, 20)
LAST = len(WIDTHS)
LEAD, COORDINATING = 3, 4
CENTRED = {1, LEAD, COORDINATING, LAST}
ROMAN = ("I", "II", "III")
RECIPIENTS = (
    "Các bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ;",
    "UBND các tỉnh, thành phố trực thuộc Trung ương;",
    "Lưu: VT, KSTT.",
)


@dataclass(frozen=True)
class Office:
    """One lead body's annex: which rows of the directive it holds and how its office draws the table."""

    slug: str
    issuer: str
    numbers: tuple[int, ...]
    title_row: int
    annex: str
    subject: str
    parent: str
    headings: Sequence[str]
    groups: str
    merged_leads: Sequence[tuple[int, int]]
    sheet: str


def offices(path: Path = HERE / "offices.toml") -> list[Office]:
    """Return the offices in file order."""
    return [_office(slug, entry) for slug, entry in tomllib.loads(path.read_text(encoding="utf-8")).items()]


def annex_files() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of every assignment annex."""
    rows = directive_rows()
    for office in offices():
        yield f"{office.slug}.xlsx", _annex(office, rows)


def _office(slug: str, entry: dict[str, Any]) -> Office:
    spans = [entry["numbers"], *([entry["more_numbers"]] if "more_numbers" in entry else [])]
    return Office(
        slug=slug,
        issuer=entry["issuer"],
        numbers=tuple(number for first, last in spans for number in range(first, last + 1)),
        title_row=entry["title_row"],
        annex=entry["annex"],
        subject=entry["subject"],
        parent=entry["parent"],
        headings=entry["headings"],
        groups=entry["groups"],
        merged_leads=[(first, last) for first, last in entry.get("merged_leads", [])],
        sheet=entry.get("sheet", "Phụ lục"),
    )


def _annex(office: Office, rows: Mapping[int, DirectiveRow]) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = office.sheet
    set_widths(sheet, WIDTHS)
    header = _title(sheet, office)
    body = _header(sheet, office, header)
    set_page(sheet, header_rows=(header, body - 1))
    end = _body(sheet, office, [rows[number] for number in office.numbers], body)
    put_footer(sheet, end + 1, RECIPIENTS)
    return workbook_bytes(workbook)


def _title(sheet: Worksheet, office: Office) -> int:
    """Write the title block and return the row of the table's header."""
    row = office.title_row
    put_across(sheet, row, (1, 2), office.issuer, size=13, bold=True)
    put_across(sheet, row, (LEAD, LAST), MOTTO[0], size=13, bold=True)
    put_across(sheet, row + 1, (LEAD, LAST), MOTTO[1], size=13, bold=True)
    put_across(sheet, row + 3, (1, LAST), office.annex, size=14, bold=True)
    put_across(sheet, row + 4, (1, LAST), office.subject, size=14, bold=True)
    put_across(sheet, row + 5, (1, LAST), f"(Kèm theo {CITATION})", size=13, italic=True)
    return row + 7


def _header(sheet: Worksheet, office: Office, row: int) -> int:
    """Write the header of one or two tiers and its "(1) (2) (3)" row; return the first row of the body."""
    bottom = row + 1 if office.parent else row
    for column, heading in enumerate(office.headings, start=1):
        tiered = office.parent and column in {LEAD, COORDINATING}
        put(sheet, bottom if tiered else row, column, heading, bold=True, align="center", boxed=True)
        if not tiered:
            merge_boxed(sheet, (row, bottom), (column, column))
    if office.parent:
        put(sheet, row, LEAD, office.parent, bold=True, align="center", boxed=True)
        merge_boxed(sheet, (row, row), (LEAD, COORDINATING))
    sheet.row_dimensions[row].height = 20
    sheet.row_dimensions[bottom].height = 34
    sheet.row_dimensions[bottom + 1].height = 18
    for column in range(1, LAST + 1):
        put(sheet, bottom + 1, column, f"({column})", italic=True, align="center", boxed=True)
    return bottom + 2


def _body(sheet: Worksheet, office: Office, rows: Sequence[DirectiveRow], row: int) -> int:
    """Write groups and tasks from `row` on; return the row below the last."""
    written: dict[int, int] = {}
    sections: list[str] = []
    for task in rows:
        if office.groups and task.section not in sections:
            sections.append(task.section)
            _group(sheet, office, task.section, row, len(sections))
            row += 1
        lead = "" if _shares_lead_above(office, task.number) else task.lead
        record = (task.number, task.task, lead, task.coordinating, task.product, task.deadline)
        put_record(sheet, row, record, centred=CENTRED)
        written[task.number] = row
        row += 1
    for first, last in office.merged_leads:
        assert len({task.lead for task in rows if first <= task.number <= last}) == 1, f"{first}-{last}: several leads"
        merge_boxed(sheet, (written[first], written[last]), (LEAD, LEAD))
    return row


def _group(sheet: Worksheet, office: Office, section: str, row: int, position: int) -> None:
    sheet.row_dimensions[row].height = 20
    if office.groups == "band":
        put(sheet, row, 1, section, bold=True, boxed=True)
        merge_boxed(sheet, (row, row), (1, LAST))
        return
    title = section.partition(". ")[2].upper()
    for column in range(1, LAST + 1):
        put(sheet, row, column, None, boxed=True)
    put(sheet, row, 1, ROMAN[position - 1], bold=True, align="center", boxed=True)
    put(sheet, row, 2, title, bold=True, boxed=True)


def _shares_lead_above(office: Office, number: int) -> bool:
    return any(first < number <= last for first, last in office.merged_leads)
