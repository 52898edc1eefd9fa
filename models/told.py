"""What people were told: the notices about an assignment, and what each post was sent lately."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from models.outcome_tables import Delivery, Notice, NoticeItem


@dataclass(frozen=True)
class Told:
    """One notice: for which day, to which post of which agency, why, and what came of it.

    `items` counts what it tells of; `last_at` is the end of the last attempt to send it, None before the first.
    """

    on: date
    agency: str
    role: str
    recipient: str
    reason: str
    state: str
    state_reason: str
    items: int
    last_at: datetime | None


def told_about(session: Session, assignments: Collection[int], *, known_at: datetime) -> Sequence[Told]:
    """Return the notices about assignments that were planned by `known_at` (aware), newest first."""
    about = select(col(NoticeItem.notice_id)).where(col(NoticeItem.assignment_id).in_(assignments))
    query = _notices(known_at).where(col(Notice.id).in_(about))
    return [Told(*row) for row in session.execute(query)]


def told_since(session: Session, since: date, *, known_at: datetime, agency: str | None = None) -> Sequence[Told]:
    """Return the notices for the days from `since` on, planned by `known_at` (aware), newest first.

    `agency` narrows them to the posts of one.
    """
    query = _notices(known_at).where(col(Notice.as_of) >= since)
    if agency is not None:
        query = query.where(col(Notice.agency_code) == agency)
    return [Told(*row) for row in session.execute(query)]


def _notices(known_at: datetime) -> Select[Any]:
    items = select(func.count(col(NoticeItem.id))).where(col(NoticeItem.notice_id) == col(Notice.id)).scalar_subquery()
    tried = (col(Delivery.notice_id) == col(Notice.id), col(Delivery.finished_at) <= known_at)
    last_at = select(func.max(Delivery.finished_at)).where(*tried).scalar_subquery()
    about = (Notice.as_of, Notice.agency_code, Notice.role, Notice.recipient, Notice.reason)
    query = select(*about, Notice.state, Notice.state_reason, items, last_at)  # type: ignore[call-overload]
    newest_first = (col(Notice.as_of).desc(), col(Notice.id).desc())
    known: Select[Any] = query.where(col(Notice.planned_at) <= known_at).order_by(*newest_first)
    return known
