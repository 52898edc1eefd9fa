"""The figures of the first page: how many are late, whose, how long; then each agency's and each milestone's."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter
from threading import Lock

from models.standings import Stand, Standings, in_statuses
from models.status_table import Counts
from rules.milestone import Verdict
from rules.status import Status

# Working days late, by weeks of five: the first and the last day of each group.
_WEEKS = ((1, 5), (6, 10), (11, 20), (21, 40), (41, None))
_COUNTING = Lock()
_OTHER = (Status.CANCELLED, Status.SUSPENDED, Status.ONGOING, Status.UNDATED)


@dataclass(frozen=True)
class AgencyLine:
    """One agency's counts by status, and its longest delay in working days."""

    code: str
    counts: Counts
    longest: int

    @property
    def other(self) -> int:
        """How many are neither done, nor open with a due day; with the statuses shown the parts add up."""
        return sum(self.counts[status.value] for status in _OTHER)


@dataclass(frozen=True)
class LateFor:
    """How many are overdue by `first` through `last` working days (None: and more)."""

    first: int
    last: int | None
    count: int


@dataclass(frozen=True)
class Figures:
    """The counts of some rows; agencies with most late work come first, then those with most work.

    `milestones` counts verdicts by milestone, `due` being their sum.
    """

    counts: Counts
    agencies: Sequence[AgencyLine]
    longest: Stand | None
    late_for: Sequence[LateFor]
    milestones: Mapping[str, Counts]

    @cached_property
    def late(self) -> int:
        """How many are overdue."""
        return self.counts[Status.OVERDUE.value]

    @cached_property
    def late_agencies(self) -> int:
        """How many agencies have overdue work."""
        return sum(1 for line in self.agencies if line.counts[Status.OVERDUE.value])


def figures_of_all(table: Standings) -> Figures:
    """Count all rows of a table, once: who comes meanwhile waits."""
    with _COUNTING:
        return _figures_of_all(table)


@lru_cache(maxsize=8)
def _figures_of_all(table: Standings) -> Figures:
    return figures_of(table.rows)


def figures_of(rows: Sequence[Stand]) -> Figures:
    """Count rows."""
    by_status = in_statuses(rows)
    late = by_status[Status.OVERDUE]
    by_agency: dict[str, Counter[Status]] = defaultdict(Counter)
    for status, group in by_status.items():
        for agency, count in Counter(map(itemgetter(2), group)).items():
            by_agency[agency][status] = count
    delays, longest = Counter(row[9] for row in late), dict[str, int]()
    for row in late:
        if row[9] > longest.get(row[2], 0):
            longest[row[2]] = row[9]
    lines = [AgencyLine(code, _counts(found), longest.get(code, 0)) for code, found in by_agency.items()]
    lines.sort(key=lambda line: (-line.counts[Status.OVERDUE.value], -line.counts["total"], line.code))
    return Figures(
        counts=_counts(Counter({status: len(group) for status, group in by_status.items()})),
        agencies=lines,
        longest=max(late, key=itemgetter(9), default=None),
        late_for=[LateFor(first, last, _between(delays, first, last)) for first, last in _WEEKS],
        milestones=verdicts_of(rows),
    )


def verdicts_of(rows: Iterable[Stand]) -> Mapping[str, Counts]:
    """Count the verdicts of rows by milestone; `due` is their sum."""
    found: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for (milestone, verdict), count in Counter((row[7], row[8]) for row in rows).items():
        if milestone is not None and verdict is not None:
            found[milestone][verdict] = count
    return {
        code: {"due": counts.total(), **{verdict.value: counts[verdict] for verdict in Verdict}}
        for code, counts in found.items()
    }


def _counts(found: Counter[Status]) -> Counts:
    return {**{status.value: found[status] for status in Status}, "total": found.total()}


def _between(delays: Counter[int], first: int, last: int | None) -> int:
    return sum(count for days, count in delays.items() if first <= days and (last is None or days <= last))
