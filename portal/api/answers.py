"""What `/api/v1` answers, field by field: the OpenAPI document is made of these."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from rules.milestone import Verdict
from rules.status import Flag, Status


class Answer(BaseModel):
    """One object of an answer: these keys and no others; keys are added in later versions, never taken away."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class ErrorSaid(Answer):
    """What went wrong: `code` is stable and for programs, `message` for people, Vietnamese with English beside."""

    code: str
    message: str


class ErrorAnswer(Answer):
    """Every refusal."""

    error: ErrorSaid


class Counts(Answer):
    """How many assignments have each status; the parts add up to `total`."""

    completed_on_time: int
    completed_late: int
    in_progress: int
    due_soon: int
    overdue: int
    ongoing: int
    undated: int
    suspended: int
    cancelled: int
    total: int


class AgencyCounts(Counts):
    """The counts of one accountable agency."""

    agency: str
    name: str


class MilestoneCounts(Answer):
    """The verdicts at one milestone; `due` is their sum."""

    milestone: str
    due: int
    met: int
    met_late: int
    missed: int
    extended: int
    cancelled: int
    pending: int


class StatusAnswer(Answer):
    """How the assignments stand on `as_of`, by what was known at `known_at`."""

    as_of: date
    known_at: datetime
    totals: Counts
    agencies: list[AgencyCounts]
    milestones: list[MilestoneCounts]


class Step(Answer):
    """One step of work done in several."""

    step: int
    name: str
    due_on: date
    effective_due_on: date | None
    status: Status
    completed_on: date | None


class SameWork(Answer):
    """The same work as another document gives it: not counted twice."""

    code: str
    document: str
    due_on: date | None
    status: Status
    parts: list[str]


class Assignment(Answer):
    """One assignment; `days_late` counts working days."""

    code: str
    document: str
    number: str
    agency: str
    task: str
    deadline: str
    period: str
    original_due_on: date | None
    due_on: date | None
    effective_due_on: date | None
    status: Status
    flags: list[Flag]
    days_late: int
    completed_on: date | None
    milestone: str | None
    verdict: Verdict | None
    parts: list[str]
    steps: list[Step]
    same_work: list[SameWork]


class AssignmentsAnswer(Answer):
    """One page of assignments in the order of their documents; `next` asks for the page after it, as known then."""

    as_of: date
    known_at: datetime
    total: int
    assignments: list[Assignment]
    next: str | None


class ExplainedStep(Answer):
    """One step of a derivation: what holds, why, and where it stands written."""

    what: str
    why: str
    source: str


class AssignmentAnswer(Answer):
    """One assignment (null when it is not counted that day) and the derivation of its status."""

    as_of: date
    known_at: datetime
    assignment: Assignment | None
    steps: list[ExplainedStep]


class Batch(Answer):
    """One recorded workbook; `undone_at` is when it was taken back."""

    batch: int
    file: str
    sha256: str
    agency: str | None
    kind: str
    recorded_at: datetime
    rows: int
    new: int
    changed: int
    unchanged: int
    gone: int
    undone_at: datetime | None


class BatchesAnswer(Answer):
    """Recorded workbooks, newest first; `next` asks for those before them."""

    batches: list[Batch]
    next: int | None


class EditionFile(Answer):
    """A file of an edition and its digest."""

    name: str
    sha256: str
    size: int


class Edition(Answer):
    """One frozen monthly report."""

    code: str
    month: str
    state: str
    cutoff: date
    meeting: date
    known_at: datetime
    created_at: datetime
    version: str
    follows: str
    corrects: str
    reason: str
    approved_by: str
    facts_sha256: str
    files: list[EditionFile]


class EditionsAnswer(Answer):
    """The editions in the order made."""

    editions: list[Edition]


class Agency(Answer):
    """A body that can be accountable, valid from and through the days given."""

    code: str
    name: str
    kind: str
    valid_from: date | None
    valid_to: date | None
    successor: str | None


class AgenciesAnswer(Answer):
    """The register of agencies, abolished ones included."""

    agencies: list[Agency]


class Milestone(Answer):
    """A day on which the programme is judged."""

    code: str
    on: date
    name_vi: str
    name_en: str


class MilestonesAnswer(Answer):
    """The milestones in their order."""

    milestones: list[Milestone]


class Problem(Answer):
    """One thing wrong with a workbook; `row` as Excel shows it."""

    code: str
    severity: Literal["stops", "to_confirm", "note"]
    sheet: str
    row: int | None
    column: str | None
    found: str
    message: str


class TakenWorkbook(Answer):
    """What became of one workbook; the same keys as `dondoc import --json`."""

    batch: int | None
    file: str
    sha256: str
    outcome: Literal["recorded", "unchanged", "rejected"]
    kind: str | None
    rows: int
    new: int
    changed: int
    unchanged: int
    gone: int
    changes: dict[str, Any]
    raised: dict[str, int]
    rows_read: dict[str, int]
    rows_set_aside: dict[str, dict[str, int]]
    problems: list[Problem]


class TakenAnswer(Answer):
    """What became of the workbooks sent."""

    batches: list[TakenWorkbook]
