"""Indicators on or off the straight trajectory, and where they will be: targets of Directive 07 and its conclusions.

5G stations at least half the 4G ones by December 2025 (row 46), 40 of 61 utilities on VNeID (row 83), electronic
records in every hospital by September 2025 (row 28), compliance cost cut by 30 % (row 87). Observations are invented.
"""

from datetime import date

import pytest

from rules.amount import Direction
from rules.indicator import Observation, Standing, Target, standing_of

MARCH_14, DECEMBER_31 = date(2025, 3, 14), date(2025, 12, 31)
FIVE_G = Target(50, DECEMBER_31, Direction.UP, MARCH_14, baseline=0)
HOSPITALS = Target(100, date(2025, 9, 30), Direction.UP, MARCH_14, baseline=0)
COST = Target(70, DECEMBER_31, Direction.DOWN, date(2024, 12, 31), baseline=100)
# 14 March to 31 December are 292 days; half of them end on 7 August.
HALFWAY = date(2025, 8, 7)


def standing(target: Target | None, *observed: tuple[date, float], as_of: date = DECEMBER_31) -> Standing:
    return standing_of(target, [Observation(on, value) for on, value in observed], as_of=as_of)


@pytest.mark.parametrize(
    ("target", "observed", "on_track"),
    [
        (FIVE_G, (HALFWAY, 25.0), True),
        (FIVE_G, (HALFWAY, 24.9), False),
        (FIVE_G, (date(2025, 8, 8), 25.0), False),
        (FIVE_G, (MARCH_14, 0.0), True),
        (FIVE_G, (date(2025, 12, 30), 49.9), True),
        (FIVE_G, (DECEMBER_31, 49.9), False),
        (HOSPITALS, (date(2025, 9, 30), 100.0), True),
        (HOSPITALS, (date(2025, 10, 31), 99.5), False),
        (COST, (date(2025, 7, 2), 85.0), False),
        (COST, (date(2025, 7, 2), 84.9), True),
    ],
    ids=[
        "on the line",
        "just below",
        "a day later",
        "at the start",
        "the day before the target's",
        "short on its day",
        "every hospital",
        "short after its day",
        "a cost not yet low enough",
        "a cost low enough",
    ],
)
def test_on_or_off_the_straight_line(target: Target, observed: tuple[date, float], *, on_track: bool) -> None:
    assert standing(target, observed, as_of=observed[0]).on_track is on_track


@pytest.mark.parametrize(
    ("target", "observed", "forecast", "reaches"),
    [
        (FIVE_G, (HALFWAY, 25.0), 50.0, True),
        (FIVE_G, (HALFWAY, 20.0), 40.0, False),
        (HOSPITALS, (date(2025, 6, 22), 60.0), 120.0, True),
        (COST, (date(2025, 7, 2), 90.0), 80.05, False),
    ],
    ids=["just so", "a fifth short", "beyond the target", "a cost falling too slowly"],
)
def test_the_forecast_goes_on_at_the_pace_so_far(
    target: Target, observed: tuple[date, float], forecast: float, *, reaches: bool
) -> None:
    found = standing(target, observed, as_of=observed[0])
    assert found.forecast == pytest.approx(forecast, abs=0.01)
    assert found.reaches is reaches


def test_forty_of_sixty_one_utilities() -> None:
    """The conclusion names no baseline: the first observation stands for it, and one alone draws no line."""
    utilities = Target(61, DECEMBER_31, Direction.UP, MARCH_14)
    first = (date(2025, 7, 1), 30.0)
    assert standing(utilities, first, as_of=date(2025, 7, 1)) == Standing(Observation(*first))
    found = standing(utilities, first, (date(2025, 9, 1), 40.0), as_of=date(2025, 9, 30))
    assert (found.on_track, found.reaches) == (False, False)
    assert found.expected == pytest.approx(30 + 31 * 62 / 183)
    assert found.forecast == pytest.approx(30 + 10 * 183 / 62)


@pytest.mark.parametrize(
    ("as_of", "value"),
    [(date(2025, 6, 29), None), (date(2025, 6, 30), 20.0), (date(2025, 8, 30), 20.0), (date(2025, 8, 31), 30.0)],
)
def test_only_what_was_observed_by_the_day_counts(as_of: date, value: float | None) -> None:
    found = standing(FIVE_G, (date(2025, 8, 31), 30.0), (date(2025, 6, 30), 20.0), as_of=as_of)
    assert (found.observed.value if found.observed else None) == value


@pytest.mark.parametrize(
    ("as_of", "forecast", "reaches"),
    [(date(2025, 12, 30), 292 * 45 / 261, True), (DECEMBER_31, 45.0, False), (date(2026, 2, 1), 45.0, False)],
)
def test_once_its_day_has_come_the_last_value_by_it_is_the_answer(
    as_of: date, forecast: float, *, reaches: bool
) -> None:
    found = standing(FIVE_G, (date(2025, 11, 30), 45.0), (date(2026, 1, 15), 55.0), as_of=as_of)
    assert found.forecast == pytest.approx(forecast)
    assert found.reaches is reaches


def test_without_a_target_the_value_alone_stands() -> None:
    observed = (HALFWAY, 20.0)
    assert standing(None, observed) == Standing(Observation(*observed))
    assert standing(FIVE_G) == Standing()
