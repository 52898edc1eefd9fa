"""The oracle's own calendar, register and milestones: written out by hand, compared with nothing of the product.

Days off and swaps: the yearly announcements for officials, 2024-2026; 2027 has its statutory days alone. Mergers: of
ministries on 1 March 2025, of provinces on 1 July 2025.
"""

from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
PUBLISHED_YEARS = (2024, 2025, 2026)
# First and last day of each break on which nobody works; weekends are off by themselves.
BREAKS = (
    ("2024-01-01", "2024-01-01"), ("2024-02-08", "2024-02-14"), ("2024-04-18", "2024-04-18"),
    ("2024-04-27", "2024-05-01"), ("2024-08-31", "2024-09-03"),
    ("2025-01-01", "2025-01-01"), ("2025-01-25", "2025-02-02"), ("2025-04-07", "2025-04-07"),
    ("2025-04-30", "2025-05-04"), ("2025-08-30", "2025-09-02"),
    ("2026-01-01", "2026-01-04"), ("2026-02-14", "2026-02-22"), ("2026-04-25", "2026-04-27"),
    ("2026-04-30", "2026-05-03"), ("2026-08-29", "2026-09-02"),
    ("2027-01-01", "2027-01-01"), ("2027-02-04", "2027-02-10"), ("2027-04-16", "2027-04-16"),
    ("2027-04-30", "2027-05-03"), ("2027-09-02", "2027-09-03"),
)  # fmt: skip
WORKED_SATURDAYS = ("2024-05-04", "2025-04-26", "2026-01-10", "2026-08-22")
MILESTONES = (("2025-Q2", date(2025, 6, 30)), ("2025-08", date(2025, 8, 31)), ("2025-12", date(2025, 12, 31)))
# Abolished body: its last day, and who goes on with its duties.
MERGED = {
    "BKHDT": (date(2025, 2, 28), "BTC"),
    "BHXH": (date(2025, 2, 28), "BTC"),
    "XKIENGIANG": (date(2025, 6, 30), "T89"),
    "XSOCTRANG": (date(2025, 6, 30), "T92"),
    "XHAUGIANG": (date(2025, 6, 30), "T92"),
}
# Bodies that were split: a person must say which successor holds what, so their duties stay where they are.
SPLIT = ("BTTTT", "BLDTBXH")
UNTOUCHED = ("BCA", "BYT", "BTC", "T89", "T92", "T01")

_OFF: set[date] = set()
for first, last in BREAKS:
    each = date.fromisoformat(first)
    while each <= date.fromisoformat(last):
        _OFF.add(each)
        each += ONE_DAY
_WORKED = {date.fromisoformat(text) for text in WORKED_SATURDAYS}


def is_worked(day: date) -> bool:
    """Whether state bodies work that day."""
    if day in _WORKED:
        return True
    return day not in _OFF and day.isoweekday() <= 5


def effective(day: date) -> date | None:
    """Return the day through which work due on `day` is in time; None outside the years with a published list."""
    while day.year in PUBLISHED_YEARS:
        if is_worked(day):
            return day
        day += ONE_DAY
    return None


def last_good(day: date) -> date:
    """Return the effective day, or the due day itself where no list is published."""
    return effective(day) or day


def working_days(after: date, through: date) -> int:
    """Count the days worked later than `after`, up to and including `through`."""
    count, day = 0, after
    while day < through:
        day += ONE_DAY
        count += is_worked(day)
    return count


def working_day_after(day: date, count: int) -> date:
    """Return the day `count` working days later."""
    while count:
        day += ONE_DAY
        count -= is_worked(day)
    return day


def holder_of(agency: str, day: date) -> str:
    """Return who is accountable on `day` for what was assigned to `agency`."""
    if agency not in MERGED:
        return agency
    last_day, successor = MERGED[agency]
    return successor if day > last_day else agency


def period_begins(period: str) -> date:
    """Return the first day of a period named 2025-08, 2025-Q3, 2025-H2, 2025 or 2025-W35."""
    year, _, part = period.partition("-")
    if not part:
        return date(int(year), 1, 1)
    if part[0] == "W":
        return date.fromisocalendar(int(year), int(part[1:]), 1)
    if part[0] in "QH":
        months = 3 if part[0] == "Q" else 6
        return date(int(year), (int(part[1:]) - 1) * months + 1, 1)
    return date(int(year), int(part), 1)
