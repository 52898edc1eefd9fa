"""Work seen together: tasks of many agencies, duties that come again, the conclusions of the last meeting."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from models.status_table import StatusRow
from reports.counts import DONE, SHOWN, StatusCounts
from reports.facts import Source
from reports.named_work import Namer
from reports.text import cleaned
from reports.work import CollectiveWork, Conclusions, RecurringWork
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


Shared = tuple[str, str, str, str]


@dataclass(frozen=True)
class _Member:
    """One agency's part of a task given to a collective, and how its work stands: done under any document is done."""

    key: Shared
    task: str
    status: Status


def collectives_of(rows: Iterable[StatusRow], namer: Namer) -> tuple[CollectiveWork, ...]:
    """Return the tasks given to collectives, each with all its members, counted under whichever document binds them."""
    grouped: dict[Shared, list[_Member]] = defaultdict(list)
    for member in _members(rows):
        grouped[member.key].append(member)
    return tuple(
        CollectiveWork(
            document=document,
            number=number,
            period=period,
            task=cleaned(own[0].task),
            collective=namer.collective(code),
            done=sum(member.status in DONE for member in own),
            overdue=sum(member.status is Status.OVERDUE for member in own),
            members=len(own),
        )
        for (document, number, period, code), own in sorted(grouped.items(), key=lambda entry: _as_numbered(entry[0]))
    )


def _members(rows: Iterable[StatusRow]) -> Iterator[_Member]:
    for row in rows:
        if row.status is Status.CANCELLED:
            continue
        if row.collective is not None:
            yield _Member((row.document, row.number, row.period, row.collective), row.task, row.status)
        for other in row.same_work:
            if other.collective is not None and other.status is not Status.CANCELLED:
                yield _Member((other.document, other.number, row.period, other.collective), other.task, row.status)


def _as_numbered(key: Shared) -> tuple[str, list[tuple[int, str]], str, str]:
    document, number, period, collective = key
    pieces = [(int(piece) if piece.isdecimal() else 0, piece) for piece in re.findall(r"[0-9]+|[^0-9]+", number)]
    return document, pieces, period, collective


def conclusions_of(
    rows: Sequence[StatusRow], sources: Iterable[Source], namer: Namer, *, since: date
) -> tuple[Conclusions, ...]:
    """Return the conclusions issued on `since`, the day of the last meeting, or later; their work stands late first.

    Work that is counted under another document is among them too.
    """
    made = [source for source in sources if _CONCLUSIONS.search(source.code) and source.issued_on >= since]
    return tuple(_conclusions(source, [r for r in rows if _is_of(r, source.code)], namer) for source in made)


def _is_of(row: StatusRow, document: str) -> bool:
    return document in (row.document, *(other.document for other in row.same_work))


def _conclusions(source: Source, rows: Sequence[StatusRow], namer: Namer) -> Conclusions:
    late_first = sorted(rows, key=lambda row: (row.status is not Status.OVERDUE, -row.days_late, row.last_good_day))
    return Conclusions(source.code, source.issued_on, counts_of(rows), namer.works(late_first))
