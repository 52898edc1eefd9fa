"""Sets of assignments as somebody means them, the ways to write each of their cells, and the layouts of workbooks."""

import calendar
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from hypothesis import strategies as st

from config.reference import load_reference_data
from imports import Check
from rules.layout import TableKind
from rules.register import AgencyKind
from tests.goldens.file_shapes import separated, windows_1258
from tests.goldens.pages import DIRECTIVE, Page, Row, book

ISSUED = date(2025, 3, 14)
REFERENCE = load_reference_data()
CENTRAL = {AgencyKind.MINISTRY, AgencyKind.MINISTERIAL_LEVEL, AgencyKind.GOVERNMENT_AGENCY}
AGENCIES = {
    agency.code: agency.name_vi
    for agency in REFERENCE.register.agencies
    if agency.kind in CENTRAL and agency.valid_on(ISSUED)
}
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạếềểễệốồổỗộớờởỡợứừửữựýỳAĂĐÊÔƯ0123456789 .,;:()/-–“”%+=@'\"\n"
WORDS = ("Xây dựng", "Rà soát", "Triển khai", "Kết nối", "Báo cáo", "Hoàn thiện", "Tập huấn", "Công bố")
JOINED = ("; ", ", ", "\n", " và ", ";\n- ")
WRITTEN = (str, str.upper, str.lower, lambda name: unicodedata.normalize("NFD", name), lambda name: f" {name} ")
SECTIONS = ("Hoàn thiện thể chế", "Phát triển dữ liệu", "Dịch vụ công trực tuyến", "An toàn thông tin")
FIELDS = ("seq", "task", "lead", "coordinating", "product", "deadline")
TITLE: tuple[Row, ...] = (("PHỤ LỤC",), (f"(Kèm theo {DIRECTIVE})",))


@dataclass(frozen=True)
class Assigned:
    """One task as somebody means it: what is written in the workbook, and what must be read there."""

    number: str
    text: str
    leads: tuple[str, ...]
    lead_cell: str
    due_on: date
    deadline_cell: Any
    product: str
    coordinating: str
    section: str = ""

    @property
    def cells(self) -> dict[str, Any]:
        """Return its cells by the field of their column."""
        values = (int(self.number), self.text, self.lead_cell, self.coordinating, self.product, self.deadline_cell)
        return dict(zip(FIELDS, values, strict=True))

    @property
    def meant(self) -> tuple[object, ...]:
        """Return what must be read."""
        return self.number, self.text, self.section, self.product, dict.fromkeys(self.leads, self.due_on)


def read(check: Check) -> list[tuple[object, ...]]:
    """Return what was read, in the same form."""
    return [
        (row.number, row.text, row.section, row.product, {one.agency: one.original_due_on for one in row.assignments})
        for row in check.tasks
    ]


# What may be written


@st.composite
def texts(draw: st.DrawFn) -> str:
    tail = draw(st.text(LETTERS, max_size=40))
    text = unicodedata.normalize("NFC", f"{draw(st.sampled_from(WORDS))} {tail}").strip()
    return text if "mật" not in text.lower() else "Xây dựng"


@st.composite
def deadlines(draw: st.DrawFn) -> tuple[date, Any]:
    """Give a due day and one of the ways to write it."""
    year, month = draw(st.sampled_from((2025, 2026))), draw(st.integers(1, 12))
    end = date(year, month, calendar.monthrange(year, month)[1])
    quarter = (month - 1) // 3 + 1
    end_of_quarter = date(year, quarter * 3, calendar.monthrange(year, quarter * 3)[1])
    day = draw(st.dates(ISSUED + timedelta(days=1), date(2026, 12, 31)))
    return draw(
        st.sampled_from(
            (
                (day, f"{day:%d/%m/%Y}"),
                (day, f"ngày {day.day} tháng {day.month} năm {day.year}"),
                (day, f"{day.day}.{day.month}.{day.year}"),
                (day, day),
                (day, (day - date(1899, 12, 30)).days),
                (end, f"Tháng {month}/{year}"),
                (end, f"{month:02d}/{year}"),
                (end_of_quarter, f"Quý {('I', 'II', 'III', 'IV')[quarter - 1]}/{year}"),
                (date(year, 12, 31), year),
                (date(year, 12, 31), f"Năm {year}"),
            )
        )
    )


@st.composite
def sets_of_tasks(draw: st.DrawFn) -> list[Assigned]:
    """Give up to a dozen tasks, numbered from 1."""
    return [draw(tasks(str(number))) for number in range(1, draw(st.integers(1, 12)) + 1)]


@st.composite
def tasks(draw: st.DrawFn, number: str) -> Assigned:
    leads = tuple(draw(st.lists(st.sampled_from(sorted(AGENCIES)), min_size=1, max_size=3, unique=True)))
    write, between = draw(st.sampled_from(WRITTEN)), draw(st.sampled_from(JOINED))
    due_on, deadline = draw(deadlines())
    return Assigned(
        number,
        text=draw(texts()),
        leads=leads,
        lead_cell=between.join(write(AGENCIES[code]) for code in leads),
        due_on=due_on,
        deadline_cell=deadline,
        product=draw(st.sampled_from(("", "Báo cáo", "Nghị định; Thông tư"))),
        coordinating=draw(st.sampled_from(("", "Bộ Tư pháp"))),
    )


