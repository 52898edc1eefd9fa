"""What a channel carries: one letter, and how it went. Plugins of ours read the letter beside Apprise's arguments."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from notifications.notice import NoticeState


@dataclass(frozen=True)
class Letter:
    """One digest on its way: `key` is the notice's natural key, `sent_at` an aware instant."""

    key: str
    recipient: str
    address: str
    subject: str
    text: str
    html: str
    sent_at: datetime


@dataclass(frozen=True)
class Outcome:
    """What the channel answered: the state it leads to, and a few words that never hold a channel's secret."""

    state: NoticeState
    detail: str = ""


@dataclass
class Sending:
    """A letter under way in this thread; a plugin of ours leaves its reason in `detail`."""

    letter: Letter
    detail: str = ""


under_way: ContextVar[Sending | None] = ContextVar("dondoc_sending", default=None)
