"""What was told before: every item of every digest that did not get lost, by assignment."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, func, not_, select
from sqlmodel import Session, col

from models.columns import table_of
from models.outcome_tables import Notice, NoticeItem
from notifications.outbox import lost_by

RESOLVED = "resolved"


class ToldStep(NamedTuple):
    """One step told about one effective due day (`last_good_day`) of an assignment, to the post of `agency`.

    `step` is empty for what was told before steps had names; `ladder` the digest of the ladder it was told by.
    """

    assignment_id: int
    last_good_day: date
    step: str
    rung: int
    role: str
    agency: str
    ladder: str
    information: bool
    told_on: date


class History:
    """The steps told so far, oldest first, and the day of each mailbox's last digest."""

    def __init__(self, steps: Iterable[ToldStep] = (), last_digest: Iterable[tuple[str, date]] = ()) -> None:
        """Take what the store holds, or start with nothing told."""
        self._steps: dict[int, list[ToldStep]] = defaultdict(list)
        self._last: dict[str, date] = {}
        for step in steps:
            self._steps[step.assignment_id].append(step)
        for address, day in last_digest:
            self.wrote_to(address, day)

    def of(self, assignment_id: int) -> Sequence[ToldStep]:
        """Return the steps told about an assignment, oldest first."""
        return self._steps.get(assignment_id, ())

    def last_digest(self, address: str) -> date | None:
        """Return the day of the last digest to `address`, or None before the first."""
        return self._last.get(address.casefold())

    def add(self, step: ToldStep) -> None:
        """Remember a step that is told now."""
        self._steps[step.assignment_id].append(step)

    def wrote_to(self, address: str, day: date) -> None:
        """Remember a digest."""
        self._last[address.casefold()] = max(day, self._last.get(address.casefold(), day))


def history_of(session: Session, *, as_of: date, known_at: datetime) -> History:
    """Read what was told; letters lost on days before `as_of` told nobody, as of `known_at` (aware)."""
    item, notice = table_of(NoticeItem).c, table_of(Notice).c
    told = not_(and_(col(Notice.as_of) < as_of, lost_by(known_at)))
    steps = (
        select(
            item.assignment_id, item.last_good_day, item.step, item.rung, item.role, item.agency_code, item.ladder,
            item.information, notice.as_of,
        )
        .join(table_of(Notice), notice.id == item.notice_id)
        .where(told)
        .order_by(item.id)
    )  # fmt: skip
    last = select(notice.address, func.max(notice.as_of)).where(told).group_by(notice.address)
    return History(
        map(ToldStep._make, session.connection().execute(steps).all()), (tuple(row) for row in session.execute(last))
    )
