"""What Dondoc made of the facts: day totals, notices with their deliveries, editions, and the audit trail."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel, UniqueConstraint

from models.columns import instant, json_column


class DayTotal(SQLModel, table=True):
    """How many assignments of an agency had a status on a day, as assessed that day; the source of movement."""

    __tablename__ = "day_total"
    as_of: date = Field(primary_key=True)
    agency_code: str = Field(primary_key=True, foreign_key="agency.code")
    status: str = Field(primary_key=True)
    count: int
    assessed_at: datetime = Field(sa_column=instant())


class Notice(SQLModel, table=True):
    """One digest for one post on one working day; `key` makes it unique before anything is sent."""

    __tablename__ = "notice"
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    as_of: date = Field(index=True)
    agency_code: str = Field(foreign_key="agency.code")
    role: str
    recipient: str
    address: str
    reason: str
    subject: str
    text: str
    html: str
    planned_at: datetime = Field(sa_column=instant())
    state: str = Field(index=True)
    attempts: int = 0
    claimed_by: str = ""
    lease_until: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    next_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class NoticeItem(SQLModel, table=True):
    """One assignment in a digest: a rung of an effective due day, told again in a later digest if this one was lost."""

    __tablename__ = "notice_item"
    __table_args__ = (UniqueConstraint("notice_id", "assignment_id", "rung"),)
    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id", index=True)
    assignment_id: int = Field(foreign_key="assignment.id")
    code: str
    last_good_day: date
    rung: int
    role: str
    reason: str
    days_late: int


class Delivery(SQLModel, table=True):
    """One attempt to send a notice and what came of it; never updated once its outcome is known."""

    __tablename__ = "delivery"
    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id", index=True)
    started_at: datetime = Field(sa_column=instant())
    finished_at: datetime = Field(sa_column=instant())
    channel: str
    outcome: str
    detail: str = ""


class Edition(SQLModel, table=True):
    """A frozen monthly report: its facts, what was known, and the version that wrote it."""

    __tablename__ = "edition"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    month: str
    cutoff: date
    meeting: date
    known_at: datetime = Field(sa_column=instant())
    created_at: datetime = Field(sa_column=instant())
    version: str
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    facts_sha256: str


class EditionFile(SQLModel, table=True):
    """One file of an edition and its digest."""

    __tablename__ = "edition_file"
    edition_id: int = Field(primary_key=True, foreign_key="edition.id")
    name: str = Field(primary_key=True)
    sha256: str
    size: int


class AuditEntry(SQLModel, table=True):
    """Who did what, when; append-only."""

    __tablename__ = "audit_entry"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=instant())
    by: str
    action: str
    subject: str
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
