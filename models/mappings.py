"""What people corrected about columns: append a correction, and give the newest of each table."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.mapping_tables import ColumnMapping


def newest_mappings(session: Session) -> list[ColumnMapping]:
    """Return, for every agency and fingerprint, the correction stored last."""
    newest = select(func.max(ColumnMapping.id)).group_by(col(ColumnMapping.agency_code), col(ColumnMapping.fingerprint))
    return list(
        session.exec(select(ColumnMapping).where(col(ColumnMapping.id).in_(newest)).order_by(col(ColumnMapping.id)))
    )


def append_mapping(
    session: Session,
    agency: str | None,
    fingerprint: str,
    headings: Sequence[str],
    mapping: Mapping[str, str],
    *,
    by: str,
    now: datetime,
) -> None:
    """Store what the post `by` said at the instant `now`: it counts for the agency's tables with this fingerprint.

    `mapping` is heading → field, "" for a column not to be read; an empty one takes earlier corrections back.
    """
    row = ColumnMapping(
        agency_code=agency,
        fingerprint=fingerprint,
        headings=list(headings),
        mapping=dict(mapping),
        decided_by=by,
        recorded_at=now,
    )
    session.add(row)
