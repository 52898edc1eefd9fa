"""The attempts to send that were made since an instant: which notice, through what, what came of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from models import Store
from models.outcome_tables import Delivery


@dataclass(frozen=True)
class Attempt:
    """One attempt; `code` is the server's own, 0 where it gave none."""

    notice: int
    channel: str
    outcome: str
    code: int


def attempts_since(store: Store, began: datetime) -> list[Attempt]:
    """Return the attempts whose outcome was recorded at or after `began` (aware), in their order."""
    wanted = select(col(Delivery.notice_id), col(Delivery.channel), col(Delivery.outcome), col(Delivery.code))
    with store.reading() as session:
        rows = session.execute(wanted.where(col(Delivery.finished_at) >= began).order_by(col(Delivery.id))).all()
    return [Attempt(*row) for row in rows]
