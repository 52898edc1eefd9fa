"""The report's tables: facts in, rows of text out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from reports.counts import SHOWN, StatusCounts
from reports.facts import Facts
from reports.paper import Align, Column, RowKind, Table, TableRow
from reports.wording import (
    NAMED,
    agencies_text,
    deadline_text,
    milestone_text,
    number_text,
    percent_text,
    progress_text,
    proposal_text,
    result_text,
    short_result_text,
    status_text,
    task_text,
    worded,
)
from reports.work import Work
from rules.milestone import Verdict
from rules.scorecard import Measure
from texts import date_text


def totals_table(facts: Facts, number: int) -> Table:
    """Return the totals by status at the cut-off and at the meeting."""
    then, at_table = facts.totals, facts.movement.totals
    columns = (
        Column(worded("column_order"), 7, Align.CENTRE),
        Column(worded("column_status"), 37),
        Column(worded("column_at", day=date_text(facts.cutoff)), 16, Align.CENTRE),
        Column(worded("column_percent"), 12, Align.CENTRE),
        Column(worded("column_at", day=date_text(facts.meeting)), 16, Align.CENTRE),
        Column(worded("column_change"), 12, Align.CENTRE),
    )
    rows = [
        _totals_row(str(order), status_text(status), count, at_table.of(status), then.total)
        for order, (status, count) in enumerate(then.parts(), start=1)
    ]
    total = _totals_row("", worded("row_total"), then.total, at_table.total, then.total)
    return Table(columns, (*rows, TableRow(total.cells, RowKind.TOTAL)), worded("table_totals", number=number))


def _totals_row(order: str, label: str, before: int, after: int, of: int) -> TableRow:
    figures = (number_text(before), percent_text(before, of), number_text(after), signed(after - before))
    return TableRow((order, label, *figures))


def signed(change: int) -> str:
    """Return a change with its sign; 0 without."""
    return f"+{number_text(change)}" if change > 0 else number_text(change).replace("-", "−")


def milestones_table(facts: Facts, number: int) -> Table:
    """Return the verdicts at each milestone; they add up to the total of the row."""
    columns = (
        Column(worded("column_milestone"), 20),
        Column(worded("column_due"), 10, Align.CENTRE),
        *(Column(worded(f"verdict_{verdict.value}"), 11, Align.CENTRE) for verdict in Verdict),
    )
    rows = tuple(
        TableRow((milestone_text(milestone), *(number_text(n) for n in (milestone.due, *map(milestone.of, Verdict)))))
        for milestone in facts.milestones
    )
    return Table(columns, rows, worded("table_milestones", number=number))


def late_table(facts: Facts, number: int) -> Table:
    """Return the late agencies with their counts, denominators and longest delay, most late first."""
    columns = (
        Column(worded("column_order"), 7, Align.CENTRE),
        Column(worded("column_agency"), 40),
        Column(worded("column_overdue"), 16, Align.CENTRE),
        Column(worded("column_total"), 12, Align.CENTRE),
        Column(worded("column_overdue_share"), 13, Align.CENTRE),
        Column(worded("column_longest"), 14, Align.CENTRE),
    )
    late = sorted((a for a in facts.agencies if a.counts.overdue), key=lambda a: -a.counts.overdue)
    rows = [
        TableRow((str(order), agency.name, *_lateness(agency.counts), number_text(agency.longest)))
        for order, agency in enumerate(late, start=1)
    ]
    overdue, longest = sum(a.counts.overdue for a in late), max((agency.longest for agency in late), default=0)
    # No denominator here: the total's own is all work, of the agencies without delay too, and the text states it.
    sums = TableRow(("", worded("row_total"), number_text(overdue), "", "", number_text(longest)), RowKind.TOTAL)
    return Table(columns, (*rows, sums), worded("table_late", number=number))


def _lateness(counts: StatusCounts) -> tuple[str, ...]:
    return number_text(counts.overdue), number_text(counts.total), percent_text(counts.overdue, counts.total)


def proposals_table(facts: Facts, measure: Measure) -> Table:
    """Return whom a measure is proposed for, with the figures its criterion rests on."""
    columns = (
        Column(worded("column_order"), 7, Align.CENTRE),
        Column(worded("column_agency"), 43),
        Column(worded(f"column_count_{measure.value}"), 17, Align.CENTRE),
        Column(worded(f"column_of_{measure.value}"), 18, Align.CENTRE),
        Column(worded("column_longest"), 15, Align.CENTRE),
    )
    kept = len(columns) - (measure is Measure.PRAISE)
    rows = tuple(
        TableRow((str(order), facts.name_of(one.agency), *map(number_text, (one.count, one.of, one.longest)))[:kept])
        for order, one in enumerate(facts.proposed(measure), start=1)
    )
    return Table(columns[:kept], rows)


def agencies_table(facts: Facts) -> Table:
    """Return every agency's counts by status, in register order, with the total they add up to."""
    columns = (
        Column(worded("column_order"), 4, Align.CENTRE),
        Column(worded("column_agency"), 26),
        Column(worded("column_total"), 7, Align.CENTRE),
        *(Column(status_text(status), 8, Align.CENTRE) for status in SHOWN),
        Column(worded("column_done_percent"), 8, Align.CENTRE),
    )
    rows = [
        TableRow((str(order), agency.name, *_counts(agency.counts)))
        for order, agency in enumerate(facts.agencies, start=1)
    ]
    return Table(columns, (*rows, TableRow(("", worded("row_total"), *_counts(facts.totals)), RowKind.TOTAL)))


def _counts(counts: StatusCounts) -> tuple[str, ...]:
    figures = (counts.total, *(count for _, count in counts.parts()))
    return (*(number_text(figure) for figure in figures), percent_text(counts.completed, counts.total))


