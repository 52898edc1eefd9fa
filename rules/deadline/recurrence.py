"""A recurrence as text, in the manner of RFC 5545: which periods come back and on which day of each work is due."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rules.deadline.answer import DeadlineKind, Occurrence
from rules.deadline.periods import MONTHS, PLAUSIBLE_YEARS, month_end

WEEK = timedelta(days=7)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FRIDAY = 4
_LENGTHS = {
    DeadlineKind.RECURRING_MONTHLY: 1,
    DeadlineKind.RECURRING_QUARTERLY: 3,
    DeadlineKind.RECURRING_SEMIANNUAL: 6,
    DeadlineKind.RECURRING_ANNUAL: 12,
}
_NAMES = {
    DeadlineKind.RECURRING_MONTHLY: "FREQ=MONTHLY",
    DeadlineKind.RECURRING_QUARTERLY: "FREQ=QUARTERLY",
}


@dataclass(frozen=True)
class Recurrence:
    """When a duty comes back.

    `month` is the month of the period in which it is due, counted from 1 (None: the last one); `day` the day of that
    month (None: its last); `weekday` counts from Monday = 0; `until` is the last due day, included.
    """

    kind: DeadlineKind
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    until: date | None = None

    def __str__(self) -> str:
        """Return the text kept with the task, e.g. BYMONTH=3,6,9,12;BYMONTHDAY=14."""
        parts = [self._frequency()]
        if self.day is not None:
            parts.append(f"BYMONTHDAY={self.day}")
        if self.weekday is not None:
            parts.append(f"BYDAY={WEEKDAYS[self.weekday]}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}")
        return ";".join(parts)

    def occurrences(self, since: date) -> Iterator[Occurrence]:
        """Yield the periods from the one containing `since`, oldest first; those due before `since` are left out.

        A week must be due after `since`: the day of signature is not counted (Civil Code 2015 art. 147.2).
        """
        weekly = self.kind is DeadlineKind.RECURRING_WEEKLY
        for found in self._weeks(since) if weekly else self._months(since):
            if self.until and found.due_on > self.until:
                return
            if found.due_on > since or (found.due_on == since and not weekly):
                yield found

    def _frequency(self) -> str:
        if self.kind is DeadlineKind.RECURRING_WEEKLY:
            return "FREQ=WEEKLY"
        if self.kind in _NAMES and self.month is None and (self.day is None or self._length == 1):
            return _NAMES[self.kind]
        due_months = range(self.month or self._length, MONTHS + 1, self._length)
        return f"BYMONTH={','.join(map(str, due_months))}"

    @property
    def _length(self) -> int:
        return _LENGTHS[self.kind]

    def _weeks(self, since: date) -> Iterator[Occurrence]:
        monday = since - timedelta(days=since.weekday())
        while monday.year in PLAUSIBLE_YEARS:
            year, week, _ = monday.isocalendar()
            due_on = monday + timedelta(days=FRIDAY if self.weekday is None else self.weekday)
            yield Occurrence(f"{year}-W{week:02d}", monday, due_on)
            monday += WEEK

    def _months(self, since: date) -> Iterator[Occurrence]:
        index = (since.year * MONTHS + since.month - 1) // self._length
        while index * self._length // MONTHS in PLAUSIBLE_YEARS:
            starts_on = _month(index * self._length)
            due_month = _month(index * self._length + (self.month or self._length) - 1)
            last = month_end(due_month)
            due_on = last if self.day is None else last.replace(day=min(self.day, last.day))
            yield Occurrence(self._period_name(starts_on), starts_on, due_on)
            index += 1

    def _period_name(self, starts_on: date) -> str:
        number = (starts_on.month - 1) // self._length + 1
        return {
            DeadlineKind.RECURRING_MONTHLY: f"{starts_on:%Y-%m}",
            DeadlineKind.RECURRING_QUARTERLY: f"{starts_on.year}-Q{number}",
            DeadlineKind.RECURRING_SEMIANNUAL: f"{starts_on.year}-H{number}",
        }.get(self.kind, str(starts_on.year))


def parse_recurrence(kind: DeadlineKind, text: str) -> Recurrence:
    """Return the recurrence a text such as BYMONTH=6,12;BYMONTHDAY=20 stands for; the inverse of `str`."""
    parts = dict(part.split("=", 1) for part in text.split(";") if "=" in part)
    found = Recurrence(
        kind,
        day=int(parts["BYMONTHDAY"]) if "BYMONTHDAY" in parts else None,
        weekday=WEEKDAYS.index(parts["BYDAY"]) if "BYDAY" in parts else None,
        until=date.fromisoformat(parts["UNTIL"]) if "UNTIL" in parts else None,
    )
    return replace(found, month=int(parts["BYMONTH"].split(",")[0])) if "BYMONTH" in parts else found


def _month(index: int) -> date:
    return date(index // MONTHS, index % MONTHS + 1, 1)
