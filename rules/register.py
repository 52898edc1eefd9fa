"""The register of agencies: who exists on a day, who succeeds whom, and which collectives they form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property


class AgencyKind(StrEnum):
    """The kinds of body that can be accountable."""

    MINISTRY = "ministry"
    MINISTERIAL_LEVEL = "ministerial-level"
    GOVERNMENT_AGENCY = "government-agency"
    PROVINCE = "province"
    STEERING = "steering"


@dataclass(frozen=True)
class Agency:
    """A body that can be accountable, valid from and through the given days (None: without limit).

    `successor` is the code of the body its duties pass to; `split` says that a person must confirm each one.
    """

    code: str
    name_vi: str
    kind: AgencyKind
    abbreviation: str = ""
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None
    split: bool = False
    note: str = ""

    def valid_on(self, day: date) -> bool:
        """Whether the body exists on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Collective:
    """A name that stands for every agency of some kinds, e.g. "các bộ, ngành, địa phương"."""

    code: str
    names: tuple[str, ...]
    kinds: frozenset[AgencyKind]


@dataclass(frozen=True)
class Register:
    """All agencies, abolished ones included, and the collectives."""

    agencies: Sequence[Agency]
    collectives: Sequence[Collective] = ()

    def by_code(self) -> Mapping[str, Agency]:
        """Return the agencies by their code."""
        return self._by_code

    @cached_property
    def _by_code(self) -> Mapping[str, Agency]:
        return {agency.code: agency for agency in self.agencies}

    def members(self, collective: Collective, day: date) -> Sequence[Agency]:
        """Return the collective's members valid on `day`, in register order."""
        return [a for a in self.agencies if a.kind in collective.kinds and a.valid_on(day)]

    def accountable(self, day: date) -> Mapping[str, str]:
        """Map each agency that no longer exists on `day` to the successor accountable that day.

        Splits are left out: they wait for a person's confirmation.
        """
        return {code: final for code in self._ended(day) if (final := self._successor(code, day)) != code}

    def _ended(self, day: date) -> Iterable[str]:
        return (a.code for a in self.agencies if a.valid_to is not None and a.valid_to < day)

    def _successor(self, code: str, day: date) -> str:
        agencies = self.by_code()
        agency = agencies[code]
        while agency.successor and not agency.split and not agency.valid_on(day):
            agency = agencies[agency.successor]
        return agency.code
