"""How digests are held back: how much one may hold, in which hours none is sent, and who alone receives in a trial."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from rules.calendar import WorkingCalendar


@dataclass(frozen=True)
class DigestPolicy:
    """`most_items` go into one digest, the rest into the next; of these `shown` stand in its text, all in its workbook.

    None is sent from `quiet_from` until `quiet_until` (local times), nor on a day off; equal times: never quiet, not
    even on a day off. With `trial`, only these addresses receive; nobody else counts as told.
    """

    most_items: int = 500
    shown: int = 50
    quiet_from: time = time(0)
    quiet_until: time = time(0)
    trial: frozenset[str] = frozenset()

    def receives(self, address: str) -> bool:
        """Whether somebody at `address` receives at all."""
        return not self.trial or address.casefold() in {each.casefold() for each in self.trial}

    @property
    def is_ever_quiet(self) -> bool:
        """Whether there are hours and days on which none is sent."""
        return self.quiet_from != self.quiet_until

    def not_before(self, at: datetime, calendar: WorkingCalendar) -> datetime | None:
        """Return the first instant after `at` (aware, in local time) that is not quiet, or None: it may go at once."""
        opens = self._opens(at, calendar) if self.is_ever_quiet else at
        return opens if opens > at else None

    def _opens(self, at: datetime, calendar: WorkingCalendar) -> datetime:
        if not calendar.is_working(at.date()):
            next_day = calendar.next_working(at.date())
            return self._opens(datetime.combine(next_day, time(0), at.tzinfo), calendar)
        first, last, now = self.quiet_from, self.quiet_until, at.time()
        quiet = first <= now < last if first <= last else now >= first or now < last
        if not quiet:
            return at
        ends = at.replace(hour=last.hour, minute=last.minute, second=0, microsecond=0)
        return ends if ends > at else self._opens(ends + timedelta(days=1), calendar)
