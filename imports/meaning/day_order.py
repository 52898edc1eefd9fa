"""Days that may have been read in the wrong order, or in the wrong century: asked about, never guessed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from imports.layout.headings import Field
from imports.layout.rows import WrittenRow
from imports.meaning.days import MONTHS
from imports.problem import Problem, Severity

# A day among words was written by hand, day first; what a program exported is a day alone.
_PARTS = re.compile(r"^\W*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})\W*$")
_TEN_YEARS = timedelta(days=3653)


def month_first_doubts(rows: Sequence[WrittenRow], columns: Iterable[Field]) -> Iterator[Problem]:
    """Ask about each day of a table's column that has two readings, when another of its cells has the month first."""
    for column in columns:
        texts = {row.texts.get(column, "") for row in rows}
        proof = min((text for text in texts if _has_month_first(text)), default=None)
        if proof is None:
            continue
        tables = {id(row.place) for row in rows if _has_month_first(row.texts.get(column, ""))}
        for row in rows:
            text = row.texts.get(column, "")
            if id(row.place) in tables and _has_two_readings(text):
                read_as = _read(text)
                yield row.problem("month_may_be_first", Severity.TO_CONFIRM, column, read_as=read_as, other=proof)


def is_far_off(day: date, after: date) -> bool:
    """Whether `day` is more than ten years after another: a year of two figures exchanged looks so."""
    return day - after > _TEN_YEARS


def _parts(text: str) -> tuple[int, int]:
    written = _PARTS.match(text)
    return (int(written[1]), int(written[2])) if written else (0, 0)


def _has_month_first(text: str) -> bool:
    first, second = _parts(text)
    return 0 < first <= MONTHS < second


def _has_two_readings(text: str) -> bool:
    first, second = _parts(text)
    return first != second and 0 < first <= MONTHS and 0 < second <= MONTHS


def _read(text: str) -> str:
    """Return a day as it is read: the day first."""
    written = _PARTS.match(text)
    return f"{int(written[1]):02d}/{int(written[2]):02d}/{written[3]}" if written else text
