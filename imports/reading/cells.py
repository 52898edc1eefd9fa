"""Cell values as text, and cell addresses as Excel shows them."""

import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any

Value = str | int | float | bool | date | datetime | time | timedelta
Area = tuple[tuple[int, int], tuple[int, int]]

_LETTERS = 26


def column_letters(index: int) -> str:
    """Return the letters of the column at `index` (0 is A)."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """Return the address of a cell, e.g. `D7`, for 0-based `row` and `column`."""
    return f"{column_letters(column)}{row + 1}"


def cell_text(value: Any) -> str:
    """Return a cell's value as a person reads it: NFC, no outer spaces, whole numbers without ".0", d/m/y dates."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\xa0", " ").strip()
    if isinstance(value, bool) or value is None:
        return "x" if value else ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    return str(value)
