"""What stands of the monthly reports: editions with their facts, the digests of their files, and whom they reached."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.columns import instant, json_column


class Edition(SQLModel, table=True):
    """A frozen monthly report: its facts, what was known, its state, and the version that wrote it; never changed.

    `state` is draft, submitted, updated or final. `follows` is the code of the edition before it in its month ("" for
    the first), `changes` what is other than there; `corrects` the same code when it was made again in the same state,
    for `reason`. `letterhead` is the form its files bear, {} in editions frozen before it was kept. `approved_by`
    names the post that let a final edition go.
    """

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
    state: str = Field(default="draft", sa_column_kwargs={"server_default": "draft"})
    follows: str = Field(default="", sa_column_kwargs={"server_default": ""})
    corrects: str = Field(default="", sa_column_kwargs={"server_default": ""})
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    approved_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    letterhead: dict[str, Any] = Field(default_factory=dict, sa_column=json_column(server_default="{}"))
    changes: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column(server_default="[]"))


class EditionFile(SQLModel, table=True):
    """One file of an edition and its digest."""

    __tablename__ = "edition_file"
    edition_id: int = Field(primary_key=True, foreign_key="edition.id")
    name: str = Field(primary_key=True)
    sha256: str
    size: int


class EditionSending(SQLModel, table=True):
    """One attempt to send an edition to one address of the meeting's list, and what the channel answered."""

    __tablename__ = "edition_sending"
    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id", index=True)
    address: str
    sent_at: datetime = Field(sa_column=instant())
    channel: str
    outcome: str
    detail: str = ""
