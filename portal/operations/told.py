"""An entry of the audit trail in words: what was done, and what is kept beside it, line by line."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from portal.pages import Words, worded
from texts import date_text, say

Said = Words | str
_DECIDED = "decide."


def action_words(action: str) -> Said:
    """Return what was done in words; an action nobody worded stands as it is."""
    if action.startswith(_DECIDED):
        return _known(f"decision.action_{action.removeprefix(_DECIDED)}") or action
    return _known(f"operations.action_{action.replace('.', '_')}") or action


def detail_lines(detail: Mapping[str, Any]) -> list[tuple[Said, Said]]:
    """Return what an entry keeps as pairs of a name and a value; what is empty is left out."""
    return list(_lines(detail))


def _lines(detail: Mapping[str, Any]) -> Iterator[tuple[Said, Said]]:
    for name, value in detail.items():
        if isinstance(value, Mapping):
            yield from _lines(value)
        elif value not in ("", None, [], 0):
            yield _known(f"operations.detail_{name}") or name, _value(value)


def _value(value: Any) -> Said:
    if isinstance(value, bool):
        return worded("operations.yes" if value else "operations.no")
    if isinstance(value, list):
        return "; ".join(_text(each) for each in value)
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(_text(each) for each in value.values() if each)
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    try:
        return date_text(date.fromisoformat(value)) if isinstance(value, str) else str(value)
    except ValueError:
        return str(value)


def _known(entry: str) -> Words | None:
    try:
        say(entry)
    except KeyError:
        return None
    return worded(entry)
