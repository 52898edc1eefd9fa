"""`shares_due`: the shares that agencies handed down to units of their own, each as a duty of the agency inside."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from models.answers_due import Words, words_of
from models.duties import WITHDRAWN, Duty, Share
from models.handed import HandedRow
from models.handed_tables import HandedDown
from rules.handed import HandedStatus
from rules.status import NEVER, Status

TAKEN_BACK, WORK_DONE, PASSED_ON = "taken_back", "work_done", "passed_on"
_STANDS = {
    HandedStatus.COMPLETED_ON_TIME: Status.COMPLETED_ON_TIME,
    HandedStatus.COMPLETED_LATE: Status.COMPLETED_LATE,
    HandedStatus.OVERDUE: Status.OVERDUE,
    HandedStatus.OPEN: Status.IN_PROGRESS,
}
_WITH_THE_WORK = {
    Status.COMPLETED_ON_TIME: WORK_DONE,
    Status.COMPLETED_LATE: WORK_DONE,
    Status.CANCELLED: Status.CANCELLED,
    Status.SUSPENDED: Status.SUSPENDED,
}


def shares_due(
    session: Session, shares: Sequence[HandedRow], work: Mapping[int, Duty], told: Iterable[int]
) -> list[Duty]:
    """Return a duty for each of `shares` that is not done, and for those once `told` of (their ids) that are or ended.

    `work` is the duty each assignment counts under. A share rests while that does, and ends `TAKEN_BACK` by its agency,
    with its work (`WORK_DONE`, cancelled, `WITHDRAWN` from the list), or `PASSED_ON`: another agency answers for it.
    """
    known = {*told}
    standing = [row for row in shares if not row.is_done or row.handed.id in known]
    gone = sorted(known - {row.handed.id or 0 for row in standing})
    taken_back = session.scalars(select(HandedDown).where(col(HandedDown.id).in_(gone))).all() if gone else []
    stands = [(row.handed, _status(row, work), row) for row in standing]
    ended = [(handed, TAKEN_BACK, None) for handed in taken_back]
    named = {handed.assignment_id for handed, *_ in (*stands, *ended)}
    words = words_of(session, sorted(named - work.keys()))
    words |= {id_: Words(duty.code, duty.wording_id, duty.period) for id_, duty in work.items()}
    return [_duty(handed, status, row, words[handed.assignment_id]) for handed, status, row in (*stands, *ended)]


def _duty(handed: HandedDown, status: str, row: HandedRow | None, words: Words) -> Duty:
    assignment, _, _ = handed.code.rpartition("/")
    return Duty(
        handed.assignment_id, assignment, handed.agency_code, status,
        row.effective_due_on if row else NEVER, row.completed_on if row else NEVER, 0, words.wording_id, words.period,
        share=Share(handed.id or 0, handed.code, handed.unit, handed.text, handed.product),
    )  # fmt: skip


def _status(row: HandedRow, work: Mapping[int, Duty]) -> str:
    """Return how a share stands, by itself and by the assignment it belongs to."""
    duty = work.get(row.handed.assignment_id)
    if row.is_done:
        return _STANDS[row.status]
    if duty is None:
        return WITHDRAWN
    if duty.agency != row.handed.agency_code:
        return PASSED_ON
    return _WITH_THE_WORK.get(Status(duty.status), _STANDS[row.status])
