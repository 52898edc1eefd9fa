"""The query behind each figure: which `dondoc status` lists exactly its rows."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from models.status_table import StatusTable
from reports.counts import SHOWN
from reports.raised import Opens
from rules.milestone import BEYOND
from rules.scorecard import Measure, Proposal, Thresholds
from rules.status import Flag, Status


def opens_of(
    then: StatusTable, at_table: StatusTable, proposals: tuple[Proposal, ...], thresholds: Thresholds
) -> tuple[Opens, ...]:
    """Return a query for each figure of the totals, the agencies, the milestones and the proposals that is not zero."""
    return (*_totals(then, "totals"), *_beside(then), *_proposed(then.as_of, proposals, thresholds), *_at(at_table))


def _totals(table: StatusTable, figure: str) -> Iterator[Opens]:
    by_status = Counter(row.status for row in table.rows)
    yield Opens(f"{figure}.total", table.as_of, len(table.rows), "")
    for status in SHOWN:
        if by_status[status]:
            yield Opens(f"{figure}.{status}", table.as_of, by_status[status], f"--status {status}")


def _at(at_table: StatusTable) -> Iterator[Opens]:
    yield from _totals(at_table, "movement.totals")


def _beside(then: StatusTable) -> Iterator[Opens]:
    unconfirmed = sum(Flag.AWAITING_CONFIRMATION in row.flags for row in then.rows)
    if unconfirmed:
        flag = Flag.AWAITING_CONFIRMATION
        yield Opens("unconfirmed", then.as_of, unconfirmed, f"--flag {flag}")
    agencies = Counter((row.agency, row.status) for row in then.rows)
    for (agency, status), count in sorted(agencies.items()):
        words = f"--agency {agency} --status {status}"
        yield Opens(f"agencies.{agency}.counts.{status}", then.as_of, count, words)
    milestones = Counter(row.milestone for row in then.rows if row.milestone not in {None, BEYOND})
    for milestone, count in sorted(milestones.items(), key=str):
        yield Opens(f"milestones.{milestone}.due", then.as_of, count, f"--milestone {milestone}")


def _proposed(as_of: date, proposals: tuple[Proposal, ...], thresholds: Thresholds) -> Iterator[Opens]:
    words = {
        Measure.PRAISE: f"--status {Status.COMPLETED_ON_TIME}",
        Measure.CRITICISM: f"--status {Status.OVERDUE}",
        Measure.REVIEW: f"--status {Status.OVERDUE} --late-from {thresholds.review_days_late}",
    }
    for found in proposals:
        figure = f"proposals.{found.measure}.{found.agency}"
        yield Opens(figure, as_of, found.count, f"--agency {found.agency} {words[found.measure]}")
