"""The charts of the first page as figures: where each bar stands, and the words that stand for all of them.

A chart is drawn by `looking/chart.html`; its table stands beside it, so that nothing is said by colour alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.looking.figures import AgencyLine, LateFor
from rules.status import Status
from texts import Language, number_text, say

# Drawn for a phone, where its letters are as large as those around it; wider pages show it larger.
_AGENCIES, _WIDTH, _NUMBER, _BAR, _STEP, _CLIP = 8, 360, 44, 14, 40, 46
_PARTS = (
    (Status.OVERDUE, "overdue"),
    (Status.DUE_SOON, "due_soon"),
    (Status.IN_PROGRESS, "in_progress"),
    (Status.COMPLETED_LATE, "completed_late"),
    (Status.COMPLETED_ON_TIME, "completed_on_time"),
)


@dataclass(frozen=True)
class Part:
    """One part of a bar: its class of colour, where it begins and how wide it is."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its parts, and the number at its end."""

    label: str
    y: int
    bar_y: int
    parts: Sequence[Part]
    end: float
    number: str


@dataclass(frozen=True)
class Chart:
    """A chart of bars; `title` and `told` say all of it in words, `legend` names the parts."""

    id: str
    title: str
    told: str
    bars: Sequence[Bar]
    height: int
    legend: Sequence[tuple[str, str]]
    width: int = _WIDTH
    thick: int = _BAR


def agencies_chart(lines: Sequence[AgencyLine], names: Mapping[str, str], language: Language) -> Chart:
    """Return how the work of the agencies with most late work stands, late work first."""
    shown = [line for line in lines if line.counts["total"]][:_AGENCIES]
    most = max((sum(line.counts[status.value] for status, _ in _PARTS) for line in shown), default=0)
    rows = [
        (
            _clipped(names[line.code]),
            [(kind, line.counts[status.value]) for status, kind in _PARTS],
            line.counts["overdue"],
        )
        for line in shown
    ]
    told = "; ".join(
        f"{names[line.code]}: {_number(line.counts['overdue'], language)} / {_number(line.counts['total'], language)}"
        for line in shown
    )
    legend = [(kind, say(f"status.{status}", language)) for status, kind in _PARTS]
    return _chart("chart-agencies", say("looking.chart_agencies", language), told, rows, most, legend, language)


def late_chart(groups: Sequence[LateFor], language: Language) -> Chart:
    """Return how long overdue work has been late."""
    most = max((group.count for group in groups), default=0)
    rows = [(late_label(group, language), [("overdue", group.count)], group.count) for group in groups]
    told = "; ".join(f"{label}: {_number(count, language)}" for label, _, count in rows)
    return _chart("chart-late", say("looking.chart_late", language), told, rows, most, (), language)


def late_label(group: LateFor, language: Language) -> str:
    """Return the words of a group of delays."""
    if group.last is None:
        return say("looking.late_more", language, first=group.first)
    return say("looking.late_between", language, first=group.first, last=group.last)


def _chart(
    id_: str,
    title: str,
    told: str,
    rows: Sequence[tuple[str, Sequence[tuple[str, int]], int]],
    most: int,
    legend: Sequence[tuple[str, str]],
    language: Language,
) -> Chart:
    per_unit = (_WIDTH - _NUMBER) / max(most, 1)
    bars = []
    for at, (label, counts, number) in enumerate(rows):
        x, parts = 0.0, []
        for kind, count in counts:
            if count:
                parts.append(Part(kind, round(x, 1), round(count * per_unit, 1)))
                x += count * per_unit
        y = at * _STEP + 13
        bars.append(Bar(label, y, y + 5, parts, round(x + 5, 1), _number(number, language)))
    return Chart(id_, title, told, bars, max(1, len(rows)) * _STEP, legend)


def _number(value: int, language: Language) -> str:
    return number_text(value, language=language)


def _clipped(name: str) -> str:
    return name if len(name) <= _CLIP else name[: _CLIP - 1].rstrip() + "…"
