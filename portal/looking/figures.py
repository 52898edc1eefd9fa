"""The figures of the first page: how many are late, whose, how long; then agency by agency."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.status_table import Counts, StatusRow, StatusTable
from rules.status import Status

_OTHER = (Status.CANCELLED, Status.SUSPENDED, Status.ONGOING, Status.UNDATED)


@dataclass(frozen=True)
class AgencyLine:
    """One agency's counts; `other` gathers cancelled, suspended, ongoing and undated, so that the parts add up."""

    code: str
    name: str
    counts: Counts
    longest: int

    @property
    def other(self) -> int:
        """How many are neither done, nor open with a due day."""
        return sum(self.counts[status.value] for status in _OTHER)


@dataclass(frozen=True)
class FirstFigures:
    """How many are late of how many, the agencies they belong to (most first), and the longest delay."""

    late: int
    total: int
    agencies: Sequence[AgencyLine]
    longest: StatusRow | None


def first_figures(table: StatusTable, names: Mapping[str, str]) -> FirstFigures:
    """Count the late work of a table; agencies with most late work come first, then by their order in the register."""
    totals, late = table.totals(), [row for row in table.rows if row.status is Status.OVERDUE]
    lines = [
        AgencyLine(code, names[code], counts, max((row.days_late for row in late if row.agency == code), default=0))
        for code, counts in table.by_agency().items()
    ]
    lines.sort(key=lambda line: -line.counts[Status.OVERDUE.value])
    return FirstFigures(len(late), totals["total"], lines, max(late, key=lambda row: row.days_late, default=None))
