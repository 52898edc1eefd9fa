"""Work seen together: duties that come again, and the conclusions of the last meeting."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from models.status_table import StatusRow
from reports.counts import SHOWN, StatusCounts
from reports.facts import Source
from reports.named_work import Namer
from reports.text import cleaned
from reports.work import Conclusions, RecurringWork
from rules.status import Status

# A meeting's conclusions are issued as a notice (thông báo) or as conclusions (kết luận).
_CONCLUSIONS = re.compile(r"/(TB|KL)(-|$)", re.IGNORECASE)


def counts_of(rows: Iterable[StatusRow]) -> StatusCounts:
    """Count rows by status."""
    found = Counter(row.status for row in rows)
    return StatusCounts(**{status.value: found[status] for status in SHOWN}, total=found.total())


def recurring_of(rows: Iterable[StatusRow]) -> tuple[RecurringWork, ...]:
    """Return the duties with periods, each with how its periods stand, over all its agencies."""
    grouped: dict[tuple[str, str], list[StatusRow]] = defaultdict(list)
    for row in rows:
        if row.period:
            grouped[row.document, row.number].append(row)
    return tuple(
        RecurringWork(document, number, cleaned(own[0].task), len({row.agency for row in own}), counts_of(own))
        for (document, number), own in grouped.items()
    )


def conclusions_of(
    rows: Sequence[StatusRow], sources: Iterable[Source], namer: Namer, *, since: date
) -> tuple[Conclusions, ...]:
    """Return the conclusions issued on `since`, the day of the last meeting, or later; their work stands late first."""
    made = [source for source in sources if _CONCLUSIONS.search(source.code) and source.issued_on >= since]
    return tuple(_conclusions(source, [r for r in rows if r.document == source.code], namer) for source in made)


def _conclusions(source: Source, rows: Sequence[StatusRow], namer: Namer) -> Conclusions:
    late_first = sorted(rows, key=lambda row: (row.status is not Status.OVERDUE, -row.days_late, row.last_good_day))
    return Conclusions(source.code, source.issued_on, counts_of(rows), namer.works(late_first))
