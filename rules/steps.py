"""How the steps of one piece of work stand, each judged like the whole by its own due day and its own document."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rules.calendar import WorkingCalendar
from rules.status import NEVER, AskedAbout, Status, StatusFacts, judge


@dataclass(frozen=True)
class Step:
    """A step as a document words it; `position` counts from 1."""

    position: int
    name: str
    due_on: date


@dataclass(frozen=True)
class StepStanding:
    """A step on a day: when it is due as things stand, how it stands, and the day it was done (None: not yet)."""

    position: int
    name: str
    due_on: date
    effective_due_on: date | None
    status: Status
    completed_on: date | None


@dataclass(frozen=True)
class Schedule:
    """The steps of a piece of work, earliest first, the days by which it was moved, and the documents cited for it.

    `cited` is a number and the day of its document, as often as reports give it.
    """

    steps: Sequence[Step]
    moved_by: timedelta
    cited: Iterable[tuple[str, date]]


def standings(
    schedule: Schedule, whole: StatusFacts, asked: AskedAbout, calendar: WorkingCalendar
) -> list[StepStanding]:
    """Return how each step stands: the n-th document does the n-th step, and work that is done has done them all."""
    done = _days_done(schedule, whole.completed_on)
    return [
        _standing(step, step.due_on + schedule.moved_by, replace(whole, completed_on=on), asked, calendar)
        for step, on in zip(schedule.steps, done, strict=True)
    ]


def next_good_day(found: Sequence[StepStanding], final: date) -> date:
    """Return the last good day of the first step still open; `final`, that of the whole, when none is."""
    first = next((step for step in found if step.completed_on is None), None)
    return (first.effective_due_on or first.due_on) if first else final


def _days_done(schedule: Schedule, completed_on: date) -> list[date]:
    first: dict[str, date] = {}
    for number, on in schedule.cited:
        first[number] = min(on, first.get(number, on))
    days = [*sorted(first.values()), *[NEVER] * len(schedule.steps)]
    return [*(min(day, completed_on) for day in days[: len(schedule.steps) - 1]), completed_on]


def _standing(
    step: Step, due_on: date, facts: StatusFacts, asked: AskedAbout, calendar: WorkingCalendar
) -> StepStanding:
    effective = calendar.effective(due_on)
    status = judge(replace(facts, last_good_day=effective or due_on), asked)
    completed_on = None if facts.completed_on > asked.day else facts.completed_on
    return StepStanding(step.position, step.name, due_on, effective, status, completed_on)
