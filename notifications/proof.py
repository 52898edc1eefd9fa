"""Proof of who was told what, when, and what was answered: everything the store holds about it, and its seals.

Only the links by which readers answer are cut short: whoever held a whole one could answer in their name.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlmodel import Session, SQLModel, col

from models import Store
from models.chain import Chain, walk
from models.handed_tables import HandedDown
from models.outcome_tables import AuditEntry, Delivery, Notice, NoticeItem
from notifications.letter import Letter
from notifications.links import PATH
from notifications.outbox import files_of

SEALED: tuple[type[SQLModel], ...] = (Delivery, AuditEntry)
_ANSWERED_IN_CHUNKS = 500
_TOKEN = re.compile(rf"(?<={PATH}/)[\w.-]+")


@dataclass(frozen=True)
class About:
    """Whom or what a proof is about; every part that is given must hold."""

    agency: str | None = None
    assignment: str | None = None
    address: str | None = None


def proof_of(store: Store, about: About, *, now: datetime) -> dict[str, Any]:
    """Return the proof as plain values: each notice as sent, its deliveries, and what was decided about its items.

    `now` (aware) dates it. It names the head of both chains, and of each delivery whether the letter kept today is
    the letter that was sent.
    """
    with store.reading() as session:
        notices = session.scalars(select(Notice).where(*_conditions(about)).order_by(col(Notice.id))).all()
        told = [_notice(session, notice) for notice in notices]
        items = [item for notice in told for item in notice["items"]]
        subjects = {item["code"] for item in items} | {notice["key"] for notice in told} | _shares(session, items)
        return {
            "about": asdict(about),
            "made_at": now.isoformat(),
            "chains": [asdict(walk(session, model)) for model in SEALED],
            "notices": told,
            "answers": [_plain(entry) for entry in _answers(session, sorted(subjects))],
        }


def chains(store: Store) -> tuple[Chain, ...]:
    """Walk along every chain of the store."""
    with store.reading() as session:
        return tuple(walk(session, model) for model in SEALED)


def altered_letters(store: Store) -> tuple[str, ...]:
    """Return the keys of the notices whose letter is not the one a sealed delivery sent."""
    sent = select(Notice, Delivery.letter_sha256).join(Delivery, col(Delivery.notice_id) == col(Notice.id))  # type: ignore[call-overload]
    query = sent.where(col(Delivery.letter_sha256) != "").order_by(col(Notice.id), col(Delivery.id))
    with store.reading() as session:
        rows = session.execute(query.execution_options(yield_per=500))
        return tuple(dict.fromkeys(notice.key for notice, found in rows if _letter(session, notice).sha256 != found))


def _conditions(about: About) -> Iterator[ColumnElement[bool]]:
    its_items = col(NoticeItem.notice_id) == col(Notice.id)
    if about.agency:
        hears = exists().where(its_items, col(NoticeItem.agency_code) == about.agency)
        yield or_(col(Notice.agency_code) == about.agency, hears)
    if about.assignment:
        yield exists().where(its_items, col(NoticeItem.code) == about.assignment)
    if about.address:
        yield func.lower(col(Notice.address)) == about.address.strip().lower()


def _notice(session: Session, notice: Notice) -> dict[str, Any]:
    letter = _letter(session, notice)
    items = session.scalars(
        select(NoticeItem).where(col(NoticeItem.notice_id) == notice.id).order_by(col(NoticeItem.id))
    )
    sent = session.scalars(select(Delivery).where(col(Delivery.notice_id) == notice.id).order_by(col(Delivery.id)))
    return {
        **_plain(notice),
        **{name: _TOKEN.sub("…", getattr(notice, name)) for name in ("link", "text", "html")},
        "letter_sha256": letter.sha256,
        "attachments": [
            {"name": file.name, "mime_type": file.mime_type, "sha256": sha256(file.content).hexdigest()}
            for file in letter.attachments
        ],
        "items": [_plain(item) for item in items],
        "deliveries": [
            {**_plain(each), "as_kept": not each.letter_sha256 or each.letter_sha256 == letter.sha256} for each in sent
        ],
    }


def _letter(session: Session, notice: Notice) -> Letter:
    assert notice.id is not None, "a stored notice has an id"
    return Letter(
        notice.key,
        notice.recipient,
        notice.address,
        notice.subject,
        notice.text,
        notice.html,
        sent_at=notice.planned_at,
        attachments=files_of(session.connection(), notice.id),
    )


def _shares(session: Session, items: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the codes of the shares told of."""
    told = sorted({item["handed_id"] for item in items} - {0})
    return set(session.scalars(select(col(HandedDown.code)).where(col(HandedDown.id).in_(told)))) if told else set()


def _answers(session: Session, subjects: Sequence[str]) -> Iterator[AuditEntry]:
    """Return what was decided about the assignments and shares told of, or done with the notices, oldest first."""
    found: list[AuditEntry] = []
    for start in range(0, len(subjects), _ANSWERED_IN_CHUNKS):
        chunk = subjects[start : start + _ANSWERED_IN_CHUNKS]
        found += session.scalars(select(AuditEntry).where(col(AuditEntry.subject).in_(chunk)))
    yield from sorted(found, key=lambda entry: entry.id or 0)


def _plain(row: SQLModel) -> dict[str, Any]:
    """Return a row's values as JSON has them, without the numbers that mean something in this database alone."""
    values: Mapping[str, Any] = row.model_dump(exclude={"notice_id", "assignment_id", "claimed_by", "lease_until"})
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
