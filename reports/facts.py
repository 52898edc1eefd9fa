"""The facts of one report: a frozen, JSON-serialisable value that every writer reads and that always adds up."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from reports.counts import SHOWN, AgencyFacts, MilestoneFacts, StatusCounts
from reports.integrity import FactsDoNotAddUpError, same
from rules.scorecard import Measure, Proposal, Thresholds
from rules.status import Status


@dataclass(frozen=True)
class Work:
    """One assignment by name, with what its agency last reported. `days_late` in working days, 0 when in time.

    What is quoted was reported by the cut-off; `reported_later` says that nothing was, and a later report is quoted.
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
class Source:
    """A document whose assignments are counted."""

    code: str
    title: str
    issued_on: date
    assignments: int


@dataclass(frozen=True)
class Move:
    """How many assignments went from one status to another; None: not counted yet, or no more."""

    before: Status | None
    after: Status | None
    count: int


@dataclass(frozen=True)
class Movement:
    """What changes between the cut-off and the meeting, by what is known now.

    `last_day` counts what is not done and in time through the meeting day only: late from the next day on.
    """

    totals: StatusCounts
    moves: tuple[Move, ...]
    becomes_late: tuple[Work, ...]
    becomes_done: tuple[Work, ...]
    last_day: int = 0


@dataclass(frozen=True)
class Previous:
    """The last stored figures: an edition (its code) or the totals of a day (code empty)."""

    edition: str
    as_of: date
    totals: StatusCounts


@dataclass(frozen=True)
class Facts:
    """Everything one report says, gathered once. Making one whose parts do not add up raises FactsDoNotAddUpError.

    `without_due_day_counts` are the parts of `without_due_day`; None in facts frozen before they were counted.
    """

    month: str
    cutoff: date
    meeting: date
    known_at: datetime
    level: str
    warning_working_days: int
    due_through: date
    thresholds: Thresholds
    sources: tuple[Source, ...]
    totals: StatusCounts
    agencies: tuple[AgencyFacts, ...]
    milestones: tuple[MilestoneFacts, ...]
    beyond_milestones: int
    without_due_day: int
    late: tuple[Work, ...]
    done_late: tuple[Work, ...]
    due_next: tuple[Work, ...]
    undated: tuple[Work, ...]
    unconfirmed: tuple[Work, ...]
    unled: tuple[UnledTask, ...]
    collectives: tuple[CollectiveWork, ...]
    movement: Movement
    previous: Previous | None
    proposals: tuple[Proposal, ...]
    without_due_day_counts: StatusCounts | None = None

    def __post_init__(self) -> None:
        """Refuse facts whose parts contradict each other."""
        _check_agencies(self)
        _check_lists(self)
        _check_movement(self)
        _check_milestones(self)
        same("the assignments by document", sum(s.assignments for s in self.sources), "the total", self.totals.total)

    def to_json(self) -> dict[str, Any]:
        """Return the facts as plain JSON values, always in the same order."""
        answer: dict[str, Any] = _adapter().dump_python(self, mode="json")
        return answer

    def to_bytes(self) -> bytes:
        """Return the facts as a JSON document: the same facts give the same bytes."""
        return _adapter().dump_json(self, indent=2) + b"\n"

    @staticmethod
    def from_json(value: object) -> "Facts":
        """Return the facts `to_json` gave; raises ValueError when they are not facts or do not add up."""
        return _adapter().validate_python(value)

    def digest(self) -> str:
        """Return the SHA-256 of what the report says: the instant of knowing apart, equal content has one digest."""
        return hashlib.sha256(replace(self, known_at=_NO_INSTANT).to_bytes()).hexdigest()

    def proposed(self, measure: Measure) -> tuple[Proposal, ...]:
        """Return the proposals of one measure."""
        return tuple(proposal for proposal in self.proposals if proposal.measure is measure)

    def name_of(self, agency: str) -> str:
        """Return the name of an agency that has assignments; its code when it has none."""
        return next((known.name for known in self.agencies if known.code == agency), agency)


_NO_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def _adapter() -> TypeAdapter[Facts]:
    return TypeAdapter(Facts)


def _check_agencies(facts: Facts) -> None:
    late_by_agency = {agency.code: 0 for agency in facts.agencies}
    for work in facts.late:
        if work.agency not in late_by_agency:
            raise FactsDoNotAddUpError(f"late work {work.code} belongs to {work.agency}, which is not counted")
        late_by_agency[work.agency] += 1
    for status in SHOWN:
        by_agency = sum(agency.counts.of(status) for agency in facts.agencies)
        same(f"{status.value} of all agencies", by_agency, f"{status.value} in total", facts.totals.of(status))
    for agency in facts.agencies:
        same(f"overdue of {agency.code}", agency.counts.overdue, "its late work by name", late_by_agency[agency.code])


def _check_milestones(facts: Facts) -> None:
    placed = sum(m.due for m in facts.milestones) + facts.beyond_milestones + facts.without_due_day
    same("the assignments by milestone, beyond and without due day", placed, "the total", facts.totals.total)
    if facts.without_due_day_counts is not None:
        parts = facts.without_due_day_counts.total
        same("the statuses of work without due day", parts, "work without due day", facts.without_due_day)


def _check_lists(facts: Facts) -> None:
    same("late work by name", len(facts.late), "overdue in total", facts.totals.overdue)
    same("work done late by name", len(facts.done_late), "completed_late in total", facts.totals.completed_late)
    same("undated work by name", len(facts.undated), "undated in total", facts.totals.undated)
    wrong = [work.code for work in facts.late if work.status is not Status.OVERDUE]
    if wrong:
        raise FactsDoNotAddUpError(f"{wrong[0]} is listed as late work but is not overdue")


def _check_movement(facts: Facts) -> None:
    moves = facts.movement.moves
    for status in SHOWN:
        left = sum(move.count for move in moves if move.before is status)
        same(f"moves from {status.value}", left, "its count at the cut-off", facts.totals.of(status))
        came = sum(move.count for move in moves if move.after is status)
        same(f"moves to {status.value}", came, "its count at the meeting", facts.movement.totals.of(status))
