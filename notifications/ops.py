"""A word to those who run the machines: short, through a channel of their own, with nothing of anybody's work in it."""

from datetime import datetime
from html import escape
from urllib.parse import parse_qs, urlsplit

from notifications.channel import Channel, ChannelError
from notifications.letter import Letter
from notifications.notice import NoticeState

_ANYBODY = "ops@localhost.localdomain"


def tell(place: str, subject: str, text: str, *, now: datetime) -> bool | None:
    """Send a word to the Apprise URL `place` (a secret); None where none is set, else whether it was taken.

    A mail URL names its readers by `?to=`, commas between them; each gets a letter of their own.
    """
    if not place.strip():
        return None
    html = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    key = f"ops/{now.isoformat()}/{subject}"
    try:
        with Channel(place.strip()) as channel:
            letters = [Letter(f"{key}/{each}", "", each, subject, text, html, now) for each in _readers(place)]
            states = {channel.send(letter).state for letter in letters}
    except (OSError, ChannelError, ValueError):
        return False
    return states == {NoticeState.ACCEPTED}


def _readers(place: str) -> list[str]:
    named = parse_qs(urlsplit(place.strip()).query).get("to", [_ANYBODY])
    return [each.strip() for part in named for each in part.split(",") if each.strip()]
