"""A cell that should hold one day: a real date, an Excel serial, or a text d/m/yyyy or d/m/yy."""

import re
from datetime import date, datetime, timedelta

from imports.reading.cells import Value, cell_text

_EXCEL_EPOCH = date(1899, 12, 30)
MONTHS = 12
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050  # 1 January 2000 to 31 December 2099
_DAY = re.compile(
    r"^\W*(?:ng[aà]y\s+)?(\d{1,2})\s*(?:[/.-]|th[aá]ng)\s*(\d{1,2})\s*(?:[/.-]|n[aă]m)\s*(\d{4}|\d{2})\W*$",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"^\d{5}$")
_CENTURY, _TWO_FIGURES = 2000, 100
_DAY_IN_TEXT = re.compile(r"(?<!\d)(\d{1,2})\s*(?:[/.-]|tháng)\s*(\d{1,2})\s*(?:[/.-]|năm)\s*(\d{4})(?!\d)")
_ISO_DAY = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$")


class ImpossibleDayError(ValueError):
    """The cell has the form of a date, and there is no such day."""


def read_day(value: Value) -> date | None:
    """Return the day a cell holds, None when it holds none.

    Raises ImpossibleDayError for a day that does not exist, e.g. 29/02/2025.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _EXCEL_EPOCH + timedelta(days=int(value)) if _FIRST_SERIAL <= value <= _LAST_SERIAL else None
    text = cell_text(value)
    if _SERIAL.match(text):
        return read_day(int(text))
    written = _DAY.match(text)
    if written:
        return _existing(*_in_order(written))
    iso = _ISO_DAY.match(text)
    return _existing(*(int(part) for part in iso.groups())) if iso else None


def names_impossible_day(text: str) -> bool:
    """Whether `text` writes a day that does not exist."""
    for written in _DAY_IN_TEXT.finditer(text):
        try:
            _existing(*_in_order(written))
        except ImpossibleDayError:
            return True
    return False


def _in_order(written: re.Match[str]) -> tuple[int, int, int]:
    """Return year, month, day; day comes first in d/m/y, and a middle part above 12 proves m/d/y."""
    day, month, year = (int(part) for part in written.groups())
    year += _CENTURY if year < _TWO_FIGURES else 0
    return (year, day, month) if month > MONTHS >= day else (year, month, day)


def _existing(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ImpossibleDayError(f"{day}/{month}/{year}") from error
