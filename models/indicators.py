"""`indicators_beside`: the indicators measured beside an assignment, and how each stands on its way to its target."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from models.assignment_tables import Assignment, Batch, Document
from models.raised_tables import Indicator, IndicatorValue
from models.status_query import live_batches
from rules.amount import Direction
from rules.indicator import Observation, Standing, Target, standing_of


@dataclass(frozen=True)
class MeasuredIndicator:
    """An indicator as its newest live row words it, how it stands, and the latest value with its batch."""

    indicator: Indicator
    batch: Batch
    standing: Standing
    latest: IndicatorValue | None
    observed_in: Batch | None


def indicators_beside(
    session: Session, assignment: Assignment, *, as_of: date, known_at: datetime
) -> Sequence[MeasuredIndicator]:
    """Return the indicators of the assignment's task that its agency, or nobody in particular, measures.

    Judged on `as_of` by what had been recorded at `known_at` (aware). A baseline counts from the document's day.
    """
    own = or_(col(Indicator.agency_code).is_(None), col(Indicator.agency_code) == assignment.agency_code)
    return _measured_where(session, and_(col(Indicator.task_id) == assignment.task_id, own), as_of, known_at)


def indicators_of(
    session: Session, agencies: Collection[str], *, as_of: date, known_at: datetime
) -> Sequence[MeasuredIndicator]:
    """Return the indicators that some agencies measure, judged as in `indicators_beside`."""
    return _measured_where(session, col(Indicator.agency_code).in_(agencies), as_of, known_at)


def _measured_where(
    session: Session, holds: ColumnElement[bool], as_of: date, known_at: datetime
) -> Sequence[MeasuredIndicator]:
    rows = session.exec(
        select(Indicator, Document, Batch)
        .join(Document, col(Document.id) == col(Indicator.document_id))
        .join(Batch, col(Batch.id) == col(Indicator.batch_id))
        .where(col(Indicator.batch_id).in_(live_batches(known_at)), holds)
        .order_by(col(Indicator.id))
    )
    newest = {indicator.code: (indicator, document, batch) for indicator, document, batch in rows}
    return [
        _measured(indicator, document, batch, _values(session, indicator, known_at), as_of)
        for indicator, document, batch in newest.values()
        if indicator.standing
    ]


def _values(session: Session, indicator: Indicator, known_at: datetime) -> dict[date, tuple[IndicatorValue, Batch]]:
    """Return the values known of an indicator by their day; of several of one day the newest."""
    same = select(Indicator.id).where(Indicator.code == indicator.code)
    rows = session.exec(
        select(IndicatorValue, Batch)
        .join(Batch, col(Batch.id) == col(IndicatorValue.batch_id))
        .where(col(IndicatorValue.batch_id).in_(live_batches(known_at)), col(IndicatorValue.indicator_id).in_(same))
        .order_by(col(IndicatorValue.observed_on), col(IndicatorValue.id))
    )
    return {value.observed_on: (value, batch) for value, batch in rows}


def _measured(
    indicator: Indicator,
    document: Document,
    batch: Batch,
    values: dict[date, tuple[IndicatorValue, Batch]],
    as_of: date,
) -> MeasuredIndicator:
    observed = [Observation(on, value.value) for on, (value, _) in values.items()]
    standing = standing_of(_target(indicator, document), observed, as_of=as_of)
    latest, observed_in = values[standing.observed.on] if standing.observed else (None, None)
    return MeasuredIndicator(indicator, batch, standing, latest, observed_in)


def _target(indicator: Indicator, document: Document) -> Target | None:
    if indicator.target is None or indicator.target_on is None:
        return None
    direction = Direction(indicator.direction)
    return Target(indicator.target, indicator.target_on, direction, document.issued_on, indicator.baseline)
