"""Holds that stop the clock: the days an assignment rests are given back at its end."""

from collections.abc import Iterable
from datetime import date, timedelta

Stretch = tuple[date, date]


def due_after_hold(due_on: date, held: Stretch, earlier: Iterable[Stretch] = ()) -> date:
    """Return the due day moved by the calendar days of `held`, both ends included.

    Days of `earlier` holds that stopped the clock were given back already and are not counted again. `held` begins
    no earlier than the duty counts: `decisions` sees to it, and caps the day this returns.
    """
    given_back = {day for stretch in earlier for day in _days(stretch)}
    return due_on + timedelta(days=len(set(_days(held)) - given_back))


def due_after_resumption(due_on: date, resumed_on: date, held: Iterable[Stretch]) -> date:
    """Return the due day moved back by the days of `held` from `resumed_on` on, each once: they did not rest."""
    return due_on - timedelta(days=len({day for stretch in held for day in _days(stretch) if day >= resumed_on}))


def ended_before(resumed_on: date, held: Iterable[Stretch]) -> list[Stretch]:
    """Return what is left of `held` once the work was taken up again on `resumed_on`."""
    left = ((first, min(last, resumed_on - timedelta(days=1))) for first, last in held)
    return [(first, last) for first, last in left if first <= last]


def _days(stretch: Stretch) -> Iterable[date]:
    first, last = stretch
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))
