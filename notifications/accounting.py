"""The day's accounting: every planned notice stands in exactly one state, and that state has its deliveries."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlmodel import col

from models import Store
from models.outcome_tables import Delivery, Notice
from models.reference import calendar_of
from notifications.notice import NoticeState
from notifications.outbox import LEASE
from rules.calendar import WorkingCalendar
from texts.wording import HANOI

_IN_THE_QUEUE = (NoticeState.PLANNED, NoticeState.FAILED_TEMPORARY)


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
    a delivery that says so, waiting for more than a working day after they could go, or held long after their lease.
    """
    from_then_on = col(Notice.as_of) >= since if since else col(Notice.id).is_not(None)
    counted = select(Notice.as_of, Notice.state, func.count()).where(from_then_on).group_by(Notice.as_of, Notice.state)  # type: ignore[call-overload]
    states: dict[date, Counter[str]] = defaultdict(Counter)
    adrift: dict[date, list[str]] = defaultdict(list)
    with store.reading() as session:
        adrift_now = _adrift(now, _working_day_before(now, calendar_of(session)))
        wrong = select(Notice.as_of, Notice.key).where(from_then_on, adrift_now).order_by(col(Notice.id))  # type: ignore[call-overload]
        for day, state, count in session.execute(counted):
            states[day][state] += count
        for day, key in session.execute(wrong):
            adrift[day].append(key)
    return tuple(DayAccount(day, states[day].total(), dict(states[day]), tuple(adrift[day])) for day in sorted(states))


def balance(days: tuple[DayAccount, ...]) -> bool:
    """Whether every day balances."""
    return all(day.balances for day in days)


def _working_day_before(now: datetime, calendar: WorkingCalendar) -> datetime:
    """Return the instant since which 24 hours of working days have passed: all retries are over long before."""
    local = now.astimezone(HANOI)
    passed = local.time() if calendar.is_working(local.date()) else time(0)
    return datetime.combine(calendar.add_working_days(local.date(), -1), passed, HANOI)


def _adrift(now: datetime, stuck: datetime) -> ColumnElement[bool]:
    state, accepted = col(Notice.state), _deliveries(NoticeState.ACCEPTED)
    said = [and_(state == lost, _deliveries(lost) == 0) for lost in (NoticeState.FAILED_PERMANENT, NoticeState.UNKNOWN)]
    return or_(
        and_(state == NoticeState.ACCEPTED, accepted == 0),
        and_(accepted > 1, not_(col(Notice.must_deliver))),
        and_(state == NoticeState.SENDING, col(Notice.lease_until) <= now - LEASE),
        and_(state.in_(_IN_THE_QUEUE), func.coalesce(col(Notice.next_at), col(Notice.planned_at)) <= stuck),
        *said,
    )


def _deliveries(outcome: NoticeState) -> ColumnElement[int]:
    ours = and_(col(Delivery.notice_id) == col(Notice.id), col(Delivery.outcome) == str(outcome))
    return select(func.count()).select_from(Delivery).where(ours).correlate(Notice).scalar_subquery()
