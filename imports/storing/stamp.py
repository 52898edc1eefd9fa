"""How far the store had come: what was compared with it holds while nothing was recorded of it or taken back."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.assignment_tables import Batch, Document, Undo
from models.batch_tables import Listing


@dataclass(frozen=True)
class Stamp:
    """The last batch recorded, and how many were taken back; both only grow."""

    batch: int
    undone: int


def stamp_of(session: Session) -> Stamp:
    """Return the stamp of the store as `session` sees it."""
    batch = session.scalar(select(func.max(col(Batch.id))))
    return Stamp(batch or 0, session.scalar(select(func.count(col(Undo.batch_id)))) or 0)


def touched_since(session: Session, stamp: Stamp, documents: Collection[str]) -> bool:
    """Whether work of `documents` (codes) was recorded, or anything taken back, since the store stood at `stamp`."""
    if stamp_of(session).undone != stamp.undone:
        return True
    listing = select(col(Listing.batch_id)).join(Document, col(Document.id) == col(Listing.document_id))
    later = listing.where(col(Document.code).in_(sorted(documents)), col(Listing.batch_id) > stamp.batch).limit(1)
    return session.scalar(later) is not None
