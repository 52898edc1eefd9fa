"""What Dondoc made of the facts: day totals, notices with their deliveries, and the audit trail."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Index, LargeBinary, event
from sqlmodel import Field, SQLModel, UniqueConstraint

from models.chain import seal
from models.columns import instant, json_column, table_of


class DayTotal(SQLModel, table=True):
    """How many assignments of an agency had a status on a day, as assessed at an instant; the source of movement.

    Of several assessments of a day the newest known counts, as a whole.
    """

    __tablename__ = "day_total"
    as_of: date = Field(primary_key=True)
    agency_code: str = Field(primary_key=True, foreign_key="agency.code")
    status: str = Field(primary_key=True)
    count: int
    assessed_at: datetime = Field(sa_column=instant(primary_key=True))


class Notice(SQLModel, table=True):
    """One digest for one post on one working day over one channel; `key` makes it unique before anything is sent.

    `must_deliver` marks the rungs whose letter is repeated, under the same Message-ID, until somebody answers for it.
    `link` is where the whole digest can be read. `state_reason` says why a notice ended without being sent. The first
    `forgiven` attempts no longer count: somebody put the notice back.
    """

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_waiting", "state", "id"),)
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
    state: str
    state_reason: str = ""
    attempts: int = 0
    forgiven: int = 0
    must_deliver: bool = False
    link: str = ""
    channel: str = "email"
    claimed_by: str = ""
    lease_until: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    next_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class NoticeAttachment(SQLModel, table=True):
    """A file that travels with a notice, kept as sent."""

    __tablename__ = "notice_attachment"
    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id", index=True)
    name: str
    mime_type: str
    content: bytes = Field(sa_type=LargeBinary)
    sha256: str


class NoticeItem(SQLModel, table=True):
    """One assignment in a digest: a step of an effective due day, told again in a later digest if this one was lost.

    With an `obstacle_id` it is the answer owed to what blocks the assignment, with a `handed_id` a share of it that was
    handed down to a unit (both 0: the assignment itself).
    `ladder` is the digest of the ladder it was told by (empty: before ladders were kept), `agency_code` whose post
    heard, `accountable` the agency that answered for the work then. A mailbox of two alarmed posts hears of the end for
    each. `superseded` and `skipped` list the lower steps it stands for and the vacant roles passed over, by commas.
    `ended` says how what is told as resolved came to its end.
    """

    __tablename__ = "notice_item"
    __table_args__ = (
        UniqueConstraint(
            *("notice_id", "assignment_id", "obstacle_id", "handed_id", "rung", "agency_code", "role"),
            name="uq_notice_item_told",
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id", index=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    obstacle_id: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    handed_id: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    code: str
    last_good_day: date
    rung: int
    role: str
    reason: str
    days_late: int
    step: str = ""
    ladder: str = ""
    agency_code: str = ""
    accountable: str = ""
    superseded: str = ""
    skipped: str = ""
    information: bool = False
    ended: str = ""


class Delivery(SQLModel, table=True):
    """One attempt to send a notice and what came of it; append-only, each row sealed with the one before it.

    `code` and `answer` are the server's own words (0 and empty where it gave none); `letter_sha256` is the digest of
    the letter as sent. See `models.chain` for `previous` and `hash`; rows from before the chain have neither.
    """

    __tablename__ = "delivery"
    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id", index=True)
    started_at: datetime = Field(sa_column=instant())
    finished_at: datetime = Field(sa_column=instant())
    channel: str
    outcome: str
    detail: str = ""
    code: int = 0
    answer: str = ""
    message_id: str = ""
    letter_sha256: str = ""
    previous: str | None = Field(default=None, unique=True)
    hash: str = ""


class AuditEntry(SQLModel, table=True):
    """Who did what, when; append-only, each entry sealed with the one before it (see `models.chain`)."""

    __tablename__ = "audit_entry"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=instant())
    by: str
    action: str
    subject: str
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    previous: str | None = Field(default=None, unique=True)
    hash: str = ""


def _seal_entry(_mapper: object, connection: Connection, entry: AuditEntry) -> None:
    """Seal an audit entry as it is written, whoever writes it."""
    row = {"at": entry.at, "by": entry.by, "action": entry.action, "subject": entry.subject, "detail": entry.detail}
    sealed = seal(connection, table_of(AuditEntry), row)
    entry.previous, entry.hash = sealed["previous"], sealed["hash"]


event.listen(AuditEntry, "before_insert", _seal_entry)
