"""Cell values as text, and cell addresses as Excel shows them."""

import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

Value = str | int | float | bool | date | datetime | time | timedelta
Place = tuple[int, int]
Area = tuple[Place, Place]

# The fast reader lays a sheet out from its first to its last cell, empty ones included.
LARGEST_AREA = 12_000_000
_LETTERS = 26


def column_letters(index: int) -> str:
    """Return the letters of the column at `index` (0 is A)."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


@lru_cache(maxsize=1024)
def column_index(letters: str) -> int:
    """Return the index (A is 0) of the column called `letters`."""
    index = 0
    for letter in letters:
        index = index * _LETTERS + ord(letter) - ord("A") + 1
    return index - 1


def address(row: int, column: int) -> str:
    """Return the address of a cell, e.g. `D7`, for 0-based `row` and `column`."""
    return f"{column_letters(column)}{row + 1}"


def cell_text(value: Any) -> str:
    """Return a cell's value as a person reads it: NFC, no outer spaces, whole numbers without ".0", d/m/y dates."""
    if isinstance(value, str):
        text = value if value.isascii() else unicodedata.normalize("NFC", value).replace("\xa0", " ")
        return text.replace("\r\n", "\n").strip()
    if isinstance(value, bool) or value is None:
        return "x" if value else ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    return str(value)
