"""Who held which post when: recorded from workbooks and decisions, read as known at an instant."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from models.escalation_tables import HoldingRow
from rules.ladder import Role
from rules.people import Holding, HoldingKind

DECISION = "decision"


def holdings_of(session: Session, *, known_at: datetime) -> Sequence[Holding]:
    """Return who holds posts by what was recorded at `known_at` (aware): each post's newest workbook, and decisions."""
    query = select(HoldingRow).where(col(HoldingRow.recorded_at) <= known_at).order_by(col(HoldingRow.id))
    rows = session.exec(query).all()
    newest = {(row.agency_code, row.role): row.recorded_at for row in rows if row.source != DECISION}
    return [
        Holding(row.agency_code, Role(row.role), HoldingKind(row.kind), row.post_vi, row.name, row.address,
                row.from_on, row.until_on, tuple(row.elsewhere.items()))
        for row in rows
        if row.source == DECISION or row.recorded_at == newest[row.agency_code, row.role]
    ]  # fmt: skip


def add_holdings(
    session: Session, holdings: Iterable[Holding], *, source: str, by: str, now: datetime, reason: str = ""
) -> None:
    """Record who holds posts: from the workbook `source` they replace earlier workbooks' of the same posts."""
    session.add_all(
        HoldingRow(
            agency_code=each.agency, role=each.role, kind=each.kind, post_vi=each.post_vi, name=each.name,
            address=each.address, from_on=each.from_on, until_on=each.until_on, source=source, reason=reason,
            elsewhere=dict(each.elsewhere), recorded_by=by, recorded_at=now,
        )
        for each in holdings
    )  # fmt: skip
