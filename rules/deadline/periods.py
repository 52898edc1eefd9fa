"""Calendar periods: a period without a day means its last calendar day (Civil Code 2015 art. 146-148)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from rules.deadline.answer import DeadlineKind

PLAUSIBLE_YEARS = range(2000, 2100)
MONTHS = 12
QUARTER_MONTHS = 3
HALF_YEAR_MONTHS = 6


class ImpossibleDateError(ValueError):
    """The phrase names a day, month, quarter or year that does not exist."""


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both included."""

    kind: DeadlineKind
    first: date
    last: date


def day(year: int, month: int, number: int) -> Period:
    """Return one day; raises ImpossibleDateError for 29/02/2025 or a year nobody means."""
    if year not in PLAUSIBLE_YEARS:
        raise ImpossibleDateError(year)
    try:
        found = date(year, month, number)
    except ValueError as error:
        raise ImpossibleDateError(number, month, year) from error
    return Period(DeadlineKind.DATE, found, found)


def months(year: int, first: int, last: int, kind: DeadlineKind = DeadlineKind.RANGE) -> Period:
    """Return the months `first` to `last` of `year`; a `first` after `last` lies in the year before."""
    if first not in range(1, MONTHS + 1) or last not in range(1, MONTHS + 1):
        raise ImpossibleDateError(first, last)
    begins = day(year if first <= last else year - 1, first, 1)
    return Period(kind, begins.first, month_end(day(year, last, 1).first))


def month(year: int, number: int) -> Period:
    """Return a month."""
    return months(year, number, number, DeadlineKind.MONTH)


def quarter(year: int, number: int) -> Period:
    """Return a quarter, 1 to 4."""
    return months(year, number * QUARTER_MONTHS - 2, number * QUARTER_MONTHS, DeadlineKind.QUARTER)


def year(number: int) -> Period:
    """Return a calendar year."""
    return months(number, 1, MONTHS, DeadlineKind.YEAR)


def part_of_year(number: int, count: int, *, at_end: bool) -> Period:
    """Return the first or the last `count` months of a year; six are a half-year."""
    kind = DeadlineKind.HALF_YEAR if count == HALF_YEAR_MONTHS else DeadlineKind.RANGE
    return months(number, MONTHS - count + 1, MONTHS, kind) if at_end else months(number, 1, count, kind)


def month_end(on: date) -> date:
    """Return the last day of the month of `on`."""
    return on.replace(day=monthrange(on.year, on.month)[1])


def add_months(on: date, count: int) -> date:
    """Return the corresponding day `count` months on, or that month's last day when it has none (art. 148.3)."""
    years, month_index = divmod(on.month - 1 + count, MONTHS)
    if on.year + years not in PLAUSIBLE_YEARS:
        raise ImpossibleDateError(on.year + years)
    first = date(on.year + years, month_index + 1, 1)
    return min(first.replace(day=min(on.day, month_end(first).day)), month_end(first))
