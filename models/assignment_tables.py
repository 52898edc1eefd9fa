"""What is assigned and what is reported: documents, tasks, assignments, progress, and the batches they came in.

Nothing here is updated or deleted: content is a revision, progress is appended, an undo is one more row. The one
exception is `Document`: when every batch that used it was taken back, the next batch that names it replaces its title,
its date and its batch.

Tasks, assignments and their revisions come by the hundred thousand: what they refer to is checked once per batch
(`models.bulk`) and not row by row by the database, which takes PostgreSQL longer than writing them.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from models.columns import instant, json_column, refers_to

# All a status reads of a report, in the order in which it looks for the newest: it never touches the words.
_STATUS_READS = (
    "assignment_id", "reported_on", "id", "declared_done", "batch_id", "evidence_number", "evidence_on",
    "evidence_matches", "declared_completed_on",
)  # fmt: skip


class Batch(SQLModel, table=True):
    """One recorded workbook: every fact below names the batch it came in.

    `kind` says whether it gave work or reported on it; `reason` why it changed deadlines, when it did.
    `request_sha256` is the digest of all that decided how it was read, `answer` what was answered then: given once
    more, the same file need not be read again.
    """

    __tablename__ = "batch"
    id: int | None = Field(default=None, primary_key=True)
    file: str
    sha256: str = Field(index=True)
    agency_code: str | None = Field(default=None, foreign_key="agency.code")
    recorded_at: datetime = Field(sa_column=instant(index=True))
    rows: int
    new: int
    changed: int
    unchanged: int
    gone: int
    kind: str = Field(default="", sa_column_kwargs={"server_default": ""})
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    request_sha256: str = Field(default="", index=True, sa_column_kwargs={"server_default": ""})
    answer: dict[str, Any] = Field(default_factory=dict, sa_column=json_column(server_default="{}"))


class Undo(SQLModel, table=True):
    """A batch taken back: from `recorded_at` on, its facts no longer count."""

    __tablename__ = "undo"
    batch_id: int = Field(primary_key=True, foreign_key="batch.id")
    recorded_at: datetime = Field(sa_column=instant())


class Document(SQLModel, table=True):
    """The act that assigns; `title` names it in words when the title block of its first workbook did."""

    __tablename__ = "document"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    title: str = ""
    issued_on: date
    batch_id: int = Field(foreign_key="batch.id")


class Task(SQLModel, table=True):
    """One row of a document's annex; its words stand in the revisions.

    `number` is the one it had first (with a suffix when another task had it before): the codes of its assignments are
    made of it and never change.
    """

    __tablename__ = "task"
    __table_args__ = (UniqueConstraint("document_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    document_id: int = refers_to("document.id")
    number: str
    batch_id: int = refers_to("batch.id")


class TaskRevision(SQLModel, table=True):
    """A task as one batch worded it, with the cell each value came from (`cells`: field → sheet-less address).

    `number` is the task's number there; None when it is still `Task.number`.
    """

    __tablename__ = "task_revision"
    __table_args__ = (
        Index("ix_task_revision_queue", "queue", sqlite_where=text("queue > ''"), postgresql_where=text("queue > ''")),
        Index(
            "ix_task_revision_recurring",
            "task_id",
            sqlite_where=text("recurrence > ''"),
            postgresql_where=text("recurrence > ''"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    task_id: int = refers_to("task.id", index=True)
    batch_id: int = refers_to("batch.id", index=True)
    number: str | None = None
    section: str = ""
    text: str
    product: str = ""
    lead_text: str = ""
    coordinating_text: str = ""
    deadline_text: str = ""
    deadline_kind: str
    recurrence: str = ""
    problem: str | None = None
    needs_confirmation: bool = False
    queue: str | None = None
    sheet: str
    row: int
    cells: dict[str, str] = Field(default_factory=dict, sa_column=json_column())
    digest: str


class Assignment(SQLModel, table=True):
    """A task × one accountable agency (× one period of a recurring duty)."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("task_id", "agency_code", "period"),)
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    task_id: int = refers_to("task.id")
    agency_code: str = refers_to("agency.code", index=True)
    period: str = ""
    batch_id: int = refers_to("batch.id")


class AssignmentRevision(SQLModel, table=True):
    """An assignment's dates as one batch gave them; `standing` is false once a later workbook no longer has it."""

    __tablename__ = "assignment_revision"
    __table_args__ = (Index("ix_assignment_revision_newest", "assignment_id", "id", "batch_id"),)
    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = refers_to("assignment.id")
    task_revision_id: int = refers_to("task_revision.id")
    batch_id: int = refers_to("batch.id", index=True)
    nature: str
    counts_from: date
    original_due_on: date | None = None
    collective_code: str | None = None
    several_leads: bool = False
    standing: bool = True


class Progress(SQLModel, table=True):
    """What an agency declared on a day about an assignment, with the evidence it gave.

    `declared_done` is None when the report says nothing about completion: it then changes none.
    `evidence_matches` says whether the document cited can be the product asked for when it was reported (None: nobody
    can tell); False proves nothing until a person confirms.
    """

    __tablename__ = "progress"
    __table_args__ = (Index("ix_progress_newest", *_STATUS_READS),)
    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id")
    batch_id: int = Field(foreign_key="batch.id", index=True)
    reported_on: date
    declared_done: bool | None
    declared_text: str = ""
    declared_completed_on: date | None = None
    result_text: str = ""
    evidence_text: str = ""
    evidence_number: str | None = None
    evidence_on: date | None = None
    evidence_matches: bool | None = None
    difficulty: str = ""
    proposal: str = ""
    sheet: str
    row: int
    cells: dict[str, str] = Field(default_factory=dict, sa_column=json_column())
    digest: str


class Decision(SQLModel, table=True):
    """What somebody decided about an assignment (cancel, hold, extend, confirm, return …), with document and reason.

    `until_on` is a hold's last day or an extension's new due day; `due_on` the day to which a hold that stops the
    clock, or what ends it early, moves the deadline; `to_agency` who takes over from a split agency. None otherwise.
    """

    __tablename__ = "decision"
    __table_args__ = (
        Index(
            "ix_decision_taken_over",
            "to_agency",
            sqlite_where=text("to_agency IS NOT NULL"),
            postgresql_where=text("to_agency IS NOT NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    action: str
    effective_on: date
    until_on: date | None = None
    due_on: date | None = None
    to_agency: str | None = Field(default=None, foreign_key="agency.code")
    document: str = ""
    reason: str
    decided_by: str
    recorded_at: datetime = Field(sa_column=instant())
