"""Commitments as they stand on a day: who promised which work by when, and which promises were broken."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from models.assignment_tables import Assignment
from models.commitment_tables import Commitment
from models.reference import calendar_of
from models.status_table import StatusRow, StatusTable
from rules.calendar import WorkingCalendar
from rules.status import Flag, Status

_DONE = frozenset({Status.COMPLETED_ON_TIME, Status.COMPLETED_LATE})
_A_FEW = 500
_RESTS = frozenset({Status.CANCELLED, Status.SUSPENDED})


class CommitmentState(StrEnum):
    """How a commitment stands: `lapsed` when the due day moved or the duty rests, so nothing is promised for it now."""

    STANDING = "standing"
    KEPT = "kept"
    BROKEN = "broken"
    LAPSED = "lapsed"


@dataclass(frozen=True)
class Promise:
    """A commitment with its last day rolled to a working day: through `until_on` it quiets `rung` and those below."""

    commitment: Commitment
    rung: int
    last_good_day: date
    until_on: date

    def is_broken(self, as_of: date) -> bool:
        """Whether its day and the due day passed by `as_of`, for work that is still open then."""
        return as_of > max(self.until_on, self.last_good_day)


def promises_of(
    session: Session, *, as_of: date, known_at: datetime, among: Collection[int] | None = None
) -> Mapping[int, Sequence[Promise]]:
    """Return what was promised by `as_of`, as recorded at `known_at` (aware): by assignment, oldest first.

    `among` are ids of assignments that narrow it.
    """
    calendar = calendar_of(session)
    query = (
        select(Commitment)
        .where(col(Commitment.given_on) <= as_of, col(Commitment.recorded_at) <= known_at)
        .order_by(col(Commitment.id))
    )
    if among is not None:
        query = query.where(col(Commitment.assignment_id).in_(among))
    found: dict[int, list[Promise]] = defaultdict(list)
    for row in session.exec(query):
        found[row.assignment_id].append(promise(row, calendar))
    return found


def promise(row: Commitment, calendar: WorkingCalendar) -> Promise:
    """Return a commitment as it counts: a day off moves to the next working day."""
    return Promise(row, row.rung, row.last_good_day, calendar.next_working(row.until_on))


def commitments_of(session: Session, table: StatusTable) -> Iterator[tuple[StatusRow, Promise, CommitmentState]]:
    """Yield every commitment about an assignment of `table`, with how it stands on the table's day.

    What was promised of any part an agency holds, or of the same work in another document, was promised of the whole.
    """
    codes = _codes_promised(session, table)
    promised = promises_of(session, as_of=table.as_of, known_at=table.known_at, among=_few(codes))
    if not promised:
        return
    for row in table.rows:
        held = (*row.parts, *(code for other in row.same_work for code in other.parts))
        for each in sorted(
            (each for code in held if code in codes for each in promised.get(codes[code], ())),
            key=lambda each: each.commitment.id or 0,
        ):
            yield row, each, _state(row, each, table.as_of)


def flags_of_commitments(session: Session, table: StatusTable) -> Mapping[str, Sequence[Flag]]:
    """Return by code of the row what flags its commitments give it; rows without any are left out."""
    found: dict[str, list[Flag]] = {}
    for row, _, state in commitments_of(session, table):
        flags = found.setdefault(row.code, [Flag.COMMITTED])
        if state is CommitmentState.BROKEN and Flag.BROKEN_COMMITMENT not in flags:
            flags.append(Flag.BROKEN_COMMITMENT)
    return found


def _codes_promised(session: Session, table: StatusTable) -> Mapping[str, int]:
    """Return the assignments somebody committed to, by their code; those of a small table alone."""
    query = select(Assignment.code, Assignment.id).where(col(Assignment.id).in_(select(Commitment.assignment_id)))
    if len(table.rows) <= _A_FEW:
        query = query.where(col(Assignment.code).in_([code for row in table.rows for code in row.codes]))
    return {code: id_ for code, id_ in session.exec(query) if id_ is not None}


def _few(codes: Mapping[str, int]) -> Collection[int] | None:
    return codes.values() if len(codes) <= _A_FEW else None


def _state(row: StatusRow, promised: Promise, as_of: date) -> CommitmentState:
    if row.status in _RESTS or row.last_good_day != promised.last_good_day:
        return CommitmentState.LAPSED
    if row.status in _DONE and row.completed_on:
        kept = row.completed_on <= max(promised.until_on, promised.last_good_day)
        return CommitmentState.KEPT if kept else CommitmentState.BROKEN
    return CommitmentState.BROKEN if promised.is_broken(as_of) else CommitmentState.STANDING
