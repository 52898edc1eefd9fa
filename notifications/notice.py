"""What planning answers: the notices of a day with their items, and what was not told with the reason."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.ladder import Role


class Reason(StrEnum):
    """Why an item is told: nobody was told about this due day before, or somebody on a lower rung was."""

    FIRST = "first"
    WORSE = "worse"


class Suppression(StrEnum):
    """Why something is not told on the day asked about; each has its sentence in the catalogue `notice`."""

    ALREADY_TOLD = "already_told"
    SUPERSEDED = "superseded"
    NO_CONTACT = "no_contact"
    NEXT_DIGEST = "next_digest"
    DAY_OFF = "day_off"


class NoticeState(StrEnum):
    """Where a notice stands in the outbox; `accepted`, `failed_permanent` and `unknown` are final."""

    PLANNED = "planned"
    SENDING = "sending"
    ACCEPTED = "accepted"
    FAILED_TEMPORARY = "failed_temporary"
    FAILED_PERMANENT = "failed_permanent"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class PlannedItem:
    """One assignment in a digest.

    `rung` is the ladder's offset in working days. `days_late` and `days_left` are working days; one of them is 0.
    `awaiting` says that the work was declared done without the evidence that counts.
    """

    code: str
    role: Role
    rung: int
    reason: Reason
    days_late: int
    days_left: int
    assignment_id: int
    last_good_day: date
    agency: str
    agency_name: str
    document: str
    number: str
    period: str
    task: str
    product: str
    deadline_text: str
    awaiting: bool

    @property
    def key(self) -> str:
        """Name the assignment, its effective due day and the rung: told once, unless its letter was lost."""
        return item_key(self.code, self.last_good_day, self.rung)


@dataclass(frozen=True)
class PlannedNotice:
    """All that one person hears on one day; `role`, `rung` and `reason` are the most severe of its items."""

    key: str
    agency: str
    recipient: str
    address: str
    role: Role
    rung: int
    reason: Reason
    subject: str
    text: str
    html: str
    items: tuple[PlannedItem, ...]


@dataclass(frozen=True)
class Suppressed:
    """Something not told, named by its key, and why not."""

    key: str
    reason: Suppression


@dataclass(frozen=True)
class Plan:
    """The notices newly decided for `as_of` (`new` of them), and what was left untold."""

    as_of: date
    notices: tuple[PlannedNotice, ...]
    new: int
    suppressed: tuple[Suppressed, ...]


def item_key(code: str, last_good_day: date, rung: int) -> str:
    """Return the natural key of an item, e.g. `07-CT-TTg.57.T89/2025-08-31/+10`."""
    return f"{code}/{last_good_day.isoformat()}/{rung:+d}"
