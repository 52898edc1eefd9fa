"""The .xlsx annex: every list of the facts as a sheet to filter, print and count again, with native charts."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.annex_chart import Drawn, add_charts
from reports.annex_sheet import Grid, Value, write_grid
from reports.charts import central, provinces
from reports.counts import SHOWN, StatusCounts
from reports.facts import Facts, Work
from reports.package import frozen
from reports.wording import numbered, status_text, vi
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
_WORK_FIELDS = (
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
)
_ORDER_WIDTH = 6


def annex_of(facts: Facts, *, made_at: datetime) -> bytes:
    """Return the annex as an .xlsx: text stays text, days are days, figures are numbers."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "Dondoc"
    book.properties.title = vi("annex_agencies")
    book.properties.identifier = facts.digest()
    _totals(_sheet(book, "totals"), facts)
    _agencies(_sheet(book, "agencies"), facts)
    _milestones(_sheet(book, "milestones"), facts)
    _works(_sheet(book, "late"), facts, facts.late)
    _works(_sheet(book, "done_late"), facts, facts.done_late)
    _works(_sheet(book, "due_next"), facts, facts.due_next)
    _works(_sheet(book, "undated"), facts, facts.undated)
    out = io.BytesIO()
    book.save(out)
    return frozen(out.getvalue(), made_at=made_at)


def _sheet(book: Workbook, name: str) -> Worksheet:
    sheet: Worksheet = book.create_sheet(vi(f"sheet_{name}"))
    return sheet


def _title(facts: Facts, sheet: Worksheet) -> str:
    return vi("sheet_title", title=sheet.title, cutoff=date_text(facts.cutoff))


def _totals(sheet: Worksheet, facts: Facts) -> None:
    then, at_table = facts.totals, facts.movement.totals
    titles = [
        (vi("column_status"), 34),
        (vi("column_at", day=date_text(facts.cutoff)), 18),
        (vi("column_percent"), 12),
        (vi("column_at", day=date_text(facts.meeting)), 18),
        (vi("column_change"), 12),
    ]
    rows = [_totals_row(status_text(status), count, at_table.of(status), then.total) for status, count in then.parts()]
    total = _totals_row(vi("row_total"), then.total, at_table.total, then.total)
    grid = write_grid(sheet, Grid(_title(facts, sheet), titles, rows, total, summed=(2, 4, 5)))
    if then.total:
        series = [(2, _COLOURS[Status.COMPLETED_ON_TIME])]
        add_charts(sheet, grid, [Drawn(vi("sheet_totals"), range(len(rows)), series, stacked=False)])


def _totals_row(label: str, before: int, after: int, of: int) -> list[Value]:
    return [label, before, round(100 * before / of, 1) if of else None, after, after - before]


def _agencies(sheet: Worksheet, facts: Facts) -> None:
    titles = [(vi("column_agency"), 44), (vi("column_total"), 10), *((status_text(s), 12) for s in SHOWN)]
    titles.append((vi("column_done_percent"), 14))
    groups = (("group_central", central(facts)), ("group_provinces", provinces(facts)))
    # A chart draws rows that stand together: the centre first, then the provinces.
    rows = [[agency.name, *_counts(agency.counts)] for _, agencies in groups for agency in agencies]
    total = [vi("row_total"), *_counts(facts.totals)]
    summed = tuple(range(2, 3 + len(SHOWN)))
    grid = write_grid(sheet, Grid(_title(facts, sheet), titles, rows, total, summed=summed))
    series = list(zip(summed[1:], _COLOURS.values(), strict=True))
    centre = len(groups[0][1])
    spans = (range(centre), range(centre, len(rows)))
    charts = [
        Drawn(vi("sheet_chart", sheet=sheet.title, group=vi(name)), span, series, width=32, long_labels=True)
        for (name, _), span in zip(groups, spans, strict=True)
    ]
    add_charts(sheet, grid, charts)


def _counts(counts: StatusCounts) -> list[Value]:
    percent = round(100 * counts.completed / counts.total, 1) if counts.total else None
    return [counts.total, *(count for _, count in counts.parts()), percent]


def _milestones(sheet: Worksheet, facts: Facts) -> None:
    titles = [(vi("column_milestone"), 24), (vi("column_due"), 12), *((vi(f"verdict_{v.value}"), 14) for v in Verdict)]
    rows: list[list[Value]] = [
        [milestone.name, milestone.due, *map(milestone.of, Verdict)] for milestone in facts.milestones
    ]
    grid = write_grid(sheet, Grid(_title(facts, sheet), titles, rows))
    series = list(enumerate(_VERDICT_COLOURS.values(), start=3))
    add_charts(sheet, grid, [Drawn(vi("sheet_milestones"), range(len(rows)), series)])


def _works(sheet: Worksheet, facts: Facts, works: Sequence[Work]) -> None:
    titles = [(vi("column_order"), _ORDER_WIDTH), *((vi(field.title), field.width) for field in _WORK_FIELDS)]
    rows = [[order, *(field.value(work) for field in _WORK_FIELDS)] for order, work in enumerate(works, start=1)]
    write_grid(sheet, Grid(_title(facts, sheet), titles, rows, wide=True))
