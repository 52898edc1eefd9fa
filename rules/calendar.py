"""The working-day calendar: Saturdays and Sundays off, public holidays, and the swaps the Government grants.

Sources: Labour Code 2019 art. 112 (public holidays), Civil Code 2015 art. 148 (a last day that is a day off moves
to the end of the next working day).
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

DAY = timedelta(days=1)
WEEK = 7
WORKING_WEEK = 5
SATURDAY = 5


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked.

    `holidays` maps a day off on a weekday (or a holiday on a weekend) to its name; `worked_weekends` are Saturdays
    and Sundays worked in exchange; `official_years` have a published list; `provisional_years` have the statutory
    days only.
    """

    holidays: Mapping[date, str]
    worked_weekends: frozenset[date]
    official_years: frozenset[int]
    provisional_years: frozenset[int] = frozenset()

    def covers(self, day: date) -> bool:
        """Whether the year of `day` has a published list, so that an effective due day may be stated."""
        return day.year in self.official_years

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked; beyond the covered years only weekends and known holidays are off."""
        if day in self.worked_weekends:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def next_working(self, day: date) -> date:
        """Return `day` itself when worked, else the first working day after it."""
        while not self.is_working(day):
            day += DAY
        return day

    def last_working(self, day: date) -> date:
        """Return `day` itself when worked, else the last working day before it."""
        return self.add_working_days(day + DAY, -1)

    def effective(self, due_on: date) -> date | None:
        """Return the day through which work due on `due_on` is in time (Civil Code art. 148).

        None when the calendar does not cover it: the caller notes `calendar_not_covered` and uses `due_on`.
        """
        if not self.covers(due_on):
            return None
        rolled = self.next_working(due_on)
        return rolled if self.covers(rolled) else None

    def add_working_days(self, day: date, count: int) -> date:
        """Return the working day `count` working days after `day` (before it when negative); zero gives `day`."""
        step = DAY if count >= 0 else -DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def working_days_between(self, after: date, through: date) -> int:
        """Count working days later than `after`, up to and including `through`; negative when `through` is earlier."""
        return self._worked_through(through) - self._worked_through(after)

    def days_off(self, first: date, last: date) -> Iterator[date]:
        """Yield every day from `first` to `last`, both included, that is not worked."""
        return (day for day in days(first, last) if not self.is_working(day))

    def _worked_through(self, day: date) -> int:
        """Count every day worked from 1 January of the year 1, a Monday, through `day`."""
        weeks, into_week = divmod(day.toordinal(), WEEK)
        weekdays = weeks * WORKING_WEEK + min(into_week, WORKING_WEEK)
        return weekdays - bisect_right(self._weekdays_off, day) + bisect_right(self._weekends_worked, day)

    @cached_property
    def _weekdays_off(self) -> Sequence[date]:
        return sorted(day for day in self.holidays if day.weekday() < SATURDAY and day not in self.worked_weekends)

    @cached_property
    def _weekends_worked(self) -> Sequence[date]:
        return sorted(day for day in self.worked_weekends if day.weekday() >= SATURDAY)


def days(first: date, last: date) -> Iterator[date]:
    """Yield the days from `first` to `last`, both included."""
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))
