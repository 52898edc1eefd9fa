"""The sheets of the .xlsx annex beside the counts: what is raised and measured, the way to plan, the queries."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC

from openpyxl.chart import LineChart, Reference
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports.annex_sheet import HEADING_ROW, Grid, Value
from reports.facts import Facts
from reports.heat import heat_of
from reports.raised_tables import answer_text, asked_kind_text
from reports.wording import status_text, worded
from rules.status import Status

Titles = Sequence[tuple[str, int]]
Rows = Sequence[Sequence[Value]]
_RECURRING = (Status.COMPLETED_ON_TIME, Status.COMPLETED_LATE, Status.IN_PROGRESS, Status.DUE_SOON, Status.OVERDUE)
_LEFT, _PLANNED = "0072B2", "555555"


def lists_of(facts: Facts) -> Iterator[tuple[str, Titles, Rows]]:
    """Yield the name, the headings and the rows of each sheet whose list has something, and last the queries."""
    for name, make in _LISTS.items():
        titles, rows = make(facts)
        if rows:
            yield name, [(_title(title), width) for title, width in titles], rows


def _title(entry: str) -> str:
    """Return a heading by its entry, or by the status it counts."""
    return status_text(Status(entry)) if entry in set(Status) else worded(entry)


def _recurring(facts: Facts) -> tuple[Titles, Rows]:
    titles = [("column_document", 14), ("column_number", 12), ("sheet_task", 60), ("column_agencies", 10)]
    titles += [("column_periods", 12), *((status.value, 14) for status in _RECURRING)]
    rows: list[list[Value]] = [
        [w.document, w.number, w.task, w.agencies, w.counts.total, *(w.counts.of(status) for status in _RECURRING)]
        for w in facts.recurring
    ]
    return titles, rows


def _asked(facts: Facts) -> tuple[Titles, Rows]:
    titles = [
        ("sheet_code", 28),
        ("column_agency", 26),
        ("sheet_task", 50),
        ("sheet_asked", 18),
        ("sheet_asked_on", 12),
    ]
    titles += [("sheet_asked_until", 12), ("sheet_reason", 36), ("sheet_answer", 16)]
    rows = [
        [a.code, a.agency_name, a.task, asked_kind_text(a), a.asked_on, a.until_on, a.text, answer_text(a)]
        for a in (*facts.extensions, *facts.disputes)
    ]
    return titles, rows


def _obstacles(facts: Facts) -> tuple[Titles, Rows]:
    titles = [("sheet_code", 28), ("sheet_answer_by", 28), ("sheet_obstacle", 50), ("sheet_raised_by", 26)]
    titles += [("sheet_raised_on", 12), ("sheet_needed_by", 12), ("sheet_days", 12), ("sheet_proposal", 36)]
    rows = [
        [o.code, o.addressed_name, o.text, o.raised_by, o.raised_on, o.needed_by, o.days_late, o.proposal]
        for o in facts.obstacles
    ]
    return titles, rows


def _indicators(facts: Facts) -> tuple[Titles, Rows]:
    """Return a row per value observed, so that anyone can draw an indicator again."""
    titles = [("sheet_indicator", 50), ("sheet_unit", 10), ("column_agency", 24), ("sheet_observed_on", 12)]
    titles += [("sheet_value", 12), ("sheet_expected", 12), ("sheet_target", 12), ("sheet_target_on", 12)]
    rows: list[list[Value]] = []
    for each in facts.indicators:
        named: list[Value] = [each.name, each.unit, each.agency_name]
        goal: list[Value] = [each.target, each.target_on]
        for order, seen in enumerate(each.observed, start=1):
            expected = each.expected if order == len(each.observed) else None
            rows.append([*named, seen.on, seen.value, expected, *goal])
        if not each.observed:
            rows.append([*named, None, None, None, *goal])
    return titles, rows


def _burndown(facts: Facts) -> tuple[Titles, Rows]:
    titles = [("sheet_month_end", 14), ("line_plan", 14), ("line_left", 14)]
    return titles, [[point.on, point.planned, point.left] for point in facts.burndown]


def _queries(facts: Facts) -> tuple[Titles, Rows]:
    titles = [("sheet_figure", 44), ("sheet_count", 12), ("sheet_command", 110)]
    known_at = facts.known_at.astimezone(UTC).isoformat()
    return titles, [[opened.figure, opened.count, opened.command(known_at)] for opened in facts.opens]


_LISTS: Mapping[str, Callable[[Facts], tuple[Titles, Rows]]] = {
    "recurring": _recurring,
    "asked": _asked,
    "obstacles": _obstacles,
    "indicators": _indicators,
    "burndown": _burndown,
    "queries": _queries,
}


def heat_grid(facts: Facts) -> tuple[Titles, Rows, Sequence[Value]] | None:
    """Return the days late by agency and month with their totals; None when nothing was late."""
    heat = heat_of(facts)
    if not heat:
        return None
    months = sorted({month for days in heat.values() for month in days})
    titles = [(worded("column_agency"), 44), *((f"{m[5:]}/{m[:4]}", 9) for m in months), (worded("row_total"), 11)]
    rows = [
        [facts.name_of(agency), *(days.get(m) for m in months), sum(days.values())] for agency, days in heat.items()
    ]
    sums = [sum(days.get(m, 0) for days in heat.values()) for m in months]
    return titles, rows, [worded("row_total"), *sums, sum(sums)]


def colour_heat(sheet: Worksheet, grid: Grid) -> None:
    """Let the program shade the months from white to dark, by their own numbers."""
    last = get_column_letter(len(grid.titles) - 1)
    cells = f"B{HEADING_ROW + 1}:{last}{HEADING_ROW + len(grid.rows)}"
    rule = ColorScaleRule(start_type="num", start_value=0, start_color="FFFFFF", end_type="max", end_color="8C8C8C")  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add(cells, rule)


def add_burndown_chart(sheet: Worksheet, grid: Grid) -> None:
    """Draw the plan dashed and what was left full."""
    last = HEADING_ROW + len(grid.rows)
    chart = LineChart()
    chart.title, chart.width, chart.height = sheet.title, 24, 11
    chart.add_data(Reference(sheet, min_col=2, max_col=3, min_row=HEADING_ROW, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=HEADING_ROW + 1, max_row=last))
    plan, left = chart.series
    plan.graphicalProperties.line.dashStyle, plan.graphicalProperties.line.solidFill = "dash", _PLANNED
    left.graphicalProperties.line.solidFill, left.graphicalProperties.line.width = _LEFT, 28_000
    plan.smooth = left.smooth = False
    left.marker.symbol = "circle"
    chart.y_axis.scaling.min = 0
    chart.x_axis.number_format = "mm/yyyy"
    chart.x_axis.delete = chart.y_axis.delete = False
    if chart.legend is not None:
        chart.legend.position = "b"
    sheet.add_chart(chart, f"E{HEADING_ROW}")
