"""What changed between two days: work that became late, work that was done, work that was assigned."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from threading import Lock

from models.standings import Stand, Standings
from rules.status import Status

_COMPARING, _STATUS = Lock(), Stand._fields.index("status")
_DONE = frozenset({Status.COMPLETED_ON_TIME, Status.COMPLETED_LATE})


class Change(StrEnum):
    """What can have become of a row since the day before."""

    NEWLY_LATE = "newly_late"
    DONE = "done"
    NEW = "new"


def changes_between(before: Standings, now: Standings) -> Mapping[Change, Sequence[Stand]]:
    """Return the rows of `now` that changed since `before`, by what became of them; one that is new is new alone.

    Two standings are compared once: who comes meanwhile waits.
    """
    with _COMPARING:
        return _changes_between(before, now)


@lru_cache(maxsize=8)
def _changes_between(before: Standings, now: Standings) -> Mapping[Change, Sequence[Stand]]:
    known, found = before.by_key, {change: list[Stand]() for change in Change}
    for row in now.rows:
        was = known.get(row[:3])
        if was is None:
            found[Change.NEW].append(row)
        elif row[_STATUS] is not was[_STATUS]:
            if row.status is Status.OVERDUE:
                found[Change.NEWLY_LATE].append(row)
            elif row.status in _DONE and was.status not in _DONE:
                found[Change.DONE].append(row)
    return found
