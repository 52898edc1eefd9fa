"""The outbox's statements, written once: putting one together costs more than running it."""

from sqlalchemy import ColumnElement, String, Update, and_, bindparam, exists, insert, or_, select, update

from models.chain import newest
from models.columns import table_of
from models.outcome_tables import Delivery, Notice, NoticeAttachment
from notifications.maildir import SCHEME as MAILDIR
from notifications.notice import NoticeState

# Where a lost claim may be repeated: the same letter is filed in the same place.
REPEATABLE = frozenset({MAILDIR})
DELIVERY = table_of(Delivery)
_NOTICE, _FILES = table_of(Notice), table_of(NoticeAttachment)
_CLAIMED = (
    _NOTICE.c.id,
    _NOTICE.c.key,
    _NOTICE.c.recipient,
    _NOTICE.c.address,
    _NOTICE.c.subject,
    _NOTICE.c.text,
    _NOTICE.c.html,
    _NOTICE.c.link,
    _NOTICE.c.attempts,
    _NOTICE.c.forgiven,
    _NOTICE.c.must_deliver,
    exists().where(_FILES.c.notice_id == _NOTICE.c.id).label("has_files"),
)


# What was planned in quiet hours waits for their end.
_MAY_GO = or_(_NOTICE.c.next_at.is_(None), _NOTICE.c.next_at <= bindparam("now"))
_PLANNED = and_(_NOTICE.c.state == str(NoticeState.PLANNED), _MAY_GO)
_ONCE_MORE = and_(_NOTICE.c.state == str(NoticeState.FAILED_TEMPORARY), _NOTICE.c.next_at <= bindparam("now"))


def _taking(which: ColumnElement[bool]) -> Update:
    """Return the statement that claims the oldest of `which` that no other worker is claiming at this moment."""
    due = and_(which, _NOTICE.c.as_of <= bindparam("through"), _NOTICE.c.channel == bindparam("name"))
    oldest = select(_NOTICE.c.id).where(due).order_by(_NOTICE.c.id).limit(1).with_for_update(skip_locked=True)
    taken = {
        "state": str(NoticeState.SENDING),
        "attempts": _NOTICE.c.attempts + 1,
        "claimed_by": bindparam("scheme"),
        "lease_until": bindparam("lease"),
        "next_at": None,
    }
    return update(_NOTICE).where(_NOTICE.c.id == oldest.scalar_subquery()).values(**taken).returning(*_CLAIMED)


def _in_state(*states: NoticeState) -> ColumnElement[bool]:
    """Match the notices in one of `states`; a list, as `in_` has it, would be put into the statement at each run."""
    return or_(*(_NOTICE.c.state == str(state) for state in states))


TAKE = (_taking(_PLANNED), _taking(_ONCE_MORE))
CAME_TO = (
    update(_NOTICE)
    .where(
        _NOTICE.c.id == bindparam("notice"),
        _NOTICE.c.attempts == bindparam("attempt"),
        or_(
            _in_state(NoticeState.SENDING, NoticeState.UNKNOWN, NoticeState.FAILED_TEMPORARY),
            # A yes that came after planning took the letter for unsent: it did reach its reader.
            and_(
                _in_state(NoticeState.SUPERSEDED, NoticeState.BUNDLED),
                bindparam("came_to", type_=String()) == str(NoticeState.ACCEPTED),
            ),
        ),
    )
    .values(
        state=bindparam("came_to", type_=String()),
        state_reason=bindparam("why"),
        lease_until=None,
        next_at=bindparam("again"),
    )
    .returning(newest(DELIVERY).scalar_subquery().label("newest"))
)
HOLD_BACK = (
    update(_NOTICE)
    .where(_NOTICE.c.id == bindparam("notice"))
    .values(
        state=str(NoticeState.SUPPRESSED),
        state_reason=bindparam("why"),
        attempts=_NOTICE.c.attempts - 1,
        lease_until=None,
    )
)
_RAN_OUT = and_(_NOTICE.c.state == str(NoticeState.SENDING), _NOTICE.c.lease_until <= bindparam("now"))
AGAIN = (
    update(_NOTICE)
    .where(_RAN_OUT, _NOTICE.c.claimed_by.in_(REPEATABLE))
    .values(state=str(NoticeState.PLANNED), lease_until=None, next_at=bindparam("now"))
)
LOST = (
    select(*_CLAIMED, _NOTICE.c.lease_until, _NOTICE.c.claimed_by)
    .where(_RAN_OUT)
    .order_by(_NOTICE.c.id)
    .with_for_update(skip_locked=True)
)
ADD_DELIVERY = insert(DELIVERY)
FILES_OF = (
    select(_FILES.c.name, _FILES.c.content, _FILES.c.mime_type)
    .where(_FILES.c.notice_id == bindparam("notice"))
    .order_by(_FILES.c.id)
)
