"""How digests are held back: how much one may hold, in which hours none is sent, and who alone receives in a trial."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta


@dataclass(frozen=True)
class DigestPolicy:
    """`most_items` go into one digest, the rest into the next; of these `shown` stand in its text, all in its workbook.

    None is sent from `quiet_from` until `quiet_until` (local times; equal: never quiet). With `trial`, only these
    addresses receive; nobody else counts as told.
    """

    most_items: int = 500
    shown: int = 50
    quiet_from: time = time(0)
    quiet_until: time = time(0)
    trial: frozenset[str] = frozenset()

    def receives(self, address: str) -> bool:
        """Whether somebody at `address` receives at all."""
        return not self.trial or address.casefold() in {each.casefold() for each in self.trial}

    def not_before(self, at: datetime) -> datetime | None:
        """Return the end of the quiet hours `at` (aware, in local time) falls into, or None when it may go at once."""
        first, last, now = self.quiet_from, self.quiet_until, at.time()
        quiet = first <= now < last if first <= last else now >= first or now < last
        if first == last or not quiet:
            return None
        ends = at.replace(hour=last.hour, minute=last.minute, second=0, microsecond=0)
        return ends if ends > at else ends + timedelta(days=1)
