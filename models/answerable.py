"""What a digest told its reader, for the page on which the reader answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from models.assignment_tables import Assignment
from models.commitment_tables import Appeal, Commitment
from models.outcome_tables import Notice, NoticeItem
from models.story import story_of


@dataclass(frozen=True)
class AnswerableItem:
    """One assignment told: in words, with its due day, and what its reader answered so far (kind, day, words)."""

    assignment_id: int
    code: str
    number: str
    document: str
    task: str
    last_good_day: date
    days_late: int
    information: bool
    answers: tuple[tuple[str, date | None, str], ...] = ()


@dataclass(frozen=True)
class AnswerableNotice:
    """A digest as sent: to whom, on which day, and its items by the assignment's id."""

    key: str
    recipient: str
    as_of: date
    items: Mapping[int, AnswerableItem]


def answerable(session: Session, key: str, *, known_at: datetime, only: int | None = None) -> AnswerableNotice | None:
    """Return the digest of a key with what can be answered in it, or None when there is no such digest.

    With `only`, an assignment's id, no other item is looked up.
    """
    notice = session.exec(select(Notice).where(Notice.key == key)).first()
    if notice is None:
        return None
    told = (
        select(NoticeItem, Assignment.code)
        .join(Assignment, col(Assignment.id) == col(NoticeItem.assignment_id))
        .where(NoticeItem.notice_id == notice.id, NoticeItem.reason != "resolved")
        .where(NoticeItem.obstacle_id == 0, NoticeItem.handed_id == 0)
        .order_by(col(NoticeItem.id))
    )
    if only is not None:
        told = told.where(NoticeItem.assignment_id == only)
    items: dict[int, AnswerableItem] = {}
    for row, code in session.exec(told):
        story = story_of(session, code, known_at=known_at)
        if story and row.assignment_id not in items:
            items[row.assignment_id] = AnswerableItem(
                row.assignment_id, code, story.wording.number or story.task.number, story.document.code,
                story.wording.text, row.last_good_day, row.days_late, row.information,
                _answers(session, row.assignment_id, key),
            )  # fmt: skip
    return AnswerableNotice(notice.key, notice.recipient, notice.as_of, items)


def _answers(session: Session, assignment_id: int, key: str) -> tuple[tuple[str, date | None, str], ...]:
    commitments = select(Commitment).where(Commitment.assignment_id == assignment_id, Commitment.notice_key == key)
    appeals = select(Appeal).where(Appeal.assignment_id == assignment_id, Appeal.notice_key == key)
    return (
        *(("acknowledge", row.until_on, row.reason) for row in session.exec(commitments.order_by(col(Commitment.id)))),
        *((row.kind, row.until_on, row.text) for row in session.exec(appeals.order_by(col(Appeal.id)))),
    )
