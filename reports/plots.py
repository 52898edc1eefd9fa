"""The report's lines as figures: the work left against its plan, and each indicator against its way to the target."""

from collections.abc import Iterable, Sequence
from datetime import date
from math import ceil, floor, log10

from reports.charts import LANDSCAPE_WIDTH, PORTRAIT_WIDTH
from reports.facts import Facts
from reports.paper import Line, Panel, Plot, Point, Tick
from reports.raised import IndicatorFacts
from reports.wording import clipped, milestone_text, number_text, worded
from texts import date_text

_TICKS_UP, _TICKS_ACROSS = 5, 7
_PANELS_ACROSS, _PANELS_ON_A_PAGE = 3, 6
_TITLE, _UNIT = 90, 20
_STEPS = (1, 2, 2.5, 5, 10)


def burndown_plot(facts: Facts, number: int) -> Plot:
    """Return how many dated assignments were to be left at each month's end, and were, with the milestones marked."""
    points = facts.burndown
    days = (points[0].on, points[-1].on)
    most = max(max(point.planned, point.left or 0) for point in points)
    up = _ticks_up(0, most)
    lines = (
        Line(worded("line_plan"), "plan", tuple(Point(_at(p.on, days), p.planned / up[-1]) for p in points)),
        Line(
            worded("line_left"),
            "actual",
            tuple(Point(_at(p.on, days), p.left / up[-1]) for p in points if p.left is not None),
        ),
    )
    marks = tuple(Tick(_at(m.on, days), milestone_text(m)) for m in facts.milestones if days[0] <= m.on <= days[1])
    panel = Panel("", _months([p.on for p in points], days), _marked(up, 0, up[-1]), lines, marks)
    said = "; ".join(_said_left(p.on, p.planned, p.left) for p in points)
    alternative = worded("alt_burndown", points=said)
    return Plot((panel,), 1, worded("figure_burndown", number=number), alternative, PORTRAIT_WIDTH)


def _said_left(on: date, planned: int, left: int | None) -> str:
    known = worded("alt_left", count=number_text(left)) if left is not None else ""
    return worded("alt_burn_point", day=date_text(on), planned=number_text(planned), left=known)


def indicator_plots(facts: Facts, first: int) -> Sequence[Plot]:
    """Return the indicators that have a way to go or a value, a page at a time, figures numbered from `first`."""
    drawn = [each for each in facts.indicators if _is_drawn(each)]
    pages = [drawn[at : at + _PANELS_ON_A_PAGE] for at in range(0, len(drawn), _PANELS_ON_A_PAGE)]
    return [_indicators_page(page, number) for number, page in enumerate(pages, start=first)]


def _is_drawn(indicator: IndicatorFacts) -> bool:
    return bool(indicator.observed or (indicator.start and indicator.target is not None and indicator.target_on))


def _indicators_page(page: Sequence[IndicatorFacts], number: int) -> Plot:
    caption = worded("figure_indicators", number=number)
    said = "; ".join(indicator_text(each) for each in page)
    panels = tuple(_indicator_panel(each) for each in page)
    return Plot(panels, _PANELS_ACROSS, caption, worded("alt_indicators", indicators=said), LANDSCAPE_WIDTH)


def indicator_text(indicator: IndicatorFacts) -> str:
    """Return an indicator in a few words: its latest value, what was to be reached by then, its target."""
    latest = indicator.observed[-1] if indicator.observed else None
    parts = [worded("indicator_none")]
    if latest is not None:
        parts = [worded("indicator_latest", value=value_text(latest.value, indicator.unit), day=date_text(latest.on))]
    if indicator.expected is not None:
        parts.append(worded("indicator_expected", value=value_text(indicator.expected, indicator.unit)))
    if indicator.target is not None:
        parts.append(worded("indicator_target", value=value_text(indicator.target, indicator.unit)))
    return f"{indicator.name}: {', '.join(parts)}"


def value_text(value: float, unit: str = "") -> str:
    """Return a measured value with its unit; two decimals at most, none when it has none."""
    decimals = next((digits for digits in (0, 1, 2) if round(value, digits) == value), 2)
    return f"{number_text(value, decimals)}{'' if unit == '%' else ' '}{unit}".strip()


def _indicator_panel(indicator: IndicatorFacts) -> Panel:
    way = [indicator.start] if indicator.start else []
    goal = indicator.target is not None and indicator.target_on is not None
    days = [each.on for each in (*way, *indicator.observed)] + ([indicator.target_on] if indicator.target_on else [])
    values = [each.value for each in (*way, *indicator.observed)]
    values += [indicator.target] if indicator.target is not None else []
    span = (min(days), max(days))
    up = _ticks_up(min(0.0, *values), max(values))
    low, high = up[0], up[-1]

    def point(on: date, value: float) -> Point:
        return Point(_at(on, span), (value - low) / (high - low))

    plan: tuple[Point, ...] = ()
    if indicator.start and goal and indicator.target is not None and indicator.target_on is not None:
        plan = (point(indicator.start.on, indicator.start.value), point(indicator.target_on, indicator.target))
    actual = tuple(point(each.on, each.value) for each in indicator.observed)
    name = clipped(indicator.name, _TITLE)
    title = f"{name} ({clipped(indicator.unit, _UNIT)})" if indicator.unit else name
    lines = (Line(worded("line_trajectory"), "plan", plan), Line(worded("line_observed"), "actual", actual))
    ends = tuple(Tick(_at(day, span), f"{day:%m/%Y}") for day in dict.fromkeys(span))
    return Panel(title, ends, _marked(up, low, high), lines)


def _at(on: date, span: tuple[date, date]) -> float:
    whole = (span[1] - span[0]).days
    return round((on - span[0]).days / whole, 4) if whole else 0.5


def _months(days: Sequence[date], span: tuple[date, date]) -> tuple[Tick, ...]:
    """Return the marks of some of the days: the first and every so many after it, so that none runs into the next."""
    every = ceil(len(days) / _TICKS_ACROSS)
    return tuple(Tick(_at(day, span), f"{day:%m/%Y}") for day in days[::every])


def _marked(ticks: Iterable[float], low: float, high: float) -> tuple[Tick, ...]:
    return tuple(Tick(round((tick - low) / (high - low), 4), value_text(tick)) for tick in ticks)


def _ticks_up(low: float, high: float) -> list[float]:
    """Return round numbers from at most `low` to at least `high`; always two of them or more."""
    span = (high - low) or abs(high) or 1.0
    power = 10 ** floor(log10(span / _TICKS_UP))
    step = next(power * each for each in _STEPS if span / (power * each) <= _TICKS_UP)
    first, last = floor(low / step), max(ceil(high / step), floor(low / step) + 1)
    return [round(each * step, 6) for each in range(first, last + 1)]
