"""The .xlsx annex: every list of the facts as a sheet to filter, print and count again, with native charts."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.annex_chart import Drawn, add_charts
from reports.annex_lists import add_burndown_chart, colour_heat, heat_grid, lists_of
from reports.annex_sheet import Grid, Value, write_grid
from reports.charts import central, provinces
from reports.counts import SHOWN, StatusCounts
from reports.facts import Facts
from reports.package import frozen
from reports.wording import milestone_text, numbered, status_text, worded
from reports.work import Work
from rules.milestone import Verdict
from rules.status import Status
from texts import date_text


@dataclass(frozen=True)
class WorkField:
    """A column of the lists by name: its heading, its width in characters and what it shows of one piece of work."""

    title: str
    width: int
    value: Callable[[Work], Value]


# As in the paper's charts, the pale ones darker: a sheet has no hatching, and many bars have no outline.
_COLOURS = {
    Status.COMPLETED_ON_TIME: "0072B2",
    Status.COMPLETED_LATE: "56B4E9",
    Status.IN_PROGRESS: "C3D3DD",
    Status.DUE_SOON: "F0D848",
    Status.OVERDUE: "7D1F00",
    Status.ONGOING: "CBB8DC",
    Status.UNDATED: "9A9A9A",
    Status.SUSPENDED: "E5C7A8",
    Status.CANCELLED: "6B6B6B",
}
_VERDICT_COLOURS = {
    Verdict.MET: _COLOURS[Status.COMPLETED_ON_TIME],
    Verdict.MET_LATE: _COLOURS[Status.COMPLETED_LATE],
    Verdict.MISSED: _COLOURS[Status.OVERDUE],
    Verdict.EXTENDED: _COLOURS[Status.DUE_SOON],
    Verdict.CANCELLED: _COLOURS[Status.CANCELLED],
    Verdict.PENDING: _COLOURS[Status.IN_PROGRESS],
}
WORK_FIELDS = (
    WorkField("sheet_code", 20, lambda work: work.code),
    WorkField("column_document", 12, lambda work: work.document),
    WorkField("column_number", 11, lambda work: numbered(work.number, work.period)),
    WorkField("column_agency", 20, lambda work: work.agency_name),
    WorkField("sheet_task", 46, lambda work: work.task),
    WorkField("sheet_product", 20, lambda work: work.product),
    WorkField("sheet_deadline", 16, lambda work: work.deadline_text),
    WorkField("sheet_original", 12, lambda work: work.original_due_on),
    WorkField("sheet_due", 12, lambda work: work.due_on),
    WorkField("sheet_effective", 12, lambda work: work.effective_due_on),
    WorkField("sheet_status", 14, lambda work: status_text(work.status)),
    WorkField("sheet_days", 10, lambda work: work.days_late),
    WorkField("sheet_completed", 12, lambda work: work.completed_on),
    WorkField("sheet_reported", 12, lambda work: work.reported_on),
    WorkField("sheet_result", 28, lambda work: work.result),
    WorkField("sheet_evidence", 18, lambda work: work.evidence),
    WorkField("sheet_difficulty", 20, lambda work: work.difficulty),
    WorkField("sheet_proposal", 20, lambda work: work.proposal),
    WorkField("sheet_reason", 20, lambda work: work.reason),
    WorkField("sheet_obstacle", 20, lambda work: work.obstacle),
    WorkField("sheet_answer_by", 20, lambda work: work.obstacle_with),
    WorkField("sheet_committed", 12, lambda work: work.committed_until),
    WorkField("sheet_step", 20, lambda work: work.step),
    WorkField("sheet_step_until", 12, lambda work: work.step_until),
    WorkField("sheet_also", 24, lambda work: "; ".join(work.also)),
)
_ORDER_WIDTH = 6
# A sheet of more columns is printed on A3.
_NARROW = 6


def annex_of(facts: Facts, *, made_at: datetime) -> bytes:
    """Return the annex as an .xlsx: text stays text, days are days, figures are numbers."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "Dondoc"
    book.properties.title = worded("annex_agencies")
    book.properties.identifier = facts.digest()
    _totals(_sheet(book, "totals"), facts)
    _agencies(_sheet(book, "agencies"), facts)
    _milestones(_sheet(book, "milestones"), facts)
    _works(_sheet(book, "late"), facts, facts.late)
    _works(_sheet(book, "done_late"), facts, facts.done_late)
    _works(_sheet(book, "due_next"), facts, facts.due_next)
    _works(_sheet(book, "undated"), facts, facts.undated)
    _more_works(book, facts)
    _heat(book, facts)
    for name, titles, rows in lists_of(facts):
        sheet = _sheet(book, name)
        grid = write_grid(sheet, Grid(_title(facts, sheet), titles, rows, wide=len(titles) > _NARROW))
        if name == "burndown":
            add_burndown_chart(sheet, grid)
    out = io.BytesIO()
    book.save(out)
    return frozen(out.getvalue(), made_at=made_at)