@st.composite
def headings(draw: st.DrawFn) -> dict[str, str]:
    """Give one of the known headings for each column."""
    return {field: draw(st.sampled_from(KNOWN[field])) for field in FIELDS}


def _known_headings() -> dict[str, list[str]]:
    """Return the headings annexes have, by field, without those that mean something else in other workbooks."""
    layouts = {layout.kind: layout.headings for layout in REFERENCE.layouts}
    elsewhere = {
        words
        for kind, named in layouts.items()
        if kind is not TableKind.ASSIGNMENTS
        for words in sum(named.values(), ())
    }
    named = {str(field): variants for field, variants in layouts[TableKind.ASSIGNMENTS].items()}
    return {field: [words for words in named[field] if words not in elsewhere] for field in FIELDS}


KNOWN = _known_headings()


# The layouts


def one_tier(tasks: Sequence[Assigned], named: dict[str, str], data: st.DataObject) -> tuple[bytes, str]:
    order = data.draw(st.permutations(FIELDS[1:]))
    rows = [[task.cells[field] for field in ("seq", *order)] for task in tasks]
    return written([*TITLE, [named[field] for field in ("seq", *order)], *rows]), "one.xlsx"


def numbered_columns(tasks: Sequence[Assigned], named: dict[str, str], _: st.DataObject) -> tuple[bytes, str]:
    heading, numbers = [named[field] for field in FIELDS], [f"({n})" for n in range(1, 7)]
    body = [list(task.cells.values()) for task in tasks]
    middle = len(body) // 2
    return written([*TITLE, heading, numbers, *body[:middle], heading, numbers, *body[middle:]]), "numbered.xlsx"


def two_tiers(tasks: Sequence[Assigned], named: dict[str, str], _: st.DataObject) -> tuple[bytes, str]:
    upper = [named["seq"], named["task"], "Cơ quan thực hiện", "", named["product"], named["deadline"]]
    lower = ["", "", "Chủ trì", "Phối hợp", "", ""]
    merges = ("C3:D3", "A3:A4", "B3:B4", "E3:E4", "F3:F4")
    return written([*TITLE, upper, lower, *(list(task.cells.values()) for task in tasks)], merges), "two.xlsx"


def merged(tasks: Sequence[Assigned], named: dict[str, str], _: st.DataObject) -> tuple[bytes, str]:
    """Merge the cells of one lead down over all the rows it stands in."""
    rows = [list(task.cells.values()) for task in tasks]
    merges = []
    for _cell, run in groupby(range(len(rows)), key=lambda at: rows[at][2]):
        first, *covered = run
        for at in covered:
            rows[at][2] = ""
        merges += [f"C{first + 4}:C{covered[-1] + 4}"] if covered else []
    return written([*TITLE, [named[field] for field in FIELDS], *rows], merges), "merged.xlsx"


def grouped(tasks: Sequence[Assigned], named: dict[str, str], _: st.DataObject) -> tuple[bytes, str]:
    rows: list[Row] = []
    for section, of_section in groupby(tasks, key=lambda task: task.section):
        roman, _dot, title = section.partition(". ")
        rows += [[roman, title], *(list(task.cells.values()) for task in of_section)]
    return written([*TITLE, [named[field] for field in FIELDS], *rows]), "grouped.xlsx"


def separated_text(tasks: Sequence[Assigned], named: dict[str, str], data: st.DataObject) -> tuple[bytes, str]:
    lines = [*TITLE, [named[field] for field in FIELDS], *(map(as_text, task.cells.values()) for task in tasks)]
    text = separated(data.draw(st.sampled_from(";,\t")), [tuple(line) for line in lines])
    encode = data.draw(st.sampled_from((str.encode, lambda t: t.encode("utf-16"), windows_1258)))
    return encode(text), "text.csv"


def as_text(value: object) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def in_sections(tasks: Sequence[Assigned]) -> list[Assigned]:
    sections = [f"{roman}. {title}" for roman, title in zip(("I", "II", "III", "IV"), SECTIONS, strict=True)]
    return [replace(task, section=sections[at * 4 // len(tasks)]) for at, task in enumerate(tasks)]


def with_repeated_leads(tasks: Sequence[Assigned]) -> list[Assigned]:
    """Give the first of every three tasks' leads to all three."""
    arranged = []
    for at, task in enumerate(tasks):
        first = tasks[at // 3 * 3]
        arranged.append(replace(task, leads=first.leads, lead_cell=first.lead_cell))
    return arranged


def written(rows: Sequence[Row], merges: Sequence[str] = ()) -> bytes:
    return book(Page(rows, merges=merges))


Layout = Callable[[Sequence[Assigned], dict[str, str], st.DataObject], tuple[bytes, str]]
LAYOUTS: dict[str, tuple[Layout, Callable[[Sequence[Assigned]], Sequence[Assigned]]]] = {
    "one tier": (one_tier, list),
    "numbered columns, headings repeated": (numbered_columns, list),
    "two tiers": (two_tiers, list),
    "merged leads": (merged, with_repeated_leads),
    "groups": (grouped, in_sections),
    "text": (separated_text, list),
}
