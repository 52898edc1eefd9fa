"""What agencies raise beside their progress: obstacles, requests for more time, and the values of indicators.

Appended like everything a workbook brings, each with its batch and its cells; nothing here moves a due day or ends a
duty. A report that repeats an obstacle or a request appends it again with the same `digest`: it is one, raised on the
first of these days.
"""

from datetime import date

from sqlalchemy import true
from sqlmodel import Field, SQLModel

from models.columns import json_column


class Obstacle(SQLModel, table=True):
    """What stands in the way of an assignment, and what is proposed; `addressed_to` is who must answer.

    `addressed_to` is None when nobody of the register is named (`addressed_text` keeps the words), `needed_by` when no
    day is. Of several obstacles of an assignment raised by one agency, the newest states how it stands.
    """

    __tablename__ = "obstacle"
    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
    raised_by: str = Field(foreign_key="agency.code")
    raised_on: date
    text: str
    proposal: str = ""
    addressed_to: str | None = Field(default=None, foreign_key="agency.code", index=True)
    addressed_text: str = ""
    needed_by: date | None = None
    sheet: str
    row: int
    cells: dict[str, str] = Field(default_factory=dict, sa_column=json_column())
    digest: str


class ExtensionRequest(SQLModel, table=True):
    """A new due day an agency asks for, with its reason. Only a decision to extend moves the due day."""

    __tablename__ = "extension_request"
    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
    asked_by: str = Field(foreign_key="agency.code")
    asked_on: date
    new_due_on: date
    reason: str = ""
    sheet: str
    row: int
    cells: dict[str, str] = Field(default_factory=dict, sa_column=json_column())
    digest: str


class Indicator(SQLModel, table=True):
    """A target of a document, as one batch gave it; of the live rows with one `code`, the newest counts.

    It is measured by `agency_code` (None: by the document's programme as a whole) and, with `task_id`, beside the
    assignments of that task. `direction` is `up` or `down`: which way is better. Numbers are in `unit`. `standing` is
    false once a later workbook of the document no longer has it.
    """

    __tablename__ = "indicator"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(index=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    task_id: int | None = Field(default=None, foreign_key="task.id", index=True)
    agency_code: str | None = Field(default=None, foreign_key="agency.code", index=True)
    number: str
    name: str
    unit: str = ""
    baseline: float | None = None
    direction: str
    target: float | None = None
    target_text: str = ""
    target_on: date | None = None
    standing: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    sheet: str
    row: int
    cells: dict[str, str] = Field(default_factory=dict, sa_column=json_column())
    digest: str


class IndicatorValue(SQLModel, table=True):
    """What an indicator was observed to be on a day; it belongs to every row with that indicator's code.

    `unit` is the one the agency gave, the indicator's when it gave none. Of several of one day the newest counts.
    """

    __tablename__ = "indicator_value"
    id: int | None = Field(default=None, primary_key=True)
    indicator_id: int = Field(foreign_key="indicator.id", index=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
    reported_by: str = Field(foreign_key="agency.code")
    observed_on: date
    value: float
    value_text: str
    unit: str = ""
    sheet: str
    row: int
    cells: dict[str, str] = Field(default_factory=dict, sa_column=json_column())
