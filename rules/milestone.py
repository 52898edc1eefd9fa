"""Milestones of a programme and the verdict each assignment has at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

BEYOND = "beyond"


@dataclass(frozen=True, order=True)
class Milestone:
    """A day on which a programme is judged, e.g. code `2025-Q2` on 30 June 2025."""

    on: date
    code: str
    name_vi: str
    name_en: str


class Verdict(StrEnum):
    """How an assignment stands at its milestone; `pending` until the milestone's day has passed."""

    MET = "met"
    MET_LATE = "met_late"
    MISSED = "missed"
    EXTENDED = "extended"
    CANCELLED = "cancelled"
    PENDING = "pending"


def milestone_of(original_due_on: date | None, milestones: Sequence[Milestone]) -> Milestone | None:
    """Return the first milestone on or after the day as assigned; None when undated or later than the last."""
    if original_due_on is None:
        return None
    return next((m for m in sorted(milestones) if original_due_on <= m.on), None)


@dataclass(frozen=True)
class VerdictFacts:
    """What a verdict looks at; `last_good_day` and the others are as in `rules.status.StatusFacts`."""

    last_good_day: date
    last_good_day_as_assigned: date
    completed_on: date
    cancelled_on: date


def verdict(facts: VerdictFacts, milestone: Milestone, as_of: date) -> Verdict:
    """Return how an assignment stands at its milestone on `as_of`.

    The verdict falls at the milestone's day or at the assignment's last good day, whichever is later, and is
    `pending` through that day: work due on Sunday 31 August 2025 is pending through 3 September.
    """
    if as_of <= max(milestone.on, facts.last_good_day):
        return Verdict.PENDING
    if facts.cancelled_on <= as_of:
        return Verdict.CANCELLED
    if facts.completed_on > as_of:
        return Verdict.MISSED
    if facts.completed_on <= facts.last_good_day_as_assigned:
        return Verdict.MET
    return Verdict.EXTENDED if facts.completed_on <= facts.last_good_day else Verdict.MET_LATE
