"""The report's tables of what agencies raise and measure: requests, obstacles, indicators, duties that come again."""

from reports.facts import Facts
from reports.paper import Align, Column, RowKind, Table, TableRow
from reports.plots import value_text
from reports.raised import Asked
from reports.tables import breaking
from reports.wording import known_or, number_text, status_text, worded
from rules.status import Status
from texts import date_text

_RECURRING_SHOWN = (Status.COMPLETED_ON_TIME, Status.COMPLETED_LATE, Status.OVERDUE)


def asked_table(facts: Facts) -> Table:
    """Return the requests for more time and the disputes, each with what was answered."""
    columns = (
        Column(worded("column_order"), 5, Align.CENTRE),
        Column(worded("column_task"), 31),
        Column(worded("column_holder"), 16),
        Column(worded("column_asked"), 16),
        Column(worded("column_reason"), 20),
        Column(worded("column_answer"), 12),
    )
    rows = tuple(
        TableRow(
            (
                str(order),
                worded("task_code", task=asked.task, code=asked.code),
                asked.agency_name,
                _asked(asked),
                asked.text,
                answer_text(asked),
            )
        )
        for order, asked in enumerate((*facts.extensions, *facts.disputes), start=1)
    )
    return breaking(Table(columns, rows))


def answer_text(asked: Asked) -> str:
    """Return what was answered to a request."""
    return known_or(f"answer_{asked.answer or 'open'}", asked.answer)


def asked_kind_text(asked: Asked) -> str:
    """Return what is asked for."""
    return known_or(f"asked_{asked.kind}", asked.kind)


def _asked(asked: Asked) -> str:
    values = {"kind": asked_kind_text(asked), "day": date_text(asked.asked_on)}
    if asked.until_on is None:
        return worded("asked_on", **values)
    return worded("asked_until", until=date_text(asked.until_on), **values)


def obstacles_table(facts: Facts) -> Table:
    """Return the obstacles nobody answered, under who must answer."""
    columns = (
        Column(worded("column_order"), 5, Align.CENTRE),
        Column(worded("column_obstacle"), 38),
        Column(worded("column_raised_by"), 18),
        Column(worded("column_needed_by"), 14),
        Column(worded("column_proposal"), 25),
    )
    rows: list[TableRow] = []
    for order, obstacle in enumerate(facts.obstacles, start=1):
        if order == 1 or obstacle.addressed_name != facts.obstacles[order - 2].addressed_name:
            count = sum(each.addressed_name == obstacle.addressed_name for each in facts.obstacles)
            name = obstacle.addressed_name or worded("addressed_nobody")
            group = worded("obstacle_group", name=name, count=number_text(count))
            rows.append(TableRow((group,), RowKind.GROUP))
        needed = date_text(obstacle.needed_by) if obstacle.needed_by else worded("needed_no_day")
        if obstacle.days_late:
            needed = worded("needed_late", day=needed, days=number_text(obstacle.days_late))
        raised = worded("raised_by", name=obstacle.raised_by, day=date_text(obstacle.raised_on))
        text = worded("task_code", task=obstacle.text, code=obstacle.code)
        rows.append(TableRow((str(order), text, raised, needed, obstacle.proposal)))
    return breaking(Table(columns, tuple(rows)))


def indicators_table(facts: Facts) -> Table:
    """Return every indicator with its latest value, where it should be by then, its target and the forecast."""
    columns = (
        Column(worded("column_order"), 5, Align.CENTRE),
        Column(worded("column_indicator"), 33),
        Column(worded("column_latest"), 15, Align.CENTRE),
        Column(worded("column_expected"), 12, Align.CENTRE),
        Column(worded("column_target"), 15, Align.CENTRE),
        Column(worded("column_forecast"), 10, Align.CENTRE),
        Column(worded("column_track"), 10, Align.CENTRE),
    )
    rows = []
    for order, each in enumerate(facts.indicators, start=1):
        latest = each.observed[-1] if each.observed else None
        name = f"{each.name}\n({each.agency_name})" if each.agency_name else each.name
        target = each.target_text if each.target is None else value_text(each.target, each.unit)
        rows.append(
            TableRow(
                (
                    str(order),
                    name,
                    f"{value_text(latest.value, each.unit)}\n({date_text(latest.on)})" if latest else "–",
                    _value(each.expected, each.unit),
                    f"{target}\n({date_text(each.target_on)})" if each.target_on else target or "–",
                    _value(each.forecast, each.unit),
                    worded({True: "track_on", False: "track_off", None: "track_unknown"}[each.on_track]),
                )
            )
        )
    return breaking(Table(columns, tuple(rows)))


def _value(value: float | None, unit: str) -> str:
    return "–" if value is None else value_text(value, unit)


def recurring_table(facts: Facts) -> Table:
    """Return the duties that come again, each with how its periods stand."""
    columns = (
        Column(worded("column_order"), 5, Align.CENTRE),
        Column(worded("column_task"), 45),
        Column(worded("column_agencies"), 10, Align.CENTRE),
        Column(worded("column_periods"), 10, Align.CENTRE),
        *(Column(status_text(status), 10, Align.CENTRE) for status in _RECURRING_SHOWN),
    )
    rows = tuple(
        TableRow(
            (
                str(order),
                worded("task_reference", task=work.task, number=work.number, document=work.document),
                number_text(work.agencies),
                number_text(work.counts.total),
                *(number_text(work.counts.of(status)) for status in _RECURRING_SHOWN),
            )
        )
        for order, work in enumerate(facts.recurring, start=1)
    )
    return breaking(Table(columns, rows))
