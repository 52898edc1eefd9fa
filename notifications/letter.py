"""What a channel carries: one letter, and how it went. Plugins of ours read the letter beside Apprise's arguments."""

import json
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from notifications.attachment import Attachment
from notifications.notice import NoticeState


@dataclass(frozen=True)
class Letter:
    """One digest on its way: `key` is the notice's natural key, `sent_at` an aware instant.

    `link` is where the whole digest can be read, for channels that carry only a few words; empty where there is none.
    """

    key: str
    recipient: str
    address: str
    subject: str
    text: str
    html: str
    sent_at: datetime
    attachments: tuple[Attachment, ...] = ()
    link: str = ""

    @property
    def sha256(self) -> str:
        """Return the digest of all that the reader gets: whom it is for, the words, and each file."""
        files = [(file.name, file.mime_type, sha256(file.content).hexdigest()) for file in self.attachments]
        told = [self.key, self.recipient, self.address, self.subject, self.text, self.html, files]
        return sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True)
class Outcome:
    """What the channel answered: the state it leads to, and a few words that never hold a channel's secret.

    `code` and `answer` are the server's own (0 and empty where it gave none); `message_id` names the message it was
    given. `down` says that the channel itself is out of reach, whoever the letter is for.
    """

    state: NoticeState
    detail: str = ""
    code: int = 0
    answer: str = ""
    message_id: str = ""
    down: bool = False


class Kept(Protocol):
    """Something a channel keeps open from one letter to the next."""

    def close(self) -> None:
        """Let go of it."""


@dataclass
class Sending:
    """A letter under way in this thread; a plugin of ours leaves what came of it in `outcome`.

    `kept` belongs to the channel: what a plugin puts there is there again for the next letter.
    """

    letter: Letter
    kept: dict[str, Kept] = field(default_factory=dict)
    outcome: Outcome | None = None


under_way: ContextVar[Sending | None] = ContextVar("dondoc_sending", default=None)
