"""What those who were told answer: commitments, and what they ask of those who decide; append-only."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.columns import instant


class Commitment(SQLModel, table=True):
    """An acknowledgement: the work due through `last_good_day` will be done by `until_on`. It moves no deadline.

    `rung` (offset in working days) and `step` are what it quiets; `notice_key` is the digest it answers, empty when it
    was given otherwise.
    """

    __tablename__ = "commitment"
    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    last_good_day: date
    rung: int
    step: str
    given_on: date
    until_on: date
    reason: str
    given_by: str
    notice_key: str = ""
    recorded_at: datetime = Field(sa_column=instant())


class Appeal(SQLModel, table=True):
    """What somebody who was told asks a person to decide: more time, another status, another reader.

    `until_on` is the due day asked for. An appeal decides nothing by itself.
    """

    __tablename__ = "appeal"
    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    kind: str
    asked_on: date
    until_on: date | None = None
    text: str
    asked_by: str
    notice_key: str = ""
    recorded_at: datetime = Field(sa_column=instant())


class AppealAnswer(SQLModel, table=True):
    """What was answered to an appeal; of several the newest counts."""

    __tablename__ = "appeal_answer"
    id: int | None = Field(default=None, primary_key=True)
    appeal_id: int = Field(foreign_key="appeal.id", index=True)
    answered_on: date
    outcome: str
    answer: str
    document: str = ""
    decided_by: str
    recorded_at: datetime = Field(sa_column=instant())
