"""Milestones of a programme and the verdict each assignment has at them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

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

    last_good_day: Any
    last_good_day_as_assigned: Any
    completed_on: Any
    cancelled_on: Any


# How an assignment stands once the verdict has fallen, written once for plain values and for columns of SQL (see
# `rules.status`): the first that holds, or else met late.
VERDICTS: Sequence[tuple[Verdict, Callable[[VerdictFacts, Any], Any]]] = (
    (Verdict.CANCELLED, lambda a, day: a.cancelled_on <= day),
    (Verdict.MISSED, lambda a, day: a.completed_on > day),
    (Verdict.MET, lambda a, _: a.completed_on <= a.last_good_day_as_assigned),
    (Verdict.EXTENDED, lambda a, _: a.completed_on <= a.last_good_day),
)
OTHERWISE = Verdict.MET_LATE


def is_pending(facts: VerdictFacts, milestone_on: Any, as_of: Any) -> Any:
    """Whether the verdict has not fallen: it does at the milestone's day or the last good day, whichever is later."""
    return (milestone_on >= as_of) | (facts.last_good_day >= as_of)


def verdict(facts: VerdictFacts, milestone: Milestone, as_of: date) -> Verdict:
    """Return how an assignment stands at its milestone on `as_of`.

    The verdict falls at the milestone's day or at the assignment's last good day, whichever is later, and is
    `pending` through that day: work due on Sunday 31 August 2025 is pending through 3 September.
    """
    return Verdict.PENDING if is_pending(facts, milestone.on, as_of) else _fallen(facts, as_of)


def verdict_that_day(facts: VerdictFacts, milestone: Milestone) -> Verdict:
    """Return how an assignment stood when its milestone's day ended; `pending` where its own last good day was to come.

    `facts` are those known on that day: compare with `verdict`, which is asked later and may know more.
    """
    return Verdict.PENDING if facts.last_good_day > milestone.on else _fallen(facts, milestone.on)


def _fallen(facts: VerdictFacts, as_of: date) -> Verdict:
    return next((verdict for verdict, holds in VERDICTS if holds(facts, as_of)), OTHERWISE)
