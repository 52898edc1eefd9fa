"""The embedded default channel: an Apprise plugin that files each digest in a real Maildir any mail program opens."""

import os
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from apprise.decorators import notify

from notifications.letter import Outcome, under_way
from notifications.message import Sender, compose, message_id
from notifications.notice import NoticeState

SCHEME = "maildir"
_SENDER = "dondoc@localhost"


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
    sender = Sender(arguments.get("from") or _SENDER)
    named = message_id(sending.letter.key, sender.domain)
    try:
        file_once(Path(arguments["folder"]), named, compose(sending.letter, sender))
    except OSError as error:
        detail = f"{type(error).__name__}: {error.strerror or ''}".strip(": ")
        sending.outcome = Outcome(NoticeState.FAILED_TEMPORARY, detail, message_id=named)
        return False
    sending.outcome = Outcome(NoticeState.ACCEPTED, message_id=named)
    return True


def file_once(folder: Path, named: str, message: bytes) -> None:
    """Put `message` into the Maildir under a name made of its Message-ID, unless it lies there already, read or unread.

    So a letter whose outcome was lost in a crash can be filed again without ever being there twice.
    """
    for part in ("tmp", "new", "cur"):
        (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{sha256(named.encode()).hexdigest()[:32]}.dondoc"
    if (folder / "new" / name).exists() or any((folder / "cur").glob(f"{name}:*")):
        return
    arriving = folder / "tmp" / f"{name}.{os.getpid()}"
    with arriving.open("wb") as file:
        file.write(message)
        file.flush()
        os.fsync(file.fileno())
    arriving.replace(folder / "new" / name)
