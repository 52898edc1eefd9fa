"""One duty as the oracle found it to stand on a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tests.oracle.facts import Wording

DONE = ("completed_on_time", "completed_late")


@dataclass(frozen=True)
class Part:
    """One duty as it stood; a holder shows the worst of its parts."""

    number: int
    wording: Wording
    status: str
    original_due: date | None
    due: date | None
    good_until: date | None
    good_until_as_assigned: date | None
    done_on: date | None
    cancelled_on: date | None
    awaiting: bool
    extended: bool
    heard_on: date | None
    next_good_until: date | None
    step_days: list[tuple[date, date | None]]
    step_status: Callable[[date, date | None], str]