def _more_works(book: Workbook, facts: Facts) -> None:
    """Add the lists by name that most months do not have."""
    concluded = tuple(work for each in facts.conclusions for work in each.works)
    more = {"unconfirmed": facts.unconfirmed, "becomes_late": facts.movement.becomes_late}
    for name, works in {"conclusions": concluded, **more, "ongoing": facts.ongoing or ()}.items():
        if works:
            _works(_sheet(book, name), facts, works)


def _heat(book: Workbook, facts: Facts) -> None:
    made = heat_grid(facts)
    if made is None:
        return
    titles, rows, total = made
    sheet = _sheet(book, "heat")
    grid = Grid(_title(facts, sheet), titles, rows, total, summed=tuple(range(2, len(titles) + 1)))
    colour_heat(sheet, write_grid(sheet, grid))


def _sheet(book: Workbook, name: str) -> Worksheet:
    sheet: Worksheet = book.create_sheet(worded(f"sheet_{name}"))
    return sheet


def _title(facts: Facts, sheet: Worksheet) -> str:
    return worded("sheet_title", title=sheet.title, cutoff=date_text(facts.cutoff))


def _totals(sheet: Worksheet, facts: Facts) -> None:
    then, at_table = facts.totals, facts.movement.totals
    titles = [
        (worded("column_status"), 34),
        (worded("column_at", day=date_text(facts.cutoff)), 18),
        (worded("column_percent"), 12),
        (worded("column_at", day=date_text(facts.meeting)), 18),
        (worded("column_change"), 12),
    ]
    rows = [_totals_row(status_text(status), count, at_table.of(status), then.total) for status, count in then.parts()]
    total = _totals_row(worded("row_total"), then.total, at_table.total, then.total)
    grid = write_grid(sheet, Grid(_title(facts, sheet), titles, rows, total, summed=(2, 4, 5)))
    if then.total:
        series = [(2, _COLOURS[Status.COMPLETED_ON_TIME])]
        add_charts(sheet, grid, [Drawn(worded("sheet_totals"), range(len(rows)), series, stacked=False)])


def _totals_row(label: str, before: int, after: int, of: int) -> list[Value]:
    return [label, before, round(100 * before / of, 1) if of else None, after, after - before]


def _agencies(sheet: Worksheet, facts: Facts) -> None:
    titles = [(worded("column_agency"), 44), (worded("column_total"), 10), *((status_text(s), 12) for s in SHOWN)]
    titles.append((worded("column_done_percent"), 14))
    groups = (("group_central", central(facts)), ("group_provinces", provinces(facts)))
    # A chart draws rows that stand together: the centre first, then the provinces.
    rows = [[agency.name, *_counts(agency.counts)] for _, agencies in groups for agency in agencies]
    total = [worded("row_total"), *_counts(facts.totals)]
    summed = tuple(range(2, 3 + len(SHOWN)))
    grid = write_grid(sheet, Grid(_title(facts, sheet), titles, rows, total, summed=summed))
    series = list(zip(summed[1:], _COLOURS.values(), strict=True))
    centre = len(groups[0][1])
    spans = (range(centre), range(centre, len(rows)))
    charts = [
        Drawn(worded("sheet_chart", sheet=sheet.title, group=worded(name)), span, series, width=32, long_labels=True)
        for (name, _), span in zip(groups, spans, strict=True)
    ]
    add_charts(sheet, grid, charts)


def _counts(counts: StatusCounts) -> list[Value]:
    percent = round(100 * counts.completed / counts.total, 1) if counts.total else None
    return [counts.total, *(count for _, count in counts.parts()), percent]


def _milestones(sheet: Worksheet, facts: Facts) -> None:
    titles = [
        (worded("column_milestone"), 24),
        (worded("column_due"), 12),
        *((worded(f"verdict_{v.value}"), 14) for v in Verdict),
    ]
    rows: list[list[Value]] = [
        [milestone_text(milestone), milestone.due, *map(milestone.of, Verdict)] for milestone in facts.milestones
    ]
    grid = write_grid(sheet, Grid(_title(facts, sheet), titles, rows))
    series = list(enumerate(_VERDICT_COLOURS.values(), start=3))
    add_charts(sheet, grid, [Drawn(worded("sheet_milestones"), range(len(rows)), series)])


def _works(sheet: Worksheet, facts: Facts, works: Sequence[Work]) -> None:
    titles = [(worded("column_order"), _ORDER_WIDTH), *((worded(field.title), field.width) for field in WORK_FIELDS)]
    rows = [[order, *(field.value(work) for field in WORK_FIELDS)] for order, work in enumerate(works, start=1)]
    write_grid(sheet, Grid(_title(facts, sheet), titles, rows, wide=True))
