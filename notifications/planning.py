"""Decide who must hear what on a day, and write it to the outbox before anything is sent."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import and_, insert, not_, select
from sqlmodel import Session, col

from models import StatusTable, Store, status_of
from models.columns import table_of
from models.outcome_tables import Notice, NoticeItem
from models.reference import read_reference
from notifications.digest import render
from notifications.notice import NoticeState, Plan, PlannedNotice, Suppressed, Suppression
from notifications.outbox import alone, lost_by
from notifications.plain_text import plain
from notifications.sorting import Addressee, Sorted, Told, WrittenTo, sort_rows
from rules.reference import Reference
from rules.status import CompletionLevel


def plan_notices(
    store: Store,
    *,
    as_of: date,
    now: datetime,
    dry_run: bool = False,
    level: CompletionLevel = CompletionLevel.EVIDENCED,
) -> Plan:
    """Decide the digests of `as_of` by what is known at `now` (aware) and record them, all or none.

    One digest per person and day; an assignment is told once per effective due day and rung, and again in a later
    day's digest when the letter was lost. A day off plans nothing. With `dry_run` the same answer is given and
    nothing is written. `level` is what counts as completion.
    """
    with store.reading() as session:
        reference = read_reference(session)
    if not reference.calendar.is_working(as_of):
        return Plan(as_of, (), 0, (Suppressed(as_of.isoformat(), Suppression.DAY_OFF),))
    table = status_of(store, as_of=as_of, known_at=now, level=level)
    if dry_run:
        with store.reading() as session:
            return _decide(session, table, reference)
    with store.writing() as session:
        alone(session)
        plan = _decide(session, table, reference)
        _record(session, plan, now)
    return plan


def _decide(session: Session, table: StatusTable, reference: Reference) -> Plan:
    found = sort_rows(table, reference, _told(session, table), _written_to(session, table.as_of))
    notices = tuple(_notice(found, addressee, table) for addressee in found.items)
    return Plan(table.as_of, notices, len(notices), tuple(found.suppressed))


def _notice(found: Sorted, addressee: Addressee, table: StatusTable) -> PlannedNotice:
    items = found.most_severe_first(addressee)
    contact = found.post(addressee, items[0])
    digest = render(contact, items, table)
    return PlannedNotice(
        key=f"{table.as_of.isoformat()}/{contact.agency}/{contact.role}",
        agency=contact.agency,
        recipient=plain(contact.post_vi),
        address=contact.address,
        role=items[0].role,
        rung=items[0].rung,
        reason=max(item.reason for item in items),  # "first" < "worse"
        subject=digest.subject,
        text=digest.text,
        html=digest.html,
        items=items,
    )


def _told(session: Session, table: StatusTable) -> Told:
    """Return the rungs told before, by assignment and effective due day; letters lost on earlier days told nobody."""
    lost_before = and_(col(Notice.as_of) < table.as_of, lost_by(table.known_at))
    earliest = min((row.last_good_day for row in table.rows), default=table.as_of)
    query = (
        select(NoticeItem.assignment_id, NoticeItem.last_good_day, NoticeItem.rung)  # type: ignore[call-overload]
        .join(Notice, col(Notice.id) == col(NoticeItem.notice_id))
        .where(col(NoticeItem.last_good_day) >= earliest, not_(lost_before))
    )
    told: dict[tuple[int, date], set[int]] = {}
    for assignment_id, last_good_day, rung in session.execute(query):
        told.setdefault((assignment_id, last_good_day), set()).add(rung)
    return told


def _written_to(session: Session, as_of: date) -> WrittenTo:
    """Return who already has a digest for the day."""
    query = select(Notice.address, Notice.agency_code, Notice.role).where(col(Notice.as_of) == as_of)  # type: ignore[call-overload]
    rows = session.execute(query).all()
    return WrittenTo(
        frozenset(address.casefold() for address, _, _ in rows), frozenset((agency, role) for _, agency, role in rows)
    )


def _record(session: Session, plan: Plan, now: datetime) -> None:
    if not plan.notices:
        return
    session.execute(insert(table_of(Notice)), [_notice_row(notice, plan.as_of, now) for notice in plan.notices])
    written = session.execute(select(Notice.key, Notice.id).where(col(Notice.as_of) == plan.as_of))  # type: ignore[call-overload]
    ids: Mapping[str, int] = {row.key: row.id for row in written}
    session.execute(insert(table_of(NoticeItem)), [row for notice in plan.notices for row in _item_rows(notice, ids)])


def _notice_row(notice: PlannedNotice, as_of: date, now: datetime) -> dict[str, object]:
    return {
        "key": notice.key,
        "as_of": as_of,
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
    }


def _item_rows(notice: PlannedNotice, ids: Mapping[str, int]) -> Sequence[dict[str, object]]:
    return [
        {
            "notice_id": ids[notice.key],
            "assignment_id": item.assignment_id,
            "code": item.code,
            "last_good_day": item.last_good_day,
            "rung": item.rung,
            "role": str(item.role),
            "reason": str(item.reason),
            "days_late": item.days_late,
        }
        for item in notice.items
    ]
