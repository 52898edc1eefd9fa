"""The answer to "how do the duties stand": one row per assignment, and counts that add up to their total."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.same_work import OtherDocument
from rules.milestone import Milestone, Verdict
from rules.status import Flag, Nature, Status
from rules.steps import StepStanding

Counts = Mapping[str, int]


@dataclass(frozen=True)
class StatusRow:
    """One assignment as judged on a day.

    `agency` is who was accountable that day; `parts` are the codes of the assignments it holds as one (several after
    a merger). `days_late` counts working days between the effective due day and the completion, or the day asked
    about; 0 when not late. `milestone` is None for duties without a due day. `steps` are those of work done in several:
    until it is done, `last_good_day` is that of the first still open, and so `status` and `days_late` are its own.
    `same_work` are the rows of other documents that are the same work: not counted, and done when this one is.
    """

    assignment_id: int
    code: str
    document: str
    number: str
    section: str
    agency: str
    task: str
    product: str
    deadline_text: str
    collective: str | None
    period: str
    original_due_on: date | None
    due_on: date | None
    effective_due_on: date | None
    last_good_day: date
    status: Status
    flags: tuple[Flag, ...]
    days_late: int
    completed_on: date | None
    last_heard_on: date | None
    milestone: str | None
    verdict: Verdict | None
    parts: tuple[str, ...]
    nature: Nature
    steps: tuple[StepStanding, ...] = ()
    same_work: tuple[OtherDocument, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all assignments the row stands for, those of the same work in other documents included."""
        return (*self.parts, *(code for other in self.same_work for code in other.parts))

    @property
    def open_step(self) -> StepStanding | None:
        """The first step still open, whose day the row goes by; None for work that has none, or is done."""
        return next((step for step in self.steps if step.completed_on is None), None)


@dataclass(frozen=True)
class QueuedTask:
    """A task nobody registered answers for, kept to be confirmed and never guessed."""

    document: str
    number: str
    task: str
    lead_text: str
    queue: str


@dataclass(frozen=True)
class StatusTable:
    """Every assignment's status on `as_of`, by what had been recorded at `known_at`."""

    as_of: date
    known_at: datetime
    rows: Sequence[StatusRow]
    milestones: Sequence[Milestone]
    queue: Sequence[QueuedTask] = ()

    def totals(self) -> Counts:
        """Count the rows by status; the parts add up to `total`."""
        return _counts(self.rows)

    def by_agency(self) -> Mapping[str, Counts]:
        """Count the rows by accountable agency and status, in the order of the rows."""
        grouped: dict[str, list[StatusRow]] = {}
        for row in self.rows:
            grouped.setdefault(row.agency, []).append(row)
        return {agency: _counts(rows) for agency, rows in grouped.items()}

    def by_milestone(self) -> Mapping[str, Counts]:
        """Count verdicts by milestone; `due` is their sum. Undated and ongoing duties belong to none."""
        answer: dict[str, Counts] = {}
        for milestone in self.milestones:
            verdicts = Counter(row.verdict for row in self.rows if row.milestone == milestone.code)
            parts = {verdict.value: verdicts[verdict] for verdict in Verdict}
            answer[milestone.code] = {"due": sum(parts.values()), **parts}
        return answer


def _counts(rows: Sequence[StatusRow]) -> Counts:
    by_status = Counter(row.status for row in rows)
    parts = {status.value: by_status[status] for status in Status}
    return {**parts, "total": sum(parts.values())}
