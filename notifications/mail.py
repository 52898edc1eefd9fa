"""The default e-mail channel: an Apprise plugin of our own under `thu://` (STARTTLS) and `thus://` (TLS).

`thu` is *thư*, a letter. It writes the whole message itself and keeps one connection for all letters of a worker.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from apprise.decorators import notify
from apprise.utils.parse import parse_url

from notifications.letter import under_way
from notifications.message import compose, message_id
from notifications.notice import NoticeState
from notifications.relay import PLAIN_SCHEME, TLS_SCHEME, Relay, relay_of
from notifications.smtp_line import Line

SCHEMES = frozenset({PLAIN_SCHEME, TLS_SCHEME})
_LINE = "line"


@cache
def register() -> None:
    """Make Apprise know `thu://` and `thus://`; doing it twice changes nothing."""
    for scheme in sorted(SCHEMES):
        notify(on=scheme, name="Thư")(send_letter)  # type: ignore[no-untyped-call]


def relay_named_by(url: str) -> Relay:
    """Return the relay that `url` names; ValueError where it names none."""
    parts = parse_url(url, verify_host=False, simple=True)  # type: ignore[no-untyped-call]
    if not parts:
        raise ValueError("no URL")
    return relay_of(parts)


def send_letter(*_: Any, meta: Mapping[str, Any], **__: Any) -> bool:
    """Send the letter under way, as Apprise calls it, over the connection its channel keeps; True when accepted.

    The message is the letter itself, whatever Apprise made of its body; the server's answer is left in the outcome.
    """
    sending = under_way.get()
    if sending is None:
        return False
    line = sending.kept.get(_LINE) or sending.kept.setdefault(_LINE, Line(relay_of(meta)))
    assert isinstance(line, Line), "only this plugin keeps a line"
    sender = line.relay.sender
    named = message_id(sending.letter.key, sender.domain)
    sending.outcome = line.hand_over(sending.letter.address, compose(sending.letter, sender), named)
    return sending.outcome.state is NoticeState.ACCEPTED
