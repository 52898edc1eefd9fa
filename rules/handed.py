"""How a share of an assignment stands that an agency handed down to a unit of its own: it has its own due day."""

from datetime import date
from enum import StrEnum


class HandedStatus(StrEnum):
    """How a share stands on a day."""

    COMPLETED_ON_TIME = "completed_on_time"
    COMPLETED_LATE = "completed_late"
    OVERDUE = "overdue"
    OPEN = "open"


def judge_handed(*, last_good_day: date, completed_on: date, as_of: date) -> HandedStatus:
    """Return how a share stands on `as_of`.

    `last_good_day` is its effective due day; `completed_on` is `rules.status.NEVER` while it is not done.
    """
    if completed_on <= as_of:
        in_time = completed_on <= last_good_day
        return HandedStatus.COMPLETED_ON_TIME if in_time else HandedStatus.COMPLETED_LATE
    return HandedStatus.OVERDUE if last_good_day < as_of else HandedStatus.OPEN
