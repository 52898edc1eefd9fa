"""Lines of a sheet that are no rows of work: footers, totals, and rows that only number the columns."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from imports.reading.cells import Value, cell_text
from rules.folding import fold

_COLUMN_NUMBER = re.compile(r"^[(\[]?\s*(?:(\d{1,2})|[A-Da-d])\s*[)\]]?(?:\s*=.*)?$")
_FIRST_COLUMN_NUMBERS = frozenset({1, "1", "(1)", "[1]", "A", "(A)", "a", "(a)"})
_FEWEST_COLUMN_NUMBERS = 3
_SIGNS = (
    r"(?:q\.? ?)?(?:bo|thu|vu|cuc) truong|(?:pho )?chu tich|(?:tong |pho )*giam doc|chanh van phong"
    r"|thu truong (?:don vi|co quan)\b.*"
)
_FOOTER = re.compile(
    r"^\W*(?:noi nhan|nguoi (?:lap|ky|tong hop|bao cao)\b|tm\.|kt\.|tl\.|tuq\.|ghi chu\s*:|chu thich|luu\s*:"
    rf"|xac nhan cua|(?:{_SIGNS})\W*$)"
)
_NOTE = re.compile(r"^\W*(?:ghi chu\s*:|chu thich)")
_TOTAL = re.compile(r"^\W*(?:tong (?:cong|so)\b|cong\s*:)")
_BEGINS = re.compile(r"^\W*(?:noi|nguoi|tm|kt|tl|tuq|tong|cong|ghi|chu|luu|xac|q|bo|thu|vu|cuc|pho|giam|chanh)\b")
_PLACE_AND_DAY = re.compile(r"^[^\d,]{2,40},\s*ngay\b[^,]*\bnam\b")
_LONGEST = 90


def is_footer(first: str, row: Sequence[Value]) -> bool:
    """Whether a row, whose first filled cell is `first`, begins a footer: recipients, a signature, its day, notes."""
    if _may_begin(first):
        return bool(_FOOTER.match(fold(first[:_LONGEST])))
    return ", ng" in first and is_alone(row) and bool(_PLACE_AND_DAY.match(fold(first[:_LONGEST])))


def is_note(first: str) -> bool:
    """Whether a footer, whose first filled cell is `first`, is a note, which may stand amid a table."""
    return bool(_NOTE.match(fold(first[:_LONGEST])))


def is_total(first: str) -> bool:
    """Whether a row, whose first filled cell is `first`, begins like a total."""
    return _may_begin(first) and bool(_TOTAL.match(fold(first[:_LONGEST])))


def is_alone(row: Sequence[Value]) -> bool:
    """Whether one cell of the row is filled."""
    return sum(1 for value in row if cell_text(value)) == 1


def numbers_columns(first: Value, row: Sequence[Value]) -> bool:
    """Whether a row, whose first filled cell is `first`, only numbers the columns: (1) (2) (3), or A, B, 1, 2."""
    if first not in _FIRST_COLUMN_NUMBERS:
        return False
    numbers = list(_column_numbers(row))
    counted = [number for number in numbers if number is not None]
    lettered = len(numbers) - len(counted)
    in_order = counted == list(range(counted[0], counted[0] + len(counted))) if counted else False
    return in_order and len(numbers) >= _FEWEST_COLUMN_NUMBERS and numbers[:lettered] == [None] * lettered


def _may_begin(first: str) -> bool:
    return _begins(first.split(None, 1)[0])


@lru_cache(maxsize=4096)
def _begins(word: str) -> bool:
    return bool(_BEGINS.match(fold(word)))


def _column_numbers(row: Sequence[Value]) -> Iterator[int | None]:
    """Yield the number in each filled cell, None for a letter; what no numbers are in order for anything else."""
    for text in map(cell_text, row):
        if text:
            match = _COLUMN_NUMBER.match(text)
            if not match:
                yield from (-1, -1)
                return
            yield int(match[1]) if match[1] else None
