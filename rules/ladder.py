"""The ladder of escalation: who must hear how many working days before or after the effective due day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.calendar import WorkingCalendar


class Role(StrEnum):
    """The posts a rung addresses, from the desk upwards."""

    FOCAL_POINT = "focal_point"
    UNIT_HEAD = "unit_head"
    DEPUTY_HEAD = "deputy_head"
    AGENCY_HEAD = "agency_head"
    WORKING_GROUP = "working_group"


@dataclass(frozen=True, order=True)
class Rung:
    """One step: `offset` in working days from the effective due day (negative: before it) and the role that hears."""

    offset: int
    role: Role


@dataclass(frozen=True)
class Contact:
    """The post that holds a role in an agency and the address where it hears.

    The working group is one post for all agencies, registered under the agency it belongs to.
    """

    agency: str
    role: Role
    post_vi: str
    post_en: str
    address: str


def rung_reached(effective_due_on: date, today: date, ladder: Sequence[Rung], calendar: WorkingCalendar) -> Rung | None:
    """Return the highest rung whose day has come by `today`, or None before the first.

    After an outage only this one is told; the lower ones are superseded.
    """
    reached = calendar.working_days_between(effective_due_on, today)
    return max((rung for rung in ladder if rung.offset <= reached), default=None)
