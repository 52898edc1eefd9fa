"""What was told before: every item of every digest that did not get lost, by what it was about."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlmodel import Session, col

from models.columns import table_of
from models.outcome_tables import Notice, NoticeItem
from notifications.notice import UNSENT, NoticeState
from notifications.outbox import lost_by
from notifications.reminding import REMINDER
from rules.ladder import Role

RESOLVED, HANDED_ON = "resolved", "handed_on"  # told that it is over, and that another agency answers for it now
Subject = tuple[int, int, int]
_NEVER_SENT = (NoticeState.SUPERSEDED, NoticeState.SUPPRESSED, NoticeState.BUNDLED, NoticeState.CANCELLED)


class ToldStep(NamedTuple):
    """One step told about one effective due day (`last_good_day`) of an assignment, to the post of `agency`.

    `step` is empty for what was told before steps had names; `ladder` the digest of the ladder it was told by,
    `accountable` the agency that answered for the work then (empty: before that was kept). With an `obstacle_id` it was
    about the answer owed to that obstacle, with a `handed_id` about that share.
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
    accountable: str = ""
    obstacle_id: int = 0
    handed_id: int = 0

    @property
    def subject(self) -> Subject:
        """What it was about: an assignment, and an obstacle to it or a share of it (both 0: the assignment itself)."""
        return self.assignment_id, self.obstacle_id, self.handed_id


class History:
    """The steps told so far, oldest first, who read which for information, and each mailbox's last digest."""

    def __init__(
        self,
        steps: Iterable[ToldStep] = (),
        last_digest: Iterable[tuple[str, date]] = (),
        informed: Iterable[tuple[ToldStep, str]] = (),
    ) -> None:
        """Take what the store holds, or start with nothing told; `informed` are steps with the mailbox that read."""
        self._steps: dict[Subject, list[ToldStep]] = defaultdict(list)
        self._last: dict[str, date] = {}
        self._informed: dict[tuple[Subject, date, str], list[tuple[ToldStep, str]]] = defaultdict(list)
        for step in steps:
            self._steps[step.subject].append(step)
        for step, address in informed:
            self._inform(step, address)
        for address, day in last_digest:
            self.wrote_to(address, day)

    def of(self, subject: Subject, *parts: int) -> Sequence[ToldStep]:
        """Return the steps told about a subject, oldest first; with those told about the `parts` of an assignment."""
        own = self._steps.get(subject, [])
        if not parts:
            return own
        steps = [*own, *(step for part in parts for step in self._steps.get((part, 0, 0), ()))]
        return sorted(steps, key=lambda step: step.told_on)

    def last_digest(self, address: str) -> date | None:
        """Return the day of the last digest to `address`, or None before the first."""
        return self._last.get(address.casefold())

    def subjects(self) -> AbstractSet[Subject]:
        """Return what anything was told about."""
        return self._steps.keys()

    def readers(self, subject: Subject, last_good_day: date, step: str) -> Sequence[tuple[ToldStep, str]]:
        """Return who read a step of a due day for information: what each was told, and its mailbox."""
        return self._informed.get((subject, last_good_day, step), ())

    def add(self, step: ToldStep, address: str) -> None:
        """Remember a step that is told now to a mailbox."""
        self._steps[step.subject].append(step)
        if step.information:
            self._inform(step, address)

    def wrote_to(self, address: str, day: date) -> None:
        """Remember a digest."""
        self._last[address.casefold()] = max(day, self._last.get(address.casefold(), day))

    def _inform(self, step: ToldStep, address: str) -> None:
        self._informed[step.subject, step.last_good_day, step.step].append((step, address.casefold()))


def last_hearer(told: Sequence[ToldStep], agency: str) -> tuple[str, str] | None:
    """Return the post that was last told of work still open: one of `agency`, or the working group."""
    for step in reversed(told):
        own = step.agency in ("", agency) or step.role == Role.WORKING_GROUP
        if own and step.step not in (RESOLVED, HANDED_ON):
            return step.agency, step.role
    return None


def alarmed(told: Sequence[ToldStep], agency: str) -> dict[tuple[str, str, int], ToldStep]:
    """Return the posts last told that the work is late, with their highest step, and not yet told that it is done.

    A post is named with the assignment it was told of. Before agencies were kept the post was one of `agency`.
    """
    found: dict[tuple[str, str, int], ToldStep] = {}
    for step in told:
        post = (step.agency or agency, step.role, step.assignment_id)
        if step.step in (RESOLVED, HANDED_ON):
            found.pop(post, None)
        elif step.rung > 0 and not step.information:
            before = found.get(post)
            higher = before and before.last_good_day == step.last_good_day and before.rung > step.rung
            found[post] = before if before and higher else step
    return found


def history_of(session: Session, *, as_of: date, known_at: datetime) -> History:
    """Read what was told, as of `known_at` (aware); letters of days before `as_of` that nobody got told nobody."""
    item, notice = table_of(NoticeItem).c, table_of(Notice).c
    told = not_(and_(col(Notice.as_of) < as_of, _got_nowhere(known_at)))
    steps = (
        select(
            item.assignment_id, item.last_good_day, item.step, item.rung, item.role, item.agency_code, item.ladder,
            item.information, notice.as_of, item.accountable, item.obstacle_id, item.handed_id,
        )
        .join(table_of(Notice), notice.id == item.notice_id)
        .where(told)
        .order_by(item.id)
    )  # fmt: skip
    last = (
        select(notice.address, func.max(notice.as_of)).where(told, notice.reason != REMINDER).group_by(notice.address)
    )
    informed = session.execute(steps.add_columns(notice.address).where(item.information))
    return History(
        map(ToldStep._make, session.connection().execute(steps).all()),
        (tuple(row) for row in session.execute(last)),
        [(ToldStep._make(row[:-1]), row[-1]) for row in informed],
    )


def _got_nowhere(known_at: datetime) -> ColumnElement[bool]:
    """Match the letters of earlier days that told nobody: lost, never sent, or about to be overtaken by today's."""
    return or_(col(Notice.state).in_((*_NEVER_SENT, *UNSENT)), lost_by(known_at))
