"""The ladder of escalation: who must hear how many working days before or after the effective due day."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any

from rules.calendar import WorkingCalendar


class Role(StrEnum):
    """The posts a rung addresses, from the desk upwards."""

    FOCAL_POINT = "focal_point"
    UNIT_HEAD = "unit_head"
    DEPUTY_HEAD = "deputy_head"
    AGENCY_HEAD = "agency_head"
    WORKING_GROUP = "working_group"


class Stop(StrEnum):
    """What silences a rung while the work is open; a completion, a hold and a cancellation silence every rung."""

    COMMITMENT = "commitment"
    DECLARED = "declared"


@dataclass(frozen=True, order=True)
class Rung:
    """One step: `offset` in working days from the effective due day (negative: before it) and the role that hears.

    `step` names it for good, whatever its offset becomes: nobody is told the same step of the same due day twice.
    `repeat_every` working days it is told again (0: once). `must_deliver` has it sent again when its outcome was
    lost, and over the second channel when the first did not take it. `for_information` also read it. `stopped_by` says
    what silences it; `ask` what its reader is asked to do, empty for the sentence of its role.
    """

    offset: int
    role: Role
    step: str = ""
    repeat_every: int = 0
    must_deliver: bool = False
    for_information: tuple[Role, ...] = ()
    stopped_by: tuple[Stop, ...] = (Stop.COMMITMENT,)
    ask: str = ""

    def __post_init__(self) -> None:
        """Name a step nobody named after its role and offset."""
        if not self.step:
            object.__setattr__(self, "step", f"{self.role}{self.offset:+d}")


Ladder = Sequence[Rung]


@dataclass(frozen=True)
class Contact:
    """The post that holds a role in an agency and the address where it hears; `name` is who holds it, if known.

    The working group is one post for all agencies, registered under the agency it belongs to.
    """

    agency: str
    role: Role
    post_vi: str
    post_en: str
    address: str
    name: str = ""


def rung_reached(effective_due_on: date, today: date, ladder: Ladder, calendar: WorkingCalendar) -> Rung | None:
    """Return the highest rung whose day has come by `today`, or None before the first.

    After an outage only this one is told; the lower ones are superseded.
    """
    reached = calendar.working_days_between(effective_due_on, today)
    return max((rung for rung in ladder if rung.offset <= reached), default=None)


def one_higher(offset: int, ladder: Ladder) -> Rung | None:
    """Return the rung above `offset` that a broken commitment enters: the highest where there is none above."""
    above = [rung for rung in ladder if rung.offset > offset]
    return min(above, default=max(ladder, default=None))


def rung_from(stated: Mapping[str, Any]) -> Rung:
    """Return the rung that a data file or the store states. Raises KeyError, TypeError or ValueError."""
    lists: dict[str, type[StrEnum]] = {"for_information": Role, "stopped_by": Stop}
    worded: dict[str, Any] = {
        name: tuple(lists[name](each) for each in value) if name in lists else value for name, value in stated.items()
    }
    return Rung(**{**worded, "role": Role(stated["role"])})


def stated_rung(rung: Rung) -> dict[str, Any]:
    """Return what `rung_from` reads."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(rung).items()}


def digest_of(ladder: Ladder) -> str:
    """Return what tells one ladder from another: the digest of all it states."""
    stated = json.dumps([stated_rung(rung) for rung in sorted(ladder)], ensure_ascii=False, sort_keys=True)
    return sha256(stated.encode()).hexdigest()
