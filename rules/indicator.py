"""Whether an indicator is on its way to its target: the straight trajectory, and a forecast at the target's day.

The method, so that anyone can check it with a ruler: the trajectory is the straight line from the baseline to the
target; the forecast is the straight line through the baseline and the latest observation, drawn on to the target's
day. Two points and no fit: observations are monthly, few and cumulative, so a least-squares line over the last ones
would only say the same less plainly, and would go on rising by months that have passed. Without a baseline the first
observation stands for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import isclose

from rules.amount import Direction

NEGLIGIBLE = 1e-9


@dataclass(frozen=True, order=True)
class Observation:
    """What was observed on a day, in the indicator's unit."""

    on: date
    value: float


@dataclass(frozen=True)
class Target:
    """Where an indicator starts and where it must be: `value` on `on`; `baseline` None when nobody stated it."""

    value: float
    on: date
    direction: Direction
    baseline_on: date
    baseline: float | None = None

    def reached_by(self, value: float) -> bool:
        """Whether `value` is at the target or beyond it."""
        return _at_least_as_good(value, self.value, self.direction)


@dataclass(frozen=True)
class Standing:
    """How an indicator stands on a day.

    `expected` is the trajectory on the day of the latest observation, `on_track` whether that observation is on it or
    better (None where no line can be drawn). `forecast` is the value expected on the target's day; once that day has
    come, the value last observed by it. `reaches` says whether it meets the target.
    """

    observed: Observation | None = None
    expected: float | None = None
    on_track: bool | None = None
    forecast: float | None = None
    reaches: bool | None = None


def standing_of(target: Target | None, observations: Sequence[Observation], *, as_of: date) -> Standing:
    """Return how an indicator stands on `as_of`, by the observations of days up to it; their order does not matter.

    An observation is judged on its own day: a value a month old is not late because nobody looked since.
    """
    known = sorted(each for each in observations if each.on <= as_of)
    if not known:
        return Standing()
    if target is None:
        return Standing(known[-1])
    start = _start(target, known)
    latest, expected = known[-1], _trajectory(target, start, known[-1].on)
    on_track = None if expected is None else _at_least_as_good(latest.value, expected, target.direction)
    forecast = _forecast(target, start, known, as_of)
    return Standing(latest, expected, on_track, forecast, None if forecast is None else target.reached_by(forecast))


def _start(target: Target, known: Sequence[Observation]) -> Observation:
    return known[0] if target.baseline is None else Observation(target.baseline_on, target.baseline)


def _trajectory(target: Target, start: Observation, on: date) -> float | None:
    """Return the straight line from the start to the target on a day; the target itself from its day on."""
    if on >= target.on:
        return target.value
    known = target.baseline is not None or start.on < on
    return _line(start, Observation(target.on, target.value), on) if known and start.on <= on else None


def _forecast(target: Target, start: Observation, known: Sequence[Observation], as_of: date) -> float | None:
    by_its_day = [each for each in known if each.on <= target.on]
    if as_of >= target.on:
        return by_its_day[-1].value if by_its_day else None
    latest = known[-1]
    return _line(start, latest, target.on) if start.on < latest.on else None


def _line(first: Observation, second: Observation, on: date) -> float:
    slope = (second.value - first.value) / (second.on - first.on).days
    return first.value + slope * (on - first.on).days


def _at_least_as_good(value: float, than: float, direction: Direction) -> bool:
    better = value >= than if direction is Direction.UP else value <= than
    return better or isclose(value, than, rel_tol=NEGLIGIBLE, abs_tol=NEGLIGIBLE)
