"""The embedded default channel: an Apprise plugin that files each digest in a real Maildir any mail program opens."""

import os
import re
from collections.abc import Mapping
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from apprise.decorators import notify

from notifications.letter import Letter, under_way
from texts.wording import HANOI

SCHEME = "maildir"
_SENDER = "dondoc@localhost"
_SENDER_NAME = "Đôn đốc"
_READABLE = Charset("utf-8")
_READABLE.body_encoding = QP


@cache
def register() -> None:
    """Make Apprise know `maildir://`; doing it twice changes nothing."""
    notify(on=SCHEME, name="Maildir")(deliver_into_folder)  # type: ignore[no-untyped-call]


def deliver_into_folder(*_: Any, meta: Mapping[str, Any], **__: Any) -> bool:
    """File the letter under way, as Apprise calls it; False, with the reason left behind, when that cannot be done.

    The arguments `folder` (Apprise would take a path's first slash for the end of a host) and `from`, the sender's
    address, come in the URL's query. The message is the letter itself, whatever Apprise made of its body.
    """
    sending = under_way.get()
    if sending is None:
        return False
    arguments = meta["qsd"]
    sender = arguments.get("from") or _SENDER
    try:
        file_once(Path(arguments["folder"]), compose(sending.letter, sender))
    except OSError as error:
        sending.detail = f"{type(error).__name__}: {error.strerror or ''}".strip(": ")
        return False
    return True


def compose(letter: Letter, sender: str) -> "Message[Any, Any]":
    """Write the message: plain text and HTML, a Message-ID that stays the same for the same notice.

    Built from the standard library's older classes: `EmailMessage` of Python 3.11 loses a space where it folds a long
    Vietnamese header.
    """
    message: Message[Any, Any] = MIMEMultipart("alternative")
    message["From"] = _person("From", _SENDER_NAME, sender)
    message["To"] = _person("To", letter.recipient, letter.address)
    message["Subject"] = Header(letter.subject, "utf-8", header_name="Subject")
    message["Date"] = format_datetime(letter.sent_at.astimezone(HANOI))
    message["Message-ID"] = message_id(letter.key, sender)
    message["Auto-Submitted"] = "auto-generated"
    for body, subtype in ((letter.text, "plain"), (letter.html, "html")):
        message.attach(MIMEText(body, subtype, _READABLE))  # type: ignore[arg-type]
    return message


def _person(header: str, name: str, address: str) -> Header:
    person = Header(name, "utf-8", header_name=header)
    person.append(f"<{address}>", "us-ascii")
    return person


def message_id(key: str, sender: str) -> str:
    """Return the Message-ID of the notice `key`, e.g. `<2025-09-05.BYT.agency_head@localhost>`."""
    return f"<{re.sub(r'[^A-Za-z0-9_-]+', '.', key)}@{sender.rpartition('@')[2]}>"


def file_once(folder: Path, message: "Message[Any, Any]") -> None:
    """Put `message` into the Maildir under a name made of its Message-ID, unless it lies there already, read or unread.

    So a letter whose outcome was lost in a crash can be filed again without ever being there twice.
    """
    for part in ("tmp", "new", "cur"):
        (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{sha256(message['Message-ID'].encode()).hexdigest()[:32]}.dondoc"
    if (folder / "new" / name).exists() or any((folder / "cur").glob(f"{name}:*")):
        return
    arriving = folder / "tmp" / f"{name}.{os.getpid()}"
    with arriving.open("wb") as file:
        file.write(message.as_bytes(policy=compat32.clone(mangle_from_=False)))
        file.flush()
        os.fsync(file.fileno())
    arriving.replace(folder / "new" / name)
