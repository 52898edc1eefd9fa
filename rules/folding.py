"""Fold Vietnamese text so that the same words compare equal however an office typed them."""

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_ALIKE = str.maketrans("–—‐‑−đ", "-----d")


def fold(text: str) -> str:
    """Return `text` in lower case without accents, đ as d, dashes alike and single spaces.

    NFC and NFD input, old and new tone-mark placement (hoá, hóa) and non-breaking spaces give the same answer.
    """
    lower = text.lower()
    if not lower.isascii():
        lower = _MARKS.sub("", unicodedata.normalize("NFD", lower.translate(_ALIKE)))
    return " ".join(lower.split())
