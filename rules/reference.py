"""What a deployment states about its world, in one value."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.calendar import WorkingCalendar
from rules.ladder import Contact, Rung
from rules.layout import Layout
from rules.milestone import Milestone
from rules.register import Register


@dataclass(frozen=True)
class Reference:
    """Agencies, collectives, calendar, milestones, the ladder, who holds which post, and the layouts of workbooks."""

    register: Register
    calendar: WorkingCalendar
    milestones: Sequence[Milestone]
    ladder: Sequence[Rung]
    contacts: Sequence[Contact]
    layouts: Sequence[Layout]
