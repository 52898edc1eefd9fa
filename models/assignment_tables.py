"""What is assigned and what is reported: documents, tasks, assignments, progress, and the batches they came in.

Nothing here is updated or deleted: content is a revision, progress is appended, an undo is one more row. The one
exception is `Document`: when every batch that used it was taken back, the next batch that names it replaces its title,
its date and its batch.
"""

from datetime import date, datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from models.columns import instant, json_column


class Batch(SQLModel, table=True):
    """One recorded workbook: every fact below names the batch it came in."""

    __tablename__ = "batch"
    id: int | None = Field(default=None, primary_key=True)
    file: str
    sha256: str = Field(index=True)
    content_sha256: str
    agency_code: str | None = Field(default=None, foreign_key="agency.code")
    recorded_at: datetime = Field(sa_column=instant(index=True))
    rows: int
    new: int
    changed: int
    unchanged: int
    gone: int


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
    """One row of a document's annex; its words stand in the revisions."""

    __tablename__ = "task"
    __table_args__ = (UniqueConstraint("document_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id")
    number: str
    batch_id: int = Field(foreign_key="batch.id")


class TaskRevision(SQLModel, table=True):
    """A task as one batch worded it, with the cell each value came from (`cells`: field → sheet-less address)."""

    __tablename__ = "task_revision"
    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
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
    task_id: int = Field(foreign_key="task.id", index=True)
    agency_code: str = Field(foreign_key="agency.code", index=True)
    period: str = ""
    batch_id: int = Field(foreign_key="batch.id")


class AssignmentRevision(SQLModel, table=True):
    """An assignment's dates as one batch gave them; `standing` is false once a later workbook no longer has it."""

    __tablename__ = "assignment_revision"
    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    task_revision_id: int = Field(foreign_key="task_revision.id")
    batch_id: int = Field(foreign_key="batch.id", index=True)
    nature: str
    counts_from: date
    original_due_on: date | None = None
    collective_code: str | None = None
    several_leads: bool = False
    standing: bool = True


class Progress(SQLModel, table=True):
    """What an agency declared on a day about an assignment, with the evidence it gave.

    `declared_done` is None when the report says nothing about completion: it then changes none.
    """

    __tablename__ = "progress"
    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
    reported_on: date
    declared_done: bool | None
    declared_text: str = ""
    declared_completed_on: date | None = None
    result_text: str = ""
    evidence_text: str = ""
    evidence_number: str | None = None
    evidence_on: date | None = None
    difficulty: str = ""
    proposal: str = ""
    sheet: str
    row: int
    cells: dict[str, str] = Field(default_factory=dict, sa_column=json_column())
    digest: str


class Decision(SQLModel, table=True):
    """What somebody decided about an assignment (cancel, hold, extend, confirm, return …), with document and reason."""

    __tablename__ = "decision"
    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    action: str
    effective_on: date
    until_on: date | None = None
    document: str = ""
    reason: str
    decided_by: str
    recorded_at: datetime = Field(sa_column=instant())
