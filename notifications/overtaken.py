"""Letters of earlier days that never left: a day's planning takes their place, so that nobody gets stale ones."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import Session, col

from models.outcome_tables import Notice, NoticeItem
from notifications.notice import UNSENT, NoticeState, Plan
from notifications.posting import step_of
from notifications.reminding import REMINDER

_Told = tuple[int, int, int, date, str]


def overtake(session: Session, plan: Plan) -> None:
    """Bring every unsent notice of a day before the plan's to its end, for a transaction that alone writes notices.

    It is `bundled` where the new digest to the same address holds all it told, else `superseded`: a higher step is due,
    somebody else hears, there is too much for one digest, or the work need not trouble anybody now.
    """
    unsent = select(Notice.id, Notice.address, Notice.channel).where(  # type: ignore[call-overload]
        col(Notice.as_of) < plan.as_of, col(Notice.state).in_(UNSENT), col(Notice.reason) != REMINDER
    )
    rows = session.execute(unsent).all()
    if not rows:
        return
    today, before = _told_today(plan), _told_before(session, rows)
    ended: dict[NoticeState, list[int]] = defaultdict(list)
    for row in rows:
        held = before[row.id] <= today.get((row.channel, row.address.casefold()), frozenset())
        ended[NoticeState.BUNDLED if held else NoticeState.SUPERSEDED].append(row.id)
    for state, ids in ended.items():
        final = {"state": str(state), "state_reason": f"planned_again_{plan.as_of.isoformat()}", "next_at": None}
        session.execute(update(Notice).where(col(Notice.id).in_(ids)).values(**final))


def _told_today(plan: Plan) -> Mapping[tuple[str, str], AbstractSet[_Told]]:
    told: dict[tuple[str, str], set[_Told]] = defaultdict(set)
    for notice in plan.notices:
        told[notice.channel, notice.address.casefold()].update(
            (*item.subject, item.last_good_day, step_of(item)) for item in notice.items
        )
    return told


def _told_before(session: Session, rows: Sequence[Row[Any]]) -> Mapping[int, AbstractSet[_Told]]:
    told: dict[int, set[_Told]] = defaultdict(set)
    about = (NoticeItem.assignment_id, NoticeItem.obstacle_id, NoticeItem.handed_id)
    what = (*about, NoticeItem.last_good_day, NoticeItem.step)
    items = select(NoticeItem.notice_id, *what).where(col(NoticeItem.notice_id).in_([row.id for row in rows]))  # type: ignore[call-overload]
    for notice_id, *item in session.execute(items):
        told[notice_id].add(tuple(item))
    return told
