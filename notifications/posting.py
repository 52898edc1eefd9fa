"""Write a plan to the outbox: its notices, what each tells, the files that travel along, and the ladder it goes by."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select
from sqlmodel import Session, col

from models.bulk import append
from models.columns import table_of
from models.escalation_tables import LadderVersion
from models.outcome_tables import Notice, NoticeAttachment, NoticeItem
from notifications.history import HANDED_ON, RESOLVED
from notifications.notice import NoticeState, Plan, PlannedItem, PlannedNotice, Reason
from notifications.sorting import TRANSFERRED
from rules.ladder import Ladder, digest_of, stated_rung


def post(session: Session, plan: Plan, ladder: Ladder, now: datetime) -> None:
    """Record `plan`, for a transaction that alone writes notices."""
    if not plan.notices:
        return
    _keep_ladder(session, ladder, now)
    session.execute(insert(table_of(Notice)), [_notice_row(notice, plan, now) for notice in plan.notices])
    written = session.execute(select(Notice.key, Notice.id).where(col(Notice.as_of) == plan.as_of))  # type: ignore[call-overload]
    ids: Mapping[str, int] = {row.key: row.id for row in written}
    rows = [_item_row(item, ids[notice.key]) for notice in plan.notices for item in notice.items]
    append(session, NoticeItem, {name: [row[name] for row in rows] for name in rows[0]})
    files = [each.row(ids[notice.key]) for notice in plan.notices for each in notice.attachments]
    if files:
        session.execute(insert(table_of(NoticeAttachment)), files)


def step_of(item: PlannedItem) -> str:
    """Return the name under which the store keeps what an item tells."""
    if item.reason is not Reason.RESOLVED:
        return item.step
    return HANDED_ON if item.ended == TRANSFERRED else RESOLVED


def _keep_ladder(session: Session, ladder: Ladder, now: datetime) -> None:
    digest = digest_of(ladder)
    if session.get(LadderVersion, digest) is None:
        rungs = [stated_rung(rung) for rung in ladder]
        session.add(LadderVersion(digest=digest, rungs=rungs, first_used_at=now))
        session.flush()


def _notice_row(notice: PlannedNotice, plan: Plan, now: datetime) -> dict[str, object]:
    return {
        "key": notice.key,
        "as_of": plan.as_of,
        "agency_code": notice.agency,
        "role": str(notice.role),
        "recipient": notice.recipient,
        "address": notice.address,
        "reason": str(notice.reason),
        "subject": notice.subject,
        "text": notice.text,
        "html": notice.html,
        "planned_at": now,
        "state": str(NoticeState.PLANNED),
        "must_deliver": notice.must_deliver,
        "link": notice.link,
        "channel": notice.channel,
        "next_at": notice.not_before,
    }


def _item_row(item: PlannedItem, notice_id: int) -> dict[str, object]:
    return {
        "notice_id": notice_id,
        "assignment_id": item.assignment_id,
        "obstacle_id": item.obstacle_id,
        "handed_id": item.handed_id,
        "code": item.code,
        "last_good_day": item.last_good_day,
        "rung": item.rung,
        "role": str(item.role),
        "reason": str(item.reason),
        "days_late": item.days_late,
        "step": step_of(item),
        "ladder": item.ladder,
        "agency_code": item.post_agency,
        "accountable": item.agency,
        "superseded": ",".join(item.superseded),
        "skipped": ",".join(item.skipped),
        "information": item.information,
        "ended": item.ended,
    }
