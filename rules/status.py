"""The decision table: what an assignment's status is on a day.

Written once over total facts (nothing is None: a date that never came is `NEVER`), so that the same rows judge one
assignment in Python and a whole register in SQL: conditions use only comparison, `&` and `|`, which plain values
and database columns both understand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

NEVER = date.max


class Status(StrEnum):
    """The primary status; the nine partition all assignments."""

    CANCELLED = "cancelled"
    COMPLETED_ON_TIME = "completed_on_time"
    COMPLETED_LATE = "completed_late"
    SUSPENDED = "suspended"
    ONGOING = "ongoing"
    UNDATED = "undated"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    IN_PROGRESS = "in_progress"


class Flag(StrEnum):
    """What is said beside the status; an assignment may carry several."""

    AWAITING_CONFIRMATION = "awaiting_confirmation"
    SILENT = "silent"
    EXTENDED = "extended"
    LATE_AT_ASSIGNMENT = "late_at_assignment"
    UNDATED = "undated"
    AWAITING_EVENT = "awaiting_event"
    SEVERAL_LEADS = "several_leads"
    SEVERAL_DOCUMENTS = "several_documents"
    CALENDAR_NOT_COVERED = "calendar_not_covered"
    SUCCESSOR = "successor"
    COMMITTED = "committed"
    BROKEN_COMMITMENT = "broken_commitment"


class Nature(StrEnum):
    """Whether a duty has one due day, none by nature, or none because nobody has set it."""

    DATED = "dated"
    ONGOING = "ongoing"
    UNDATED = "undated"


class CompletionLevel(StrEnum):
    """What counts as completion: the agency's word, a document's number and date, or the secretariat's acceptance."""

    DECLARED = "declared"
    EVIDENCED = "evidenced"
    CONFIRMED = "confirmed"


@dataclass(frozen=True)
class StatusFacts:
    """Everything the table looks at. Dates are total: `NEVER` stands for a day that did not come.

    `last_good_day` is the last day through which work is in time: the effective due day, or `due_on` where the
    calendar does not cover it; `NEVER` for duties without a due day. Of unfinished work done in steps it is that of the
    first step still open.
    """

    nature: Any
    last_good_day: Any
    completed_on: Any = NEVER
    cancelled_on: Any = NEVER
    held_from: Any = NEVER
    held_until: Any = NEVER


@dataclass(frozen=True)
class AskedAbout:
    """The day asked about and the last day of its warning window (both included)."""

    day: date
    warning_until: date


Condition = Callable[[StatusFacts, AskedAbout], Any]

TABLE: Sequence[tuple[Status, Condition]] = (
    (Status.CANCELLED, lambda a, asked: a.cancelled_on <= asked.day),
    (Status.COMPLETED_ON_TIME, lambda a, asked: (a.completed_on <= asked.day) & (a.completed_on <= a.last_good_day)),
    (Status.COMPLETED_LATE, lambda a, asked: a.completed_on <= asked.day),
    (Status.SUSPENDED, lambda a, asked: (a.held_from <= asked.day) & (a.held_until >= asked.day)),
    (Status.ONGOING, lambda a, _: a.nature == Nature.ONGOING),
    (Status.UNDATED, lambda a, _: a.nature == Nature.UNDATED),
    (Status.OVERDUE, lambda a, asked: a.last_good_day < asked.day),
    (Status.DUE_SOON, lambda a, asked: a.last_good_day <= asked.warning_until),
)
OTHERWISE = Status.IN_PROGRESS

# An agency that holds several parts of one task stands as its worst part does: done when all are done.
WORST_FIRST: Sequence[Status] = (
    Status.OVERDUE,
    Status.DUE_SOON,
    Status.IN_PROGRESS,
    Status.UNDATED,
    Status.ONGOING,
    Status.SUSPENDED,
    Status.COMPLETED_LATE,
    Status.COMPLETED_ON_TIME,
    Status.CANCELLED,
)


def judge(facts: StatusFacts, asked: AskedAbout) -> Status:
    """Return the status of one assignment: the first row of the table that matches."""
    return next((status for status, holds in TABLE if holds(facts, asked)), OTHERWISE)
