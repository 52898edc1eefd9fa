"""What planning answers: the notices of a day with their items, and what was not told with the reason."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from notifications.attachment import Attachment
from rules.ladder import EMAIL, Role


class Reason(StrEnum):
    """Why something is told.

    Of an item: nobody was told about this due day before (`first`), somebody on a lower rung was (`worse`), the same
    post was and nothing changed (`repeat`), or it need not trouble those who were alarmed any more (`resolved`).
    Of a digest: the most severe of these, `new_items` standing for `first` once its reader had an earlier digest.
    """

    FIRST = "first"
    WORSE = "worse"
    NEW_ITEMS = "new_items"
    REPEAT = "repeat"
    RESOLVED = "resolved"


class Suppression(StrEnum):
    """Why something is not told on the day asked about; each has its sentence in the catalogue `notice`."""

    ALREADY_TOLD = "already_told"
    SUPERSEDED = "superseded"
    NO_CONTACT = "no_contact"
    NEXT_DIGEST = "next_digest"
    DAY_OFF = "day_off"
    COMMITTED = "committed"
    DECLARED = "declared"
    OVERFLOW = "overflow"
    NO_ADDRESS = "no_address"
    TRIAL = "trial"


class NoticeState(StrEnum):
    """Where a notice stands in the outbox; all but the first two and `failed_temporary` are final.

    The last four were never sent: a later day's planning took its place, its reader was not to be written to (the
    reason stands beside it), a later digest holds all of it, or a person called it off.
    """

    PLANNED = "planned"
    SENDING = "sending"
    ACCEPTED = "accepted"
    FAILED_TEMPORARY = "failed_temporary"
    FAILED_PERMANENT = "failed_permanent"
    UNKNOWN = "unknown"
    SUPERSEDED = "superseded"
    SUPPRESSED = "suppressed"
    BUNDLED = "bundled"
    CANCELLED = "cancelled"


# What the planning of a later day takes the place of.
UNSENT = (NoticeState.PLANNED, NoticeState.FAILED_TEMPORARY)


@dataclass(frozen=True)
class PlannedItem:
    """One assignment in a digest.

    `rung` is the ladder's offset in working days, `step` its name, `ladder` the digest of the ladder it stands in.
    `days_late` and `days_left` are working days; one of them is 0. `awaiting` says that the work was declared done
    without the evidence that counts. `superseded` are the lower steps it stands for, `skipped` the vacant roles passed
    over, `information` that somebody else answers for it, `ended` how a resolved item came to its end and on which day.
    `post_agency` is the agency of the post that hears, another one than `agency` for the working group. With an
    `obstacle_id` it is the answer that `agency` owes by `last_good_day` to the `obstacle` (its words) that `raised_by`
    (a name) met with the assignment; with a `handed_id` the `share` (its words) of it, `share_code`, that a `unit` of
    `agency` must do by then.
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
    step: str = ""
    ladder: str = ""
    ask: str = ""
    must_deliver: bool = False
    superseded: tuple[str, ...] = ()
    skipped: tuple[Role, ...] = ()
    information: bool = False
    ended: str = ""
    ended_on: date | None = None
    post_agency: str = ""
    obstacle_id: int = 0
    obstacle: str = ""
    raised_by: str = ""
    handed_id: int = 0
    share: str = ""
    share_code: str = ""
    unit: str = ""

    @property
    def subject(self) -> tuple[int, int, int]:
        """What it is about: the assignment, and an obstacle to it or a share of it (both 0: the assignment itself)."""
        return self.assignment_id, self.obstacle_id, self.handed_id

    @property
    def is_beside(self) -> bool:
        """Whether it is about what stands beside the assignment: an answer owed, or a share handed down."""
        return bool(self.obstacle_id or self.handed_id)


@dataclass(frozen=True)
class PlannedNotice:
    """All that one person hears on one day over one `channel`; `role`, `rung` and `reason` are of its severest item.

    `not_before` is the end of the quiet time it was planned in; `link` is where its reader can answer.
    """

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
    attachments: tuple[Attachment, ...] = ()
    must_deliver: bool = False
    link: str = ""
    not_before: datetime | None = None
    channel: str = EMAIL


class Suppressed(NamedTuple):
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


def item_key(code: str, last_good_day: date, rung: int, obstacle_id: int = 0) -> str:
    """Return the natural key of an item, e.g. `07-CT-TTg.57.T89/2025-08-31/+10`.

    It is `…T89#4/…` for an answer owed; the `code` of a share is its own, `….T89/1`.
    """
    return (
        f"{code}#{obstacle_id}/{_day_and_rung(last_good_day, rung)}"
        if obstacle_id
        else (f"{code}/{_day_and_rung(last_good_day, rung)}")
    )


@lru_cache(maxsize=10_000)
def _day_and_rung(day: date, rung: int) -> str:
    return f"{day.isoformat()}/{rung:+d}"
