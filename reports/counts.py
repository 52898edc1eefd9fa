"""The counted facts of a report: by status, by agency, by milestone; parts that do not add up are refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reports.integrity import same
from rules.milestone import Verdict
from rules.status import Status


@dataclass(frozen=True)
class StatusCounts:
    """How many assignments have each status; `total` is the denominator and the parts add up to it."""

    completed_on_time: int = 0
    completed_late: int = 0
    in_progress: int = 0
    due_soon: int = 0
    overdue: int = 0
    ongoing: int = 0
    undated: int = 0
    suspended: int = 0
    cancelled: int = 0
    total: int = 0

    def __post_init__(self) -> None:
        """Refuse parts that do not add up."""
        same("the counts by status", sum(count for _, count in self.parts()), "their total", self.total)

    def parts(self) -> Iterator[tuple[Status, int]]:
        """Yield each status with its count, in the order in which the paper shows them."""
        return ((status, self.of(status)) for status in SHOWN)

    def of(self, status: Status) -> int:
        """Return the count of one status."""
        return int(getattr(self, status.value))

    @property
    def completed(self) -> int:
        """Completions, on time or late."""
        return sum(self.of(status) for status in DONE)


SHOWN = (
    Status.COMPLETED_ON_TIME,
    Status.COMPLETED_LATE,
    Status.IN_PROGRESS,
    Status.DUE_SOON,
    Status.OVERDUE,
    Status.ONGOING,
    Status.UNDATED,
    Status.SUSPENDED,
    Status.CANCELLED,
)
DONE = frozenset({Status.COMPLETED_ON_TIME, Status.COMPLETED_LATE})


@dataclass(frozen=True)
class AgencyFacts:
    """How the assignments of one agency stand; `longest` is its longest delay in working days, 0 when none is late."""

    code: str
    name: str
    kind: str
    counts: StatusCounts
    longest: int = 0


@dataclass(frozen=True)
class MilestoneFacts:
    """The verdicts at one milestone; `due` is their sum, `pending_done` says how many of the pending are done."""

    code: str
    name: str
    on: date
    due: int
    met: int
    met_late: int
    missed: int
    extended: int
    cancelled: int
    pending: int
    pending_done: int = 0
    name_en: str = ""

    def __post_init__(self) -> None:
        """Refuse verdicts that do not add up."""
        same(f"the verdicts of {self.code}", sum(self.of(verdict) for verdict in Verdict), "due", self.due)

    def of(self, verdict: Verdict) -> int:
        """Return the count of one verdict."""
        return int(getattr(self, verdict.value))
