"""The embedded default channel: an Apprise plugin that files each digest in a real Maildir any mail program opens."""

import os
import re
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
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


def compose(letter: Letter, sender: str) -> EmailMessage:
    """Write the message: plain text and HTML, a Message-ID that stays the same for the same notice."""
    message = EmailMessage()
    message["From"] = Address(_SENDER_NAME, addr_spec=sender)
    message["To"] = Address(letter.recipient, addr_spec=letter.address)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.sent_at.astimezone(HANOI))
    message["Message-ID"] = message_id(letter.key, sender)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def message_id(key: str, sender: str) -> str:
    """Return the Message-ID of the notice `key`, e.g. `<2025-09-05.BYT.agency_head@localhost>`."""
    return f"<{re.sub(r'[^A-Za-z0-9_-]+', '.', key)}@{sender.rpartition('@')[2]}>"


def file_once(folder: Path, message: EmailMessage) -> None:
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
        file.write(message.as_bytes(policy=message.policy.clone(linesep="\n")))
        file.flush()
        os.fsync(file.fileno())
    arriving.replace(folder / "new" / name)
