"""The ladder of escalation: who must hear how many working days before or after the effective due day."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any

from rules.calendar import WorkingCalendar

EMAIL = "email"
_CHANNEL = re.compile(r"(?!fallback$)[a-z][a-z0-9_]*")


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
    what silences it; `ask` what its reader is asked to do, empty for the sentence of its role. `channels` are the names
    of those it goes over. Raises ValueError for a name that is none.
    """

    offset: int
    role: Role
    step: str = ""
    repeat_every: int = 0
    must_deliver: bool = False
    for_information: tuple[Role, ...] = ()
    stopped_by: tuple[Stop, ...] = (Stop.COMMITMENT,)
    ask: str = ""
    channels: tuple[str, ...] = (EMAIL,)

    def __post_init__(self) -> None:
        """Name a step nobody named after its role and offset."""
        if not self.channels or not all(_CHANNEL.fullmatch(name) for name in self.channels):
            message = f"channels {', '.join(self.channels)}"
            raise ValueError(message)
        if not self.step:
            object.__setattr__(self, "step", f"{self.role}{self.offset:+d}")


Ladder = Sequence[Rung]


@dataclass(frozen=True)
class Contact:
    """The post that holds a role in an agency and the address where it hears; `name` is who holds it, if known.

    The working group is one post for all agencies, registered under the agency it belongs to. `elsewhere` are its
    addresses in other channels, each with the channel's name.
    """

    agency: str
    role: Role
    post_vi: str
    post_en: str
    address: str
    name: str = ""
    elsewhere: tuple[tuple[str, str], ...] = ()

    def address_in(self, channel: str) -> str:
        """Return where it hears over a channel; empty where it does not."""
        return self.address if channel == EMAIL else dict(self.elsewhere).get(channel, "")


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


def inside(ladder: Ladder) -> Ladder:
    """Return what of a ladder an agency's own posts hear: nobody outside does, not even for information."""
    group = Role.WORKING_GROUP
    return [
        replace(rung, for_information=tuple(role for role in rung.for_information if role is not group))
        for rung in ladder
        if rung.role is not group
    ]


def rung_from(stated: Mapping[str, Any]) -> Rung:
    """Return the rung that a data file or the store states. Raises KeyError, TypeError or ValueError."""
    if isinstance(stated.get("channels"), str):
        message = "channels is a list of names"
        raise TypeError(message)
    lists: dict[str, type[str]] = {"for_information": Role, "stopped_by": Stop, "channels": str}
    worded: dict[str, Any] = {
        name: tuple(lists[name](each) for each in value) if name in lists else value for name, value in stated.items()
    }
    return Rung(**{**worded, "role": Role(stated["role"])})


def stated_rung(rung: Rung) -> dict[str, Any]:
    """Return what `rung_from` reads; the one channel every rung has need not be stated."""
    stated = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(rung).items()}
    if rung.channels == (EMAIL,):
        del stated["channels"]
    return stated


def channels_of(ladder: Ladder) -> list[str]:
    """Return the names of the channels a ladder's letters go over beside the one everybody has."""
    return sorted({name for rung in ladder for name in rung.channels} - {EMAIL})


def digest_of(ladder: Ladder) -> str:
    """Return what tells one ladder from another: the digest of all it states."""
    stated = json.dumps([stated_rung(rung) for rung in sorted(ladder)], ensure_ascii=False, sort_keys=True)
    return sha256(stated.encode()).hexdigest()
