"""The facts of one report: a frozen, JSON-serialisable value that every writer reads and that always adds up."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from reports import adding_up
from reports.counts import AgencyFacts, MilestoneFacts, StatusCounts
from reports.raised import Asked, BurnPoint, IndicatorFacts, OpenObstacle, Opens
from reports.work import CollectiveWork, Conclusions, RecurringWork, UnledTask, Work
from rules.scorecard import Measure, Proposal, Thresholds
from rules.status import Status


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
    """The last stored figures: an edition (its code) or the totals of a day (code empty).

    Since that edition `newly_late` assignments came to the overdue ones, and `late_no_more` left them; None where the
    last figures name no work. By `joined` those late then and now are fewer than they were: they became one with
    others (negative: one became several).
    """

    edition: str
    as_of: date
    totals: StatusCounts
    newly_late: tuple[str, ...] | None = None
    late_no_more: tuple[str, ...] | None = None
    joined: int = 0


@dataclass(frozen=True)
class Facts:
    """Everything one report says, gathered once. Making one whose parts do not add up raises FactsDoNotAddUpError.

    `without_due_day_counts` are the parts of `without_due_day`. It and `ongoing` are None, and the lists after it
    empty, in facts frozen before they were gathered.
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
    ongoing: tuple[Work, ...] | None = None
    recurring: tuple[RecurringWork, ...] = ()
    extensions: tuple[Asked, ...] = ()
    disputes: tuple[Asked, ...] = ()
    obstacles: tuple[OpenObstacle, ...] = ()
    indicators: tuple[IndicatorFacts, ...] = ()
    conclusions: tuple[Conclusions, ...] = ()
    burndown: tuple[BurnPoint, ...] = ()
    opens: tuple[Opens, ...] = ()

    def __post_init__(self) -> None:
        """Refuse facts whose parts contradict each other."""
        adding_up.check(self)

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
