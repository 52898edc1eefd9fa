"""What moves between the cut-off and the meeting: the rows of both days, paired by the work they stand for."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from models.status_table import StatusRow, StatusTable
from reports.counts import DONE, SHOWN
from reports.duties import counts_of
from reports.facts import Move, Movement
from reports.named_work import Namer
from rules.status import Status

STILL_IN_TIME = frozenset({Status.IN_PROGRESS, Status.DUE_SOON})
Pair = tuple[StatusRow | None, StatusRow | None]


def movement_of(then: StatusTable, rows: Sequence[StatusRow], at_table: StatusTable, namer: Namer) -> Movement:
    """Return what becomes late or done from the day of `then` to that of `at_table`, whose rows `rows` are in order."""
    earlier = _Earlier(then.rows)
    moves = Counter((_status(before), _status(after)) for before, after in _paired(then.rows, rows))
    order: dict[Status | None, int] = {status: index for index, status in enumerate((*SHOWN, None))}
    return Movement(
        totals=counts_of(rows),
        moves=tuple(
            Move(left, came, count)
            for (left, came), count in sorted(moves.items(), key=lambda m: (order[m[0][0]], order[m[0][1]]))
        ),
        becomes_late=namer.works(row for row in rows if row.status is Status.OVERDUE and not earlier.late(row)),
        becomes_done=namer.works(row for row in rows if row.status in DONE and not earlier.done(row)),
        last_day=sum(row.status in STILL_IN_TIME and row.last_good_day == at_table.as_of for row in rows),
    )


def _status(row: StatusRow | None) -> Status | None:
    return row.status if row else None


class _Earlier:
    """How the work of a row stood on the earlier day: by every code the row stands for."""

    def __init__(self, rows: Iterable[StatusRow]) -> None:
        self._status = {code: row.status for row in rows for code in row.codes}

    def late(self, row: StatusRow) -> bool:
        return Status.OVERDUE in self._of(row)

    def done(self, row: StatusRow) -> bool:
        found = self._of(row)
        return bool(found) and found <= DONE

    def _of(self, row: StatusRow) -> set[Status]:
        return {self._status[code] for code in row.codes if code in self._status}


def _paired(before: Iterable[StatusRow], after: Iterable[StatusRow]) -> Iterator[Pair]:
    """Yield each row with the same work on the other day: under its own code, else under one both hold; None without.

    Of rows that became one, one is paired and the others left; of one that became several, the others came.
    """
    alone = {row.code: row for row in before}
    first = [(alone.pop(row.code, None), row) for row in after]
    by_code = {code: row.code for row in alone.values() for code in row.codes}
    for then, now in first:
        shared = (by_code[code] for code in now.codes if by_code.get(code) in alone) if then is None else iter(())
        yield then or alone.pop(next(shared, ""), None), now
    yield from ((row, None) for row in alone.values())
