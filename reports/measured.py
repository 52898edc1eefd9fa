"""What the report says of indicators and of the way to the milestones, each against its plan."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from math import ceil

from sqlmodel import Session, col, select

from models.assignment_tables import Document
from models.columns import table_of
from models.counted import in_live_batch
from models.raised_tables import Indicator, IndicatorValue
from models.status_table import StatusRow, StatusTable
from reports.counts import DONE
from reports.raised import BurnPoint, IndicatorFacts, Observed
from reports.text import cleaned
from rules.amount import Direction
from rules.indicator import Observation, Target, standing_of
from rules.register import Register
from rules.status import Status

_DECEMBER = 12
# Three years of month ends: more points than that run into each other in print.
_MOST_POINTS = 36


def indicators_of(
    session: Session, register: Register, *, as_of: date, known_at: datetime
) -> tuple[IndicatorFacts, ...]:
    """Return every indicator that stands, as its newest live row words it, judged on `as_of`."""
    rows = session.exec(
        select(Indicator, Document)
        .join(Document, col(Document.id) == col(Indicator.document_id))
        .where(in_live_batch(table_of(Indicator), known_at))
        .order_by(col(Indicator.id))
    ).all()
    newest = {indicator.code: (indicator, document) for indicator, document in rows}
    code_of = {indicator.id: indicator.code for indicator, _ in rows}
    observed = _observed(session, code_of, as_of, known_at)
    names = {agency.code: agency.name_vi for agency in register.agencies}
    return tuple(
        _indicator(indicator, document, observed.get(code, ()), names, as_of)
        for code, (indicator, document) in newest.items()
        if indicator.standing
    )


def _observed(
    session: Session, code_of: Mapping[int | None, str], as_of: date, known_at: datetime
) -> Mapping[str, Sequence[Observation]]:
    """Return the values of each indicator by day; of several of one day the newest."""
    values = session.exec(
        select(IndicatorValue)
        .where(in_live_batch(table_of(IndicatorValue), known_at), col(IndicatorValue.observed_on) <= as_of)
        .order_by(col(IndicatorValue.observed_on), col(IndicatorValue.id))
    )
    found: dict[str, dict[date, Observation]] = defaultdict(dict)
    for value in values:
        if value.indicator_id in code_of:
            found[code_of[value.indicator_id]][value.observed_on] = Observation(value.observed_on, value.value)
    return {code: tuple(by_day.values()) for code, by_day in found.items()}


def _indicator(
    indicator: Indicator,
    document: Document,
    observed: Sequence[Observation],
    names: Mapping[str, str],
    as_of: date,
) -> IndicatorFacts:
    target = None
    if indicator.target is not None and indicator.target_on is not None:
        direction = Direction(indicator.direction)
        target = Target(indicator.target, indicator.target_on, direction, document.issued_on, indicator.baseline)
    standing = standing_of(target, observed, as_of=as_of)
    return IndicatorFacts(
        code=indicator.code,
        name=cleaned(indicator.name),
        unit=cleaned(indicator.unit),
        agency_name=names.get(indicator.agency_code or "", ""),
        start=_start(indicator, document, observed),
        target=indicator.target,
        target_text=cleaned(indicator.target_text),
        target_on=indicator.target_on,
        observed=tuple(Observed(each.on, each.value) for each in observed),
        expected=standing.expected,
        on_track=standing.on_track,
        forecast=standing.forecast,
        reaches=standing.reaches,
    )


def _start(indicator: Indicator, document: Document, observed: Sequence[Observation]) -> Observed | None:
    if indicator.baseline is not None:
        return Observed(document.issued_on, indicator.baseline)
    return Observed(observed[0].on, observed[0].value) if observed else None


def burndown_of(then: StatusTable, *, begins: date | None) -> tuple[BurnPoint, ...]:
    """Return how the dated work counted on the day of `then` was to be done, and was, by month ends.

    From the month of `begins` to the last milestone, with months left out evenly where there are too many for print;
    the day of `then` is a point of its own. By plan an assignment is left until its effective due day ends.
    """
    dated = [row for row in then.rows if row.milestone is not None and row.status is not Status.CANCELLED]
    if begins is None or not dated:
        return ()
    last = max([milestone.on for milestone in then.milestones] + [then.as_of])
    days = sorted({*_thinned(list(_month_ends(begins, last))), then.as_of})
    return tuple(_point(day, dated, then.as_of) for day in days)


def _thinned(ends: Sequence[date]) -> Iterable[date]:
    """Return at most so many of the month ends as print has room for, evenly apart, the last one among them."""
    return ends[:: -ceil(len(ends) / _MOST_POINTS)] if ends else ()


def _point(day: date, dated: Iterable[StatusRow], as_of: date) -> BurnPoint:
    planned = sum((row.effective_due_on or row.due_on or date.max) > day for row in dated)
    return BurnPoint(day, planned, sum(not _done_by(row, day) for row in dated) if day <= as_of else None)


def _done_by(row: StatusRow, day: date) -> bool:
    return row.status in DONE and (row.completed_on is None or row.completed_on <= day)


def _month_ends(first: date, last: date) -> Iterable[date]:
    year, month = first.year, first.month
    while (end := date(year, month, monthrange(year, month)[1])) <= last:
        yield end
        year, month = (year + 1, 1) if month == _DECEMBER else (year, month + 1)
