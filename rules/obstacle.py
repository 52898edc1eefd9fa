"""How an obstacle stands: it has its own due day, and is answered, open or overdue like an assignment."""

from datetime import date
from enum import StrEnum


class ObstacleStatus(StrEnum):
    """How an obstacle stands on a day."""

    ANSWERED = "answered"
    OVERDUE = "overdue"
    OPEN = "open"


def judge_obstacle(*, last_good_day: date, answered_on: date, as_of: date) -> ObstacleStatus:
    """Return how an obstacle stands on `as_of`.

    `last_good_day` is the effective day of the answer asked for; it and `answered_on` are `rules.status.NEVER` where
    there is none.
    """
    if answered_on <= as_of:
        return ObstacleStatus.ANSWERED
    return ObstacleStatus.OVERDUE if last_good_day < as_of else ObstacleStatus.OPEN
