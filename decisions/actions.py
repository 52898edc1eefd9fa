"""The decisions somebody can take about an assignment, each a frozen value naming what it needs.

`on` is the day the decision was taken (for a cancellation, the day it takes effect), not the day it is typed in.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Cancel:
    """The assignment `code` is revoked or superseded from `on`, by `document`.

    Of a duty that comes back, so are the later periods due from `on` on.
    """

    name: ClassVar[str] = "cancel"
    code: str
    on: date
    document: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Hold:
    """The assignment `code` rests from `from_on` through `until_on` (calendar days), then counts again by itself.

    It begins no earlier than the duty counts. The deadline runs on meanwhile, unless the hold `stops_clock`: then it
    moves by the days held, and no further than policy lets an extension reach.
    """

    name: ClassVar[str] = "hold"
    code: str
    from_on: date
    until_on: date
    document: str
    reason: str
    stops_clock: bool = False


@dataclass(frozen=True, kw_only=True)
class Extend:
    """The assignment `code` is now due on `until_on`; the day first assigned stays visible.

    Refused when it was asked after the effective due day, when there were as many before as policy allows, or when it
    reaches further than policy allows, unless the assigning authority makes an `exception`, for the reason given.
    `asked_on` is the day the agency asked (None: the day of its earliest unanswered request, else of the decision).
    """

    name: ClassVar[str] = "extend"
    code: str
    on: date
    until_on: date
    document: str
    reason: str
    exception: bool = False
    asked_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Decline:
    """No more time is given for `code`: every request of a workbook recorded so far is answered; the due day stays.

    A request made as an answer to a digest is declined by `Settle`.
    """

    name: ClassVar[str] = "decline"
    code: str
    on: date
    reason: str
    document: str = ""


@dataclass(frozen=True, kw_only=True)
class Confirm:
    """The completion last declared for `code` is accepted."""

    name: ClassVar[str] = "confirm"
    code: str
    on: date
    reason: str
    document: str = ""


@dataclass(frozen=True, kw_only=True)
class Return:
    """The completion last declared for `code` is sent back: the work is open until it is reported anew."""

    name: ClassVar[str] = "return"
    code: str
    on: date
    reason: str
    document: str = ""


@dataclass(frozen=True, kw_only=True)
class Resume:
    """The assignment `code`, on hold, is taken up again on `on`: every hold decided before ends the day before.

    A deadline that the hold moved moves back by the days not rested after all.
    """

    name: ClassVar[str] = "resume"
    code: str
    on: date
    document: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Reinstate:
    """The cancelled assignment `code` stands again from `on`: the day of the cancellation when that was a mistake.

    Of a duty that comes back, so do the later periods due from `on` on.
    """

    name: ClassVar[str] = "reinstate"
    code: str
    on: date
    document: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Succeed:
    """From `on` the agency `to` is accountable for the assignment `code` of an agency that was split.

    Of a duty that comes back, for the later periods as well.
    """

    name: ClassVar[str] = "succeed"
    code: str
    to: str
    on: date
    document: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SetDueDay:
    """The assignment `code`, given without a due day, is due on `until_on` from now on, by `document`.

    Said again with another day, that one counts: a day set by mistake is set anew.
    """

    name: ClassVar[str] = "date"
    code: str
    on: date
    until_on: date
    document: str
    reason: str


Action = Cancel | Hold | Extend | Decline | Confirm | Return | Resume | Reinstate | Succeed | SetDueDay


def effective_on(action: Action) -> date:
    """Return the day from which the decision counts."""
    return action.from_on if isinstance(action, Hold) else action.on


def until_on(action: Action) -> date | None:
    """Return the last day of a hold, or the due day an extension or a dating gives; None for the other decisions."""
    return action.until_on if isinstance(action, Hold | Extend | SetDueDay) else None
