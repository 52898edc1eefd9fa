"""The day's accounting: every planned notice stands in exactly one state, and that state has its deliveries."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlmodel import col

from models import Store
from models.outcome_tables import Delivery, Notice
from notifications.notice import NoticeState
from notifications.outbox import LEASE, WAITING

STUCK = timedelta(hours=24)  # all retries are over long before


@dataclass(frozen=True)
class DayAccount:
    """The notices planned for a day by state, and the keys of those `adrift`: what happened to them does not add up."""

    day: date
    planned: int
    states: Mapping[str, int]
    adrift: tuple[str, ...]

    @property
    def balances(self) -> bool:
        """Whether every notice stands in one known state that its deliveries bear out."""
        return not self.adrift and sum(self.states.get(state, 0) for state in NoticeState) == self.planned


def accounts(store: Store, *, now: datetime, since: date | None = None) -> tuple[DayAccount, ...]:
    """Return the account of every day (from `since` on) that has notices, oldest first, as things stand at `now`.

    Adrift are notices accepted without an accepted delivery or with two (unless they must be delivered), lost without
    a delivery that says so, waiting for more than a day after they could go, or held long after their lease.
    """
    from_then_on = col(Notice.as_of) >= since if since else col(Notice.id).is_not(None)
    counted = select(Notice.as_of, Notice.state, func.count()).where(from_then_on).group_by(Notice.as_of, Notice.state)  # type: ignore[call-overload]
    wrong = select(Notice.as_of, Notice.key).where(from_then_on, _adrift(now)).order_by(col(Notice.id))  # type: ignore[call-overload]
    states: dict[date, Counter[str]] = defaultdict(Counter)
    adrift: dict[date, list[str]] = defaultdict(list)
    with store.reading() as session:
        for day, state, count in session.execute(counted):
            states[day][state] += count
        for day, key in session.execute(wrong):
            adrift[day].append(key)
    return tuple(DayAccount(day, states[day].total(), dict(states[day]), tuple(adrift[day])) for day in sorted(states))


def balance(days: tuple[DayAccount, ...]) -> bool:
    """Whether every day balances."""
    return all(day.balances for day in days)


def _adrift(now: datetime) -> ColumnElement[bool]:
    state, accepted = col(Notice.state), _deliveries(NoticeState.ACCEPTED)
    said = [and_(state == lost, _deliveries(lost) == 0) for lost in (NoticeState.FAILED_PERMANENT, NoticeState.UNKNOWN)]
    return or_(
        and_(state == NoticeState.ACCEPTED, accepted == 0),
        and_(accepted > 1, not_(col(Notice.must_deliver))),
        and_(state == NoticeState.SENDING, col(Notice.lease_until) <= now - LEASE),
        and_(state.in_(WAITING), func.coalesce(col(Notice.next_at), col(Notice.planned_at)) <= now - STUCK),
        *said,
    )


def _deliveries(outcome: NoticeState) -> ColumnElement[int]:
    ours = and_(col(Delivery.notice_id) == col(Notice.id), col(Delivery.outcome) == str(outcome))
    return select(func.count()).select_from(Delivery).where(ours).correlate(Notice).scalar_subquery()
