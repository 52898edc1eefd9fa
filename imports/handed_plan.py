"""A unit's plan (kế hoạch triển khai) → the shares of assignments it hands down, with what is wrong row by row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from imports.problem import Problem, Severity, shown, stopping, stops
from imports.reading.cells import Value, cell_text, column_letters
from imports.reading.reader import Sheet, read_workbook
from imports.reading.secrecy import secret_marks
from rules.calendar import WorkingCalendar
from rules.deadline import read_deadline
from rules.layout import heading_words

_LOOKED_AT = 60


class PlanField(StrEnum):
    """What a column of a plan holds."""

    ASSIGNMENT = "assignment"
    UNIT = "unit"
    TEXT = "text"
    PRODUCT = "product"
    DUE = "due"


_HEADINGS: Mapping[PlanField, tuple[str, ...]] = {
    PlanField.ASSIGNMENT: ("Mã nhiệm vụ", "Mã đối chiếu", "assignment"),
    PlanField.UNIT: ("Đơn vị thực hiện", "Đơn vị chủ trì", "Đơn vị được giao", "Phòng, đơn vị thực hiện", "unit"),
    PlanField.TEXT: ("Nội dung công việc", "Nội dung", "Nhiệm vụ", "Công việc", "task"),
    PlanField.PRODUCT: ("Sản phẩm", "Kết quả/Sản phẩm", "Sản phẩm dự kiến", "product"),
    PlanField.DUE: ("Thời hạn", "Thời gian hoàn thành", "Hạn hoàn thành", "Thời hạn hoàn thành", "due_on"),
}
_FIELDS = {heading_words(heading): field for field, headings in _HEADINGS.items() for heading in headings}
_NEEDED = {PlanField.ASSIGNMENT, PlanField.UNIT, PlanField.DUE}


@dataclass(frozen=True)
class PlannedShare:
    """One row of a plan, on one of its sheets: the assignment's code, the unit, what it must do and by when."""

    row: int
    assignment: str
    unit: str
    text: str
    product: str
    due_on: date


@dataclass(frozen=True)
class Plan:
    """The shares a plan hands down, and what is wrong with it; with a problem that stops, nothing may be recorded."""

    shares: tuple[PlannedShare, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def stops(self) -> bool:
        """Whether some problem refuses the whole plan."""
        return stopping(self.problems)


def read_plan(content: bytes, *, name: str, calendar: WorkingCalendar, today: date) -> Plan:
    """Read a plan; its days are read as deadlines of a document of `today`. Whatever the bytes are, it is a value."""
    workbook = read_workbook(content, name=name)
    problems = secret_marks(workbook, name) or list(workbook.problems)
    if stopping(problems):
        return Plan(problems=tuple(problems))
    shares: list[PlannedShare] = []
    tables = [(sheet, at) for sheet in workbook.sheets if (at := _heading_row(sheet)) is not None]
    for sheet, at in tables:
        reader = _Reader(sheet, _columns(sheet.rows[at]), calendar, today)
        shares += reader.shares(at + 1)
        problems += reader.problems
    if not tables:
        problems.append(stops("plan_without_table", name))
    elif not shares and not stopping(problems):
        problems.append(stops("empty_table"))
    return Plan(tuple(shares), tuple(problems))


def _heading_row(sheet: Sheet) -> int | None:
    """Return the place of the row of headings of a sheet's table; None without one, and of a hidden sheet."""
    looked_at = [] if sheet.hidden else sheet.rows[:_LOOKED_AT]
    return next((at for at, line in enumerate(looked_at) if _columns(line).keys() >= _NEEDED), None)


def _columns(line: Sequence[Value]) -> dict[PlanField, int]:
    found: dict[PlanField, int] = {}
    for at, value in enumerate(line):
        field = _FIELDS.get(heading_words(cell_text(value)))
        if field is not None:
            found.setdefault(field, at)
    return found


class _Reader:
    """Reads the rows of a plan's table; `problems` grows as it goes."""

    def __init__(self, sheet: Sheet, columns: Mapping[PlanField, int], calendar: WorkingCalendar, today: date) -> None:
        self.sheet, self.columns, self.calendar, self.today = sheet, columns, calendar, today
        self.problems: list[Problem] = []

    def shares(self, start: int) -> Iterator[PlannedShare]:
        for at in range(start, len(self.sheet.rows)):
            line = self.sheet.rows[at]
            texts = {field: cell_text(line[column]) for field, column in self.columns.items()}
            if not any(texts.values()):
                continue
            missing = next((field for field in (PlanField.ASSIGNMENT, PlanField.UNIT) if not texts[field]), None)
            due_on = self._due_day(at, texts[PlanField.DUE])
            if missing is not None:
                self._complain("plan_row_incomplete", at, missing, " | ".join(filter(None, texts.values())))
            elif due_on is not None:
                words = (texts.get(PlanField.TEXT, ""), texts.get(PlanField.PRODUCT, ""))
                yield PlannedShare(at + 1, texts[PlanField.ASSIGNMENT], texts[PlanField.UNIT], *words, due_on)

    def _due_day(self, at: int, text: str) -> date | None:
        read = read_deadline(text, document_on=self.today, calendar=self.calendar)
        # A day gone by is in doubt as a deadline; with its year it is certain all the same.
        doubtful = read.needs_confirmation and (read.due_on is None or str(read.due_on.year) not in text)
        if read.due_on is None or read.is_recurring or doubtful:
            self._complain("plan_day_unread", at, PlanField.DUE, text)
            return None
        return read.due_on

    def _complain(self, code: str, at: int, field: PlanField, found: str) -> None:
        letters = column_letters(self.columns[field])
        self.problems.append(Problem(code, Severity.STOPS, self.sheet.name, at + 1, letters, shown(found)))
