"""The figures of the first page: how many are late, whose, how long; then each agency's and each milestone's."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from models.standings import Stand, Standings
from models.status_table import Counts
from rules.milestone import Verdict
from rules.status import Status

# Working days late, by weeks of five: the first and the last day of each group.
_WEEKS = ((1, 5), (6, 10), (11, 20), (21, 40), (41, None))
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

    @property
    def late(self) -> int:
        """How many are overdue."""
        return self.counts[Status.OVERDUE.value]

    @property
    def late_agencies(self) -> int:
        """How many agencies have overdue work."""
        return sum(1 for line in self.agencies if line.counts[Status.OVERDUE.value])


@lru_cache(maxsize=4)
def figures_of_all(table: Standings) -> Figures:
    """Count all rows of a table, once."""
    return figures_of(table.rows)


def figures_of(rows: Sequence[Stand]) -> Figures:
    """Count rows."""
    late = [row for row in rows if row.status is Status.OVERDUE]
    by_agency: dict[str, Counter[Status]] = defaultdict(Counter)
    for (agency, status), count in Counter((row[2], row[6]) for row in rows).items():
        by_agency[agency][status] = count
    longest: dict[str, int] = {}
    for row in late:
        longest[row.agency] = max(row.days_late, longest.get(row.agency, 0))
    lines = [AgencyLine(code, _counts(found), longest.get(code, 0)) for code, found in by_agency.items()]
    lines.sort(key=lambda line: (-line.counts[Status.OVERDUE.value], -line.counts["total"], line.code))
    return Figures(
        counts=_counts(Counter(row[6] for row in rows)),
        agencies=lines,
        longest=max(late, key=lambda row: row.days_late, default=None),
        late_for=[LateFor(first, last, _between(late, first, last)) for first, last in _WEEKS],
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


def _between(late: Iterable[Stand], first: int, last: int | None) -> int:
    return sum(first <= row.days_late and (last is None or row.days_late <= last) for row in late)
