"""Whether somebody was faster: what a decision rests on was seen before another fact was recorded."""

from sqlmodel import Session

from decisions.outcome import Refusal
from models.newest import EVER, newest_of


def overtaken(session: Session, assignment: int, code: str, seen: str | None) -> Refusal | None:
    """Return the refusal when the newest facts of an assignment are others than `seen`; None, too, where nobody says.

    To be asked in the transaction that records, after it has its lock.
    """
    if seen is None or newest_of(session, assignment, known_at=EVER).mark == seen:
        return None
    return Refusal("overtaken", {"code": code})
