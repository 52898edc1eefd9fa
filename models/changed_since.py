"""What changed between two days: work that became late, work that was done, work that was assigned."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from models.standings import Stand, Standings
from rules.status import Status

_DONE = frozenset({Status.COMPLETED_ON_TIME, Status.COMPLETED_LATE})


class Change(StrEnum):
    """What can have become of a row since the day before."""

    NEWLY_LATE = "newly_late"
    DONE = "done"
    NEW = "new"


@lru_cache(maxsize=4)
def changes_between(before: Standings, now: Standings) -> Mapping[Change, Sequence[Stand]]:
    """Return the rows of `now` that changed since `before`, by what became of them; one that is new is new alone."""
    known, found = before.by_key, {change: list[Stand]() for change in Change}
    for row in now.rows:
        was = known.get(row[:3])
        if was is None:
            found[Change.NEW].append(row)
        elif row.status is not was.status:
            if row.status is Status.OVERDUE:
                found[Change.NEWLY_LATE].append(row)
            elif row.status in _DONE and was.status not in _DONE:
                found[Change.DONE].append(row)
    return found
