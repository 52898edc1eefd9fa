"""What people corrected about the columns of workbooks: appended; for one agency and table the newest counts."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import instant, json_column


class ColumnMapping(SQLModel, table=True):
    """What some columns of an agency's table mean, as a person said: `mapping` is heading → field, "" for not read.

    `fingerprint` is that of the table's headings, `headings` the headings as they stood. Without an agency it is for
    the workbooks that name none.
    """

    __tablename__ = "column_mapping"
    id: int | None = Field(default=None, primary_key=True)
    agency_code: str | None = Field(default=None, foreign_key="agency.code", index=True)
    fingerprint: str = Field(index=True)
    headings: list[str] = Field(default_factory=list, sa_column=json_column())
    mapping: dict[str, str] = Field(default_factory=dict, sa_column=json_column())
    decided_by: str
    recorded_at: datetime = Field(sa_column=instant())
