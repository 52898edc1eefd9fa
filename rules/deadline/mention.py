"""A day or a period as mentioned in a phrase, and how each kind of it is built."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from rules.deadline import periods
from rules.deadline.answer import DeadlineKind, Step
from rules.deadline.periods import ImpossibleDateError, Period
from rules.deadline.phrase import Span

CENTURY = 2000
THIS_YEAR, NEXT_YEAR = 0, 1


@dataclass(frozen=True)
class Mention:
    """A day or a period: `build` gives it for a year; `year` is None when the phrase does not say which."""

    kind: DeadlineKind
    build: Callable[[int], Period]
    year: int | None = None
    span: Span = (0, 0)
    unsure: bool = False
    steps: tuple[Step, ...] = ()

    def period(self) -> Period:
        """Return the period in its own year; raises ImpossibleDateError when it does not exist or has no year."""
        if self.year is None:
            raise ImpossibleDateError
        return self.build(self.year)

    def in_year(self, year: int) -> "Mention":
        """Return the mention with its year filled in."""
        return replace(self, year=year)


def year_of(match: re.Match[str], document_on: date) -> int | None:
    """Return the year a match states: four digits, two, or by name from the document's year."""
    groups = match.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    if groups.get("short"):
        return CENTURY + int(groups["short"])
    named = {"nay": THIS_YEAR, "sau": NEXT_YEAR, "toi": NEXT_YEAR}.get(groups.get("named") or "")
    return None if named is None else document_on.year + named


def dated(year: int | None, month: int, day: int, *, unsure: bool = False, steps: tuple[Step, ...] = ()) -> Mention:
    """Return the mention of one day."""
    return Mention(DeadlineKind.DATE, lambda chosen: periods.day(chosen, month, day), year, unsure=unsure, steps=steps)


def of_month(year: int | None, number: int) -> Mention:
    """Return the mention of a month."""
    return Mention(DeadlineKind.MONTH, lambda chosen: periods.month(chosen, number), year)


def of_quarter(year: int | None, number: int) -> Mention:
    """Return the mention of a quarter, 1 to 4."""
    return Mention(DeadlineKind.QUARTER, lambda chosen: periods.quarter(chosen, number), year)


def of_part(year: int | None, count: int, *, at_end: bool) -> Mention:
    """Return the mention of the first or last `count` months of a year."""
    kind = DeadlineKind.HALF_YEAR if count == periods.HALF_YEAR_MONTHS else DeadlineKind.RANGE
    return Mention(kind, lambda chosen: periods.part_of_year(chosen, count, at_end=at_end), year)
