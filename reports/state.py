"""The states of a report: draft → submitted (cut-off) → updated (meeting day) → final."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from texts import SaidError


class EditionState(StrEnum):
    """What an edition is for; a later state never goes back to an earlier one."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    UPDATED = "updated"
    FINAL = "final"


@dataclass(frozen=True)
class Purpose:
    """What an edition is made for: its state (None: as the month's last), why, and which post lets it go.

    `asked_by` had it made: a new edition is then audited under that name.
    """

    state: EditionState | None = None
    reason: str = ""
    approved_by: str = ""
    asked_by: str = ""


class EditionStateError(SaidError):
    """The state asked for does not follow what the month has; the message says which can."""


ORDER = tuple(EditionState)
# A day of its own: the paper of these states is the paper of the meeting day.
AT_THE_TABLE = frozenset({EditionState.UPDATED, EditionState.FINAL})


def state_after(last: EditionState | None, asked: EditionState | None, *, month: str) -> EditionState:
    """Return the state of the next edition of `month`: the one asked for, else that of the last, else a draft.

    The same state again is a correction. Raises EditionStateError for a state before the last one's, and for a final
    edition that nobody could have read before: it follows one submitted or updated.
    """
    chosen = asked or last or EditionState.DRAFT
    if last is not None and ORDER.index(chosen) < ORDER.index(last):
        raise EditionStateError("edition.error_state_back", month=month, last=last, asked=chosen)
    if chosen is EditionState.FINAL and last in {None, EditionState.DRAFT}:
        raise EditionStateError("edition.error_final_unread", month=month)
    return chosen


def is_correction(last: EditionState | None, chosen: EditionState) -> bool:
    """Whether an edition corrects the one before it: the same state again, and more than a draft."""
    return last is chosen and chosen is not EditionState.DRAFT


def paper_day(state: EditionState, *, cutoff: date, meeting: date) -> date:
    """Return the day the paper of a state bears: the meeting's once it is updated, the cut-off before."""
    return meeting if state in AT_THE_TABLE else cutoff
