"""Work by name, as a report lists it."""

from dataclasses import dataclass
from datetime import date

from reports.counts import StatusCounts
from rules.status import Status


@dataclass(frozen=True)
class Work:
    """One assignment by name, with what its agency last reported. `days_late` in working days, 0 when in time.

    What is quoted was reported by the cut-off; `reported_later` says that nothing was, and a later report is quoted.
    `reason` was given with the last request for more time or the last commitment; `committed_until` is the day
    promised and `commitment` how that promise stands (standing, broken); `obstacle` is one not yet answered and
    `obstacle_with` the name of who must answer it. `step` is the first still open of work done in several, whose last
    good day `step_until` the status and the days late go by. `also` are the codes of what else it stands for: what it
    was merged from, and the same work in other documents.
    """

    code: str
    document: str
    number: str
    period: str
    agency: str
    agency_name: str
    task: str
    product: str
    deadline_text: str
    collective: str
    original_due_on: date | None
    due_on: date | None
    effective_due_on: date | None
    status: Status
    days_late: int
    completed_on: date | None
    reported_on: date | None = None
    result: str = ""
    evidence: str = ""
    difficulty: str = ""
    proposal: str = ""
    reported_later: bool = False
    reason: str = ""
    committed_until: date | None = None
    commitment: str = ""
    obstacle: str = ""
    obstacle_with: str = ""
    step: str = ""
    step_until: date | None = None
    also: tuple[str, ...] = ()

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all assignments it stands for."""
        return frozenset((self.code, *self.also))

    @property
    def good_until(self) -> date | None:
        """The last day through which it is, or was, in time; None without a due day."""
        return self.step_until or self.effective_due_on or self.due_on


@dataclass(frozen=True)
class UnledTask:
    """A task nobody registered answers for."""

    document: str
    number: str
    task: str
    lead_text: str


@dataclass(frozen=True)
class CollectiveWork:
    """A task given to a collective: `done` of `members` have completed it, `overdue` are late."""

    document: str
    number: str
    period: str
    task: str
    collective: str
    done: int
    overdue: int
    members: int


@dataclass(frozen=True)
class RecurringWork:
    """A duty that comes again: how its periods stand that count by the cut-off, over all its agencies."""

    document: str
    number: str
    task: str
    agencies: int
    counts: StatusCounts


@dataclass(frozen=True)
class Conclusions:
    """How the conclusions of the last meeting stand: a document of them, its work by name, late first."""

    document: str
    issued_on: date
    counts: StatusCounts
    works: tuple[Work, ...]
