"""Read the audit trail: who did what, when, newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from models.outcome_tables import AuditEntry


@dataclass(frozen=True)
class AuditQuestion:
    """Which entries: by whom, of which action, about what, between instants.

    `by` and `subject` are looked for within the words, whatever their case; "" and None do not narrow.
    """

    by: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


def audit_count(session: Session, question: AuditQuestion) -> int:
    """Return how many entries there are."""
    return session.exec(select(func.count()).select_from(AuditEntry).where(*_narrowed(question))).one()


def audit_entries(
    session: Session, question: AuditQuestion, *, limit: int, skip: int = 0, before: int | None = None
) -> list[AuditEntry]:
    """Return entries, newest first; those with ids below `before`, the first `skip` left out."""
    where = _narrowed(question) + ([] if before is None else [col(AuditEntry.id) < before])
    query = select(AuditEntry).where(*where).order_by(col(AuditEntry.id).desc())
    return list(session.exec(query.offset(skip).limit(limit)))


def audit_actions(session: Session) -> list[str]:
    """Return the actions there are entries of."""
    return list(session.exec(select(AuditEntry.action).distinct().order_by(AuditEntry.action)))


def _narrowed(question: AuditQuestion) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if question.by:
        where.append(col(AuditEntry.by).icontains(question.by, autoescape=True))
    if question.subject:
        where.append(col(AuditEntry.subject).icontains(question.subject, autoescape=True))
    if question.action:
        where.append(col(AuditEntry.action) == question.action)
    if question.since:
        where.append(col(AuditEntry.at) >= question.since)
    if question.until:
        where.append(col(AuditEntry.at) < question.until)
    return where
