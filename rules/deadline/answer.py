"""The words in which a read deadline is answered: kinds, steps of the derivation, the deadline, its occurrences."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from rules.calendar import WorkingCalendar
from rules.status import Nature

STAGE_NAMED = "stage_named"


class DeadlineKind(StrEnum):
    """What form the phrase has."""

    DATE = "date"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"
    RANGE = "range"
    RELATIVE = "relative"
    RECURRING_WEEKLY = "recurring_weekly"
    RECURRING_MONTHLY = "recurring_monthly"
    RECURRING_QUARTERLY = "recurring_quarterly"
    RECURRING_SEMIANNUAL = "recurring_semiannual"
    RECURRING_ANNUAL = "recurring_annual"
    ONGOING = "ongoing"
    UNPARSEABLE = "unparseable"


class Problem(StrEnum):
    """Why no day can be stated, or what must be said beside it."""

    NEEDS_DATE = "needs_date"
    AWAITING_EVENT = "awaiting_event"
    IMPOSSIBLE_DATE = "impossible_date"
    START_ONLY = "start_only"
    CALENDAR_NOT_COVERED = "calendar_not_covered"


@dataclass(frozen=True)
class Step:
    """One step of the derivation; `code` names its sentence in `texts/words/deadline.toml`, `values` fill it."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Stage:
    """One stage of work done in stages, as named ("dự thảo", "trình Chính phủ"), and the last day for it."""

    name: str
    due_on: date


@dataclass(frozen=True)
class Deadline:
    """What a phrase means.

    `due_on` is the last calendar day meant; `effective_due_on` the same moved to the next working day (None when
    there is no due day or the calendar does not cover it). For recurring duties they are the first occurrence.
    `problem` is a code when no day can be stated or a note belongs to it: needs_date, awaiting_event,
    impossible_date, start_only, calendar_not_covered; None otherwise.
    """

    text: str
    kind: DeadlineKind
    start: date | None = None
    due_on: date | None = None
    effective_due_on: date | None = None
    recurrence: str = ""
    needs_confirmation: bool = False
    steps: tuple[Step, ...] = ()
    problem: str | None = None

    @property
    def nature(self) -> Nature:
        """Whether the duty is dated, ongoing by nature, or still needs a date."""
        if self.due_on is not None:
            return Nature.DATED
        return Nature.ONGOING if self.kind is DeadlineKind.ONGOING else Nature.UNDATED

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages the phrase names, each later than the one before; none unless it names two or more."""
        named = (step.values for step in self.steps if step.code == STAGE_NAMED)
        return tuple(Stage(values["words"], values["day"]) for values in named)

    @property
    def is_recurring(self) -> bool:
        """Whether the duty comes back every period."""
        return self.kind.startswith("recurring_")


@dataclass(frozen=True)
class Occurrence:
    """One period of a recurring duty: `period` is its stable name (2025-08, 2025-Q3, 2025-H2, 2025, 2025-W35)."""

    period: str
    starts_on: date
    due_on: date


@dataclass(frozen=True)
class Circumstances:
    """What a phrase is read against; `before_is_exclusive` says that "trước ngày X" ends the day before X."""

    document_on: date
    calendar: WorkingCalendar
    before_is_exclusive: bool = True


@dataclass(frozen=True)
class Reading:
    """What one recogniser made of a phrase, before the due day is moved to a working day."""

    kind: DeadlineKind
    start: date | None = None
    due_on: date | None = None
    recurrence: str = ""
    unsure: bool = False
    steps: tuple[Step, ...] = ()
    problem: Problem | None = None
