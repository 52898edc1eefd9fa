"""Whether a due day may be moved.

An extension is asked before the deadline has passed, and both its number and its length are capped by the deployment's
policy, unless the assigning authority makes an exception.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ExtensionObjection(StrEnum):
    """What stands against an extension."""

    TOO_LATE = "too_late"
    TOO_MANY = "too_many"
    TOO_LONG = "too_long"


@dataclass(frozen=True)
class ExtensionPolicy:
    """How often one assignment may be extended, and by how many calendar days in all after the day first assigned.

    The days cap a hold that stops the clock as well: it too moves the due day.
    """

    most: int = 3
    most_days: int = 365

    def is_too_far(self, due_on: date, original_due_on: date) -> bool:
        """Whether a new due day lies further after the day first assigned than policy allows."""
        return (due_on - original_due_on).days > self.most_days


@dataclass(frozen=True, kw_only=True)
class ExtensionCase:
    """An extension asked for on `asked_on`, to `until_on`, after `granted` earlier ones.

    `last_good_day` is the effective due day as it stands: the deadline passes when that day ends.
    """

    asked_on: date
    until_on: date
    original_due_on: date
    last_good_day: date
    granted: int


def objection(case: ExtensionCase, policy: ExtensionPolicy) -> ExtensionObjection | None:
    """Return the first thing that stands against the extension, or None; a granted exception overrides any of them."""
    if case.asked_on > case.last_good_day:
        return ExtensionObjection.TOO_LATE
    if case.granted >= policy.most:
        return ExtensionObjection.TOO_MANY
    if policy.is_too_far(case.until_on, case.original_due_on):
        return ExtensionObjection.TOO_LONG
    return None
