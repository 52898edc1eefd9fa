"""The .xlsx annex: every list of the facts as a sheet to filter, print and count again, with native charts."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.annex_sheet import Grid, add_chart, write_grid
from reports.facts import SHOWN, Facts, StatusCounts, Work
from reports.package import frozen
from reports.wording import period_text, status_text, vi
from rules.milestone import Verdict
from rules.status import Status
from texts import date_text

Value = str | int | float | date | None


@dataclass(frozen=True)
class WorkField:
    """A column of the lists by name: its heading, its width in characters and what it shows."""

    title: str
    width: int


# As in the paper's charts; a sheet has no hatching, so brightness and the cells beside it tell the parts apart.
_COLOURS = {
    Status.COMPLETED_ON_TIME: "0072B2",
    Status.COMPLETED_LATE: "56B4E9",
    Status.IN_PROGRESS: "E8EEF2",
    Status.DUE_SOON: "F7E27C",
    Status.OVERDUE: "7D1F00",
    Status.ONGOING: "FFFFFF",
    Status.UNDATED: "D5D5D5",
    Status.SUSPENDED: "F2F2F2",
    Status.CANCELLED: "BDBDBD",
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
    WorkField("column_order", 6),
    WorkField("sheet_code", 20),
    WorkField("column_document", 12),
    WorkField("column_number", 11),
    WorkField("column_agency", 20),
    WorkField("sheet_task", 46),
    WorkField("sheet_product", 20),
    WorkField("sheet_deadline", 16),
    WorkField("sheet_original", 12),
    WorkField("sheet_due", 12),
    WorkField("sheet_effective", 12),
    WorkField("sheet_status", 14),
    WorkField("sheet_days", 10),
    WorkField("sheet_completed", 12),
    WorkField("sheet_reported", 12),
    WorkField("sheet_result", 28),
    WorkField("sheet_evidence", 18),
    WorkField("sheet_difficulty", 20),
    WorkField("sheet_proposal", 20),
)


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
        add_chart(
            sheet, grid, series=[(2, _COLOURS[Status.COMPLETED_ON_TIME])], stacked=False, title=vi("sheet_totals")
        )


def _totals_row(label: str, before: int, after: int, of: int) -> list[Value]:
    return [label, before, round(100 * before / of, 1) if of else None, after, after - before]


def _agencies(sheet: Worksheet, facts: Facts) -> None:
    titles = [(vi("column_agency"), 44), (vi("column_total"), 10), *((status_text(s), 12) for s in SHOWN)]
    titles.append((vi("column_done_percent"), 14))
    rows = [[agency.name, *_counts(agency.counts)] for agency in facts.agencies]
    total = [vi("row_total"), *_counts(facts.totals)]
    summed = tuple(range(2, 3 + len(SHOWN)))
    grid = write_grid(sheet, Grid(_title(facts, sheet), titles, rows, total, summed=summed))
    if rows:
        add_chart(
            sheet,
            grid,
            series=list(zip(summed[1:], _COLOURS.values(), strict=True)),
            stacked=True,
            title=vi("sheet_agencies"),
        )


def _counts(counts: StatusCounts) -> list[Value]:
    percent = round(100 * counts.completed / counts.total, 1) if counts.total else None
    return [counts.total, *(count for _, count in counts.parts()), percent]


def _milestones(sheet: Worksheet, facts: Facts) -> None:
    titles = [(vi("column_milestone"), 24), (vi("column_due"), 12), *((vi(f"verdict_{v.value}"), 14) for v in Verdict)]
    rows: list[list[Value]] = [
        [milestone.name, milestone.due, *map(milestone.of, Verdict)] for milestone in facts.milestones
    ]
    grid = write_grid(sheet, Grid(_title(facts, sheet), titles, rows))
    if rows:
        series = list(enumerate(_VERDICT_COLOURS.values(), start=3))
        add_chart(sheet, grid, series=series, stacked=True, title=vi("sheet_milestones"))


def _works(sheet: Worksheet, facts: Facts, works: Sequence[Work]) -> None:
    titles = [(vi(field.title), field.width) for field in _WORK_FIELDS]
    rows = [_work(order, work) for order, work in enumerate(works, start=1)]
    write_grid(sheet, Grid(_title(facts, sheet), titles, rows, wide=True))


def _work(order: int, work: Work) -> list[Value]:
    return [
        order,
        work.code,
        work.document,
        work.number + period_text(work.period),
        work.agency_name,
        work.task,
        work.product,
        work.deadline_text,
        work.original_due_on,
        work.due_on,
        work.effective_due_on,
        status_text(work.status),
        work.days_late,
        work.completed_on,
        work.reported_on,
        work.result,
        work.evidence,
        work.difficulty,
        work.proposal,
    ]
