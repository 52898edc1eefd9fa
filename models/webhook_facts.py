"""The facts behind the changes other systems hear of: which are new to a subscription, and what one of them says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from models.assignment_tables import Assignment, Batch, Undo
from models.edition_tables import Edition
from models.outcome_tables import AuditEntry
from models.reference import register_of
from models.store import Store
from models.story import story_of
from models.webhook_tables import WebhookMessage, WebhookReading
from models.webhooks import HookAsIs, Source
from models.writers import wait_for_writers_of
from rules.webhook import ChangeKind

AT_ONCE = 500
_REPLIES = frozenset({"acknowledge", "extension", "dispute", "redirect"})
# Who stands in for whom is said to nobody outside: it names people, and changes no assignment.
_OF_PEOPLE = frozenset({"delegate"})
_DECIDED, _BY_DECISION, _FINAL = "decide.", "decision", "final"


@dataclass(frozen=True)
class Change:
    """One fact as it is told: its kind, when it was recorded, whose agency it is about, and what in stable codes."""

    kind: ChangeKind
    position: int
    at: datetime
    agency: str | None
    what: dict[str, Any]


def read_changes(store: Store, hook: HookAsIs, *, today: date, now: datetime) -> int:
    """Put down what a subscription has not been told of yet, in one transaction; return how many messages that made.

    Workbooks and audit entries get their ids in the order in which they are committed (their writers wait for each
    other), so a position is enough; what was taken back and editions are few, and looked through since the beginning.
    """
    with store.writing() as session:
        wait_for_writers_of(session, WebhookReading)
        found = [each for each in _new_to(session, hook, today, now) if hook.agency in (None, each.agency)]
        session.add_all(
            WebhookMessage(
                webhook_id=hook.number, kind=each.kind, position=each.position, key=str(uuid4()), made_at=now
            )
            for each in sorted(found, key=lambda each: each.at)
        )
        return len(found)


def change_of(session: Session, kind: ChangeKind, position: int, *, today: date, now: datetime) -> Change:
    """Return what a message tells, from the fact it names; the agency is the one that answers for it `today`."""
    if kind is ChangeKind.EDITION_FINAL:
        return _edition(session.get_one(Edition, position))
    if kind is ChangeKind.WORKBOOK_UNDONE:
        return _undone(session.get_one(Batch, position), session.get_one(Undo, position))
    if kind is ChangeKind.WORKBOOK_RECORDED:
        return _recorded(session.get_one(Batch, position))
    found = _decided(session, session.get_one(AuditEntry, position), today, now)
    assert found is not None, f"audit entry {position} tells no decision"
    return found


def _new_to(session: Session, hook: HookAsIs, today: date, now: datetime) -> Iterator[Change]:
    if ChangeKind.WORKBOOK_RECORDED in hook.kinds:
        for batch in _after(session, hook, Source.BATCHES, now):
            if batch.kind != _BY_DECISION:
                yield _recorded(batch)
    if hook.kinds & {ChangeKind.DECISION_TAKEN, ChangeKind.REPLY_GIVEN}:
        for entry in _after(session, hook, Source.AUDIT, now):
            change = _decided(session, entry, today, now)
            if change and change.kind in hook.kinds:
                yield change
    if ChangeKind.WORKBOOK_UNDONE in hook.kinds:
        query = select(Batch, Undo).join(Undo, col(Undo.batch_id) == col(Batch.id))
        fresh = (Undo.recorded_at >= hook.created_at, _untold(hook, ChangeKind.WORKBOOK_UNDONE, Batch))
        yield from (_undone(batch, undo) for batch, undo in session.exec(query.where(*fresh)).all())
    if ChangeKind.EDITION_FINAL in hook.kinds:
        fresh = (Edition.created_at >= hook.created_at, _untold(hook, ChangeKind.EDITION_FINAL, Edition))
        yield from map(_edition, session.exec(select(Edition).where(Edition.state == _FINAL, *fresh)).all())


def _after(session: Session, hook: HookAsIs, source: Source, now: datetime) -> list[Any]:
    """Return the next rows of a source, and put down how far a subscription has been read with them."""
    table: Any = Batch if source is Source.BATCHES else AuditEntry
    where = (WebhookReading.webhook_id == hook.number, WebhookReading.source == source)
    read = session.exec(select(func.max(WebhookReading.position)).where(*where)).one() or 0
    query = select(table).where(table.id > read)
    if source is Source.AUDIT:
        query = query.where(table.action.startswith(_DECIDED))
    rows = list(session.exec(query.order_by(table.id).limit(AT_ONCE)))
    if rows:
        session.add(WebhookReading(webhook_id=hook.number, source=source, position=rows[-1].id, read_at=now))
    return rows


def _untold(hook: HookAsIs, kind: ChangeKind, table: type[Batch | Edition]) -> ColumnElement[bool]:
    told = select(WebhookMessage.id).where(
        WebhookMessage.webhook_id == hook.number, WebhookMessage.kind == kind, WebhookMessage.position == table.id
    )
    return ~told.exists()


def _recorded(batch: Batch) -> Change:
    assert batch.id is not None
    counts = {name: getattr(batch, name) for name in ("rows", "new", "changed", "unchanged", "gone")}
    what = {**_batch(batch), **counts}
    return Change(ChangeKind.WORKBOOK_RECORDED, batch.id, batch.recorded_at, batch.agency_code, what)


def _undone(batch: Batch, undo: Undo) -> Change:
    assert batch.id is not None
    return Change(ChangeKind.WORKBOOK_UNDONE, batch.id, undo.recorded_at, batch.agency_code, _batch(batch))


def _batch(batch: Batch) -> dict[str, Any]:
    return {"batch": batch.id, "file": batch.file, "sha256": batch.sha256, "workbook": batch.kind}


def _edition(edition: Edition) -> Change:
    assert edition.id is not None
    what = {"edition": edition.code, "month": edition.month, "corrects": edition.corrects}
    return Change(ChangeKind.EDITION_FINAL, edition.id, edition.created_at, None, what)


def _decided(session: Session, entry: AuditEntry, today: date, now: datetime) -> Change | None:
    """Return what an audit entry says was decided of an assignment; None for another entry."""
    action = entry.action.removeprefix(_DECIDED)
    if entry.action == action or action in _OF_PEOPLE or entry.id is None:
        return None
    kind = ChangeKind.REPLY_GIVEN if action in _REPLIES else ChangeKind.DECISION_TAKEN
    what: dict[str, Any] = {"assignment": entry.subject, "action": action}
    if "outcome" in entry.detail:
        what["outcome"] = entry.detail["outcome"]
    return Change(kind, entry.id, entry.at, _holder(session, entry.subject, today, now), what)


def _holder(session: Session, code: str, today: date, now: datetime) -> str | None:
    """Return the agency that answers for an assignment today; of one taken back, the one that was given it."""
    story = story_of(session, code, known_at=now)
    if story is None:
        return session.exec(select(Assignment.agency_code).where(Assignment.code == code)).first()
    given_to = story.held_by(today) or story.assignment.agency_code
    return register_of(session).accountable(today).get(given_to, given_to)
