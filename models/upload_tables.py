"""Workbooks sent through the portal and what became of each: append-only, the newest state of an upload counts."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.columns import instant, json_column


class Upload(SQLModel, table=True):
    """A file that was sent: its bytes lie in the folder `place`, of which its own name is never a part.

    `name` is kept as text and is empty when it bears a mark of secrecy. `held_to` is the agency its sender speaks for
    alone (empty: for all), `agency_code` the one the sender says it is of.
    """

    __tablename__ = "upload"
    id: int | None = Field(default=None, primary_key=True)
    place: str = Field(unique=True)
    name: str
    sha256: str
    size: int
    held_to: str = Field(default="", index=True)
    agency_code: str | None = Field(default=None, foreign_key="agency.code")
    document: str = ""
    document_on: date | None = None
    sent_at: datetime = Field(sa_column=instant(index=True))
    sent_by: str


class UploadState(SQLModel, table=True):
    """What an upload is from a moment on: waiting, checked, recorded as a batch.

    `by` is the post that asked for it, `reason` the one given for changing deadlines. `preview` is the digest of what
    the check found, `answer` what a page tells of it. `agency_code`, `kind` and `reported_on` are as the check read.
    """

    __tablename__ = "upload_state"
    id: int | None = Field(default=None, primary_key=True)
    upload_id: int = Field(foreign_key="upload.id", index=True)
    stage: str
    at: datetime = Field(sa_column=instant())
    by: str
    reason: str = ""
    agency_code: str | None = Field(default=None, foreign_key="agency.code")
    kind: str = ""
    reported_on: date | None = None
    preview: str = ""
    batch_id: int | None = Field(default=None, foreign_key="batch.id", index=True)
    answer: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