# How many letters of 11 pt stand across a landscape page, and how many lines of a row are kept together.
_LETTERS_ACROSS, _LINES_KEPT = 118, 14
# How many different reports about one shared task are quoted; all stand in the .xlsx annex.
_TEXTS_SHOWN = 3
WORK_COLUMNS = (
    ("column_order", 5, Align.CENTRE),
    ("column_task", 29, Align.LEFT),
    ("column_product", 10, Align.LEFT),
    ("column_deadline", 11, Align.LEFT),
    ("column_holder", 11, Align.LEFT),
    ("column_progress", 9, Align.LEFT),
    ("column_result", 28, Align.LEFT),
    ("column_proposal", 8, Align.LEFT),
)


def _work_columns() -> tuple[Column, ...]:
    return tuple(Column(worded(title), width, align) for title, width, align in WORK_COLUMNS)


def works_by_agency(works: Sequence[Work]) -> Table:
    """Return the work one by one under its agency, each agency with its count."""
    rows: list[TableRow] = []
    groups = [list(own) for _, own in groupby(works, key=lambda work: work.agency)]
    for order, own in enumerate(groups, start=1):
        name = worded("row_group", name=own[0].agency_name, count=number_text(len(own)))
        rows.append(TableRow((f"{order}. {name}",), RowKind.GROUP))
        rows += [_work_row(f"{order}.{index}", [work]) for index, work in enumerate(own, start=1)]
    return breaking(Table(_work_columns(), tuple(rows)))


def works_by_task(works: Iterable[Work]) -> Table:
    """Return the work by task: agencies that share a task, its period, due day and open step stand in one row."""
    rows = [_work_row(str(order), own) for order, own in enumerate(_by_task(works), start=1)]
    return breaking(Table(_work_columns(), tuple(rows)))


def breaking(table: Table) -> Table:
    """Let rows that would fill a good part of a landscape page go on over it."""
    total = sum(column.width for column in table.columns)
    letters = [max(1, round(column.width / total * _LETTERS_ACROSS)) for column in table.columns]
    rows = (replace(row, breaks=_lines(row, letters) > _LINES_KEPT) for row in table.rows)
    return replace(table, rows=tuple(rows))


def _lines(row: TableRow, letters: Sequence[int]) -> int:
    if row.kind is RowKind.GROUP:
        return 1
    heights = (
        sum(1 + len(line) // across for line in cell.split("\n"))
        for cell, across in zip(row.cells, letters, strict=True)
    )
    return max(heights)


def _by_task(works: Iterable[Work]) -> list[list[Work]]:
    grouped: dict[tuple[object, ...], list[Work]] = {}
    for work in works:
        key = (work.document, work.number, work.period, work.due_on, work.step, work.step_until, work.status)
        grouped.setdefault(key, []).append(work)
    return list(grouped.values())


def _work_row(order: str, works: Sequence[Work]) -> TableRow:
    first = works[0]
    return TableRow(
        (
            order,
            task_text(first),
            first.product,
            deadline_text(first),
            _holders(works),
            progress_text(first),
            _reported(works, result_text if len(works) == 1 else short_result_text),
            _reported(works, proposal_text),
        )
    )


def _holders(works: Sequence[Work]) -> str:
    if len(works) == 1:
        return works[0].agency_name
    count, collective = number_text(len(works)), works[0].collective
    if len(works) > NAMED and collective:
        return worded("holders_collective", collective=collective[:1].upper() + collective[1:], count=count)
    return worded("holders_many", count=count, names="; ".join(work.agency_name for work in works))


def _reported(works: Sequence[Work], said: Callable[[Work], str]) -> str:
    if len(works) == 1:
        return said(works[0])
    by_text: dict[str, list[Work]] = {}
    for work in works:
        if work.reported_on and said(work):
            by_text.setdefault(said(work), []).append(work)
    often = sorted(by_text.items(), key=lambda entry: -len(entry[1]))
    lines = [worded("reported_by", text=text, whose=_how_many(own)) for text, own in often[:_TEXTS_SHOWN]]
    if len(often) > _TEXTS_SHOWN:
        lines.append(worded("reported_more", count=number_text(len(often) - _TEXTS_SHOWN)))
    return "\n".join(lines)


def _how_many(works: Sequence[Work]) -> str:
    return agencies_text([work.agency_name for work in works])


def unled_table(facts: Facts) -> Table:
    """Return the tasks nobody registered answers for, with the lead as written."""
    columns = (
        Column(worded("column_order"), 5, Align.CENTRE),
        Column(worded("column_document"), 14),
        Column(worded("column_number"), 10, Align.CENTRE),
        Column(worded("column_task"), 45),
        Column(worded("column_lead_written"), 26),
    )
    rows = tuple(
        TableRow((str(order), task.document, task.number, task.task, task.lead_text))
        for order, task in enumerate(facts.unled, start=1)
    )
    return breaking(Table(columns, rows))


def collectives_table(facts: Facts) -> Table:
    """Return the tasks given to many agencies as n/N."""
    columns = (
        Column(worded("column_order"), 5, Align.CENTRE),
        Column(worded("column_task"), 49),
        Column(worded("column_collective"), 22),
        Column(worded("column_done_of"), 12, Align.CENTRE),
        Column(worded("column_overdue_of"), 12, Align.CENTRE),
    )
    rows = tuple(
        TableRow(
            (
                str(order),
                task_text(work),
                work.collective[:1].upper() + work.collective[1:],
                f"{number_text(work.done)}/{number_text(work.members)}",
                f"{number_text(work.overdue)}/{number_text(work.members)}",
            )
        )
        for order, work in enumerate(facts.collectives, start=1)
    )
    return breaking(Table(columns, rows))
