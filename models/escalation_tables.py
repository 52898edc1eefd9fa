"""What escalation rests on beside the register: the ladders notices were planned by, and who held which post when."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.columns import instant, json_column


class LadderVersion(SQLModel, table=True):
    """A ladder as it stood when the first notice was planned by it; `digest` names it, and nothing changes it."""

    __tablename__ = "ladder_version"
    digest: str = Field(primary_key=True)
    rungs: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    first_used_at: datetime = Field(sa_column=instant())


class HoldingRow(SQLModel, table=True):
    """Somebody at a post from a day through another; append-only.

    Of the rows a workbook brought for one post, those of its newest workbook count (`source` and `recorded_at` name
    it). A delegation somebody decided has the source "decision" and counts beside them. `elsewhere` are addresses in
    other channels, by their names.
    """

    __tablename__ = "holding"
    id: int | None = Field(default=None, primary_key=True)
    agency_code: str = Field(foreign_key="agency.code", index=True)
    role: str
    kind: str
    post_vi: str
    name: str = ""
    address: str = ""
    from_on: date | None = None
    until_on: date | None = None
    source: str
    reason: str = ""
    elsewhere: dict[str, str] = Field(default_factory=dict, sa_column=json_column(server_default="{}"))
    recorded_by: str
    recorded_at: datetime = Field(sa_column=instant())
