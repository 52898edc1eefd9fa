"""Make text that came from a workbook harmless: it stays one line of visible characters."""

import unicodedata
from functools import lru_cache

_INVISIBLE = frozenset({"Cf", "Co", "Cn", "Cs"})
_BREAKS = frozenset({"Cc", "Zl", "Zp"})
_ELLIPSIS = "…"
LONGEST = 1000


@lru_cache(maxsize=10_000)
def plain(text: str, longest: int = LONGEST) -> str:
    """Return `text` in NFC on one line, at most `longest` characters.

    Line breaks and control characters become spaces; marks that steer direction or stay invisible are dropped.
    """
    composed = unicodedata.normalize("NFC", text)
    visible = composed if composed.isprintable() else "".join(map(_harmless, composed))
    line = " ".join(visible.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + _ELLIPSIS


def _harmless(character: str) -> str:
    category = unicodedata.category(character)
    if category in _BREAKS:
        return " "
    return "" if category in _INVISIBLE else character
