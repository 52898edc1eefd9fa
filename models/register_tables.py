"""Reference tables, loaded from the data files by `dondoc init`."""

from datetime import date
from typing import Any

from sqlmodel import Field, SQLModel

from models.columns import json_column


class AgencyRow(SQLModel, table=True):
    """A body that can be accountable; abolished ones stay, with their successor."""

    __tablename__ = "agency"
    code: str = Field(primary_key=True)
    position: int
    name_vi: str
    kind: str
    abbreviation: str = ""
    aliases: list[str] = Field(default_factory=list, sa_column=json_column())
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None
    split: bool = False
    note: str = ""


class CollectiveRow(SQLModel, table=True):
    """A name that stands for every agency of some kinds."""

    __tablename__ = "collective"
    code: str = Field(primary_key=True)
    names: list[str] = Field(default_factory=list, sa_column=json_column())
    kinds: list[str] = Field(default_factory=list, sa_column=json_column())


class MilestoneRow(SQLModel, table=True):
    """A day on which the programme is judged."""

    __tablename__ = "milestone"
    code: str = Field(primary_key=True)
    on: date
    name_vi: str
    name_en: str


class CalendarYearRow(SQLModel, table=True):
    """A year the calendar knows: official when its list is published, else provisional."""

    __tablename__ = "calendar_year"
    year: int = Field(primary_key=True)
    official: bool


class CalendarDayRow(SQLModel, table=True):
    """A holiday (`worked` false) or a weekend day worked in exchange (`worked` true)."""

    __tablename__ = "calendar_day"
    day: date = Field(primary_key=True)
    name: str
    worked: bool


class EffectiveDayRow(SQLModel, table=True):
    """A day off in a covered year and the working day to which a deadline on it moves; derived from the calendar."""

    __tablename__ = "effective_day"
    day: date = Field(primary_key=True)
    effective_on: date


class RungRow(SQLModel, table=True):
    """One step of the ladder: offset in working days from the effective due day, who hears, and `stated`: all of it."""

    __tablename__ = "rung"
    offset: int = Field(primary_key=True)
    role: str
    stated: dict[str, Any] = Field(default_factory=dict, sa_column=json_column(server_default="{}"))


class LayoutRow(SQLModel, table=True):
    """A kind of table in workbooks: the headings of its columns by field, and what its columns must be."""

    __tablename__ = "layout"
    code: str = Field(primary_key=True)
    kind: str
    headings: dict[str, list[str]] = Field(default_factory=dict, sa_column=json_column())
    needs: list[list[str]] = Field(default_factory=list, sa_column=json_column())
    never: list[str] = Field(default_factory=list, sa_column=json_column())
    marks: list[str] = Field(default_factory=list, sa_column=json_column())


class ContactRow(SQLModel, table=True):
    """The post that holds a role in an agency, and the address where it hears (never a channel's secret).

    `elsewhere` are its addresses in other channels, by their names: a telephone number for "sms".
    """

    __tablename__ = "contact"
    agency_code: str = Field(primary_key=True, foreign_key="agency.code")
    role: str = Field(primary_key=True)
    post_vi: str
    post_en: str
    address: str
    elsewhere: dict[str, str] = Field(default_factory=dict, sa_column=json_column(server_default="{}"))
