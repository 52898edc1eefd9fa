"""The plain facts the oracle reads: what was assigned, reported, decided and taken back, each with its instant.

Words are bare strings and days bare dates; nothing here comes from the product's rooms. Every list is in the order of
recording: what stands later was recorded later.
"""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Workbook:
    """A workbook recorded at an instant, and the instant it was taken back (None: never)."""

    recorded_at: datetime
    taken_back_at: datetime | None = None


@dataclass(frozen=True)
class Duty:
    """One agency's part in a task; `period` names the occurrence of a recurring duty ("2025-08"), else ""."""

    task: int
    agency: str
    signed_on: date
    period: str = ""

    @property
    def code(self) -> str:
        """Name the duty as the store does."""
        return f"{self.task}.{self.agency}" + (f".{self.period}" if self.period else "")


@dataclass(frozen=True)
class Wording:
    """What one workbook says of a duty: its due day, or "ongoing" or "undated"; `gone` when the row has vanished.

    `steps` are the days of the steps before the last, earliest first: the work is drafted, then submitted, then issued.
    """

    duty: int
    workbook: int
    due: date | str
    gone: bool = False
    steps: tuple[date, ...] = ()


@dataclass(frozen=True)
class Report:
    """What an agency reported: done (True), not done (False), nothing about it (None), and the proof it gave.

    `fits` says whether the document can be the product asked for (None: nobody can tell).
    """

    duty: int
    workbook: int
    on: date
    done: bool | None
    done_on: date | None = None
    number: str | None = None
    proof_on: date | None = None
    fits: bool | None = None


@dataclass(frozen=True)
class Ruling:
    """A decision: cancel, reinstate, hold, resume, extend, confirm, return or succeed (`to` whom).

    A hold may stop the clock; then what ends it early `gives_back` the days it did not last.
    """

    duty: int
    what: str
    on: date
    at: datetime
    until: date | None = None
    stops_clock: bool = False
    gives_back: bool = False
    to: str = ""


@dataclass(frozen=True)
class SameWork:
    """What a person said at an instant: the tasks are one work; a task said anew leaves what it was said before."""

    at: datetime
    tasks: tuple[int, ...]


@dataclass
class Facts:
    """Everything that was recorded."""

    workbooks: list[Workbook] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    wordings: list[Wording] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)
    same_works: list[SameWork] = field(default_factory=list)


@dataclass(frozen=True)
class Question:
    """The day asked about, the instant by which it must have been known, and what counts as done."""

    day: date
    known_at: datetime
    level: str
    window: int = 10


@dataclass(frozen=True)
class Answer:
    """How one agency stood in one task (and period); of each step its due day, its status, the day it was done.

    `other_documents` are the duties that are the same work and are not counted.
    """

    task: int
    period: str
    agency: str
    parts: frozenset[str]
    status: str
    original_due: date | None
    due: date | None
    effective_due: date | None
    days_late: int
    done_on: date | None
    milestone: str | None
    verdict: str | None
    flags: frozenset[str]
    steps: tuple[tuple[date, str, date | None], ...] = ()
    other_documents: frozenset[str] = frozenset()
