"""What an agency hands down of an assignment to its own units, and what they declared. Appended, each by a decision.

A share is no assignment: nothing that counts assignments can count it.
"""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.columns import instant


class HandedDown(SQLModel, table=True):
    """A share of an assignment: a unit of the accountable agency, what it must do and by when.

    `code` is that of the assignment with a number behind it. `reason` says why it is due later than the assignment,
    where it is.
    """

    __tablename__ = "handed_down"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    agency_code: str = Field(foreign_key="agency.code", index=True)
    unit: str
    text: str
    product: str = ""
    due_on: date
    reason: str = ""
    decided_by: str
    recorded_at: datetime = Field(sa_column=instant())


class HandedReport(SQLModel, table=True):
    """What was declared of a share on a day, or that it was taken back; of several the one recorded last counts.

    `state` is `open`, `done` or `taken_back`; `completed_on` the day of the evidence of what is done.
    """

    __tablename__ = "handed_report"
    id: int | None = Field(default=None, primary_key=True)
    handed_id: int = Field(foreign_key="handed_down.id", index=True)
    reported_on: date
    state: str
    completed_on: date | None = None
    evidence: str = ""
    text: str = ""
    decided_by: str
    recorded_at: datetime = Field(sa_column=instant())
