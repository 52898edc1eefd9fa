"""A letter for a channel that carries a few words: escaped as its service reads text, and cut to what it can hold."""

import re
from collections.abc import Callable, Mapping
from html import escape

from notifications.letter import Letter
from notifications.plain_text import plain

_CUT = "…"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~])")
_NOT_A_MENTION = "@\u200b"
Escaping = Callable[[str], str]


def _as_it_is(text: str) -> str:
    return text


def _for_html(text: str) -> str:
    return escape(text, quote=False)


def _for_markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text).replace("@", _NOT_A_MENTION)


# How services read what Apprise hands over as plain text, where they read it as anything else.
_READ_AS: Mapping[str, Escaping] = {
    "tgram": _for_html,
    "slack": _for_html,
    **dict.fromkeys(("discord", "msteams", "workflow", "workflows", "mmost", "mmosts", "wxteams"), _for_markdown),
    **dict.fromkeys(("rocket", "rockets", "zulip", "matrix", "matrixs", "gchat"), _for_markdown),
}
_ESCAPE_TITLES_THEMSELVES = frozenset({"slack"})


def fit(letter: Letter, scheme: str, *, body_longest: int, title_longest: int) -> tuple[str, str]:
    """Return the title and the text of `letter` for the scheme, in letters at most as many as it carries.

    A text too long ends in "…" after a whole line, with the letter's link below it. `title_longest` 0: the title
    stands in the text.
    """
    reads = _READ_AS.get(scheme, _as_it_is)
    titled = _as_it_is if scheme in _ESCAPE_TITLES_THEMSELVES else reads
    link = f"\n{letter.link}" if letter.link else ""
    title = _title(
        letter.subject, titled, min(title_longest or body_longest, max(body_longest - len(link) - len(_CUT) - 2, 1))
    )
    room = body_longest - len(title) - 2
    text = reads(letter.text.strip("\n"))
    if len(text) <= room:
        return title, text
    return title, _lines(text, room - len(link) - len(_CUT) - 1) + link


def _title(subject: str, titled: Escaping, longest: int) -> str:
    """Return the subject, shortened before it is escaped, so that no escape is cut in two."""
    whole = plain(subject)
    for letters in range(min(len(whole), longest), 1, -1):
        if len(title := titled(plain(whole, letters))) <= longest:
            return title
    return ""


def _lines(text: str, room: int) -> str:
    """Return the first whole lines that fit, and a sign that there were more; the sign alone where none fits."""
    kept: list[str] = []
    for line in text.split("\n"):
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join([*kept, _CUT]).strip("\n")
