"""Fold Vietnamese text so that the same words compare equal however an office typed them."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_DASHES = str.maketrans("–—‐‑−", "-----")


def fold(text: str) -> str:
    """Return `text` in lower case without accents, đ as d, dashes alike and single spaces.

    NFC and NFD input, old and new tone-mark placement (hoá, hóa) and non-breaking spaces give the same answer.
    """
    decomposed = unicodedata.normalize("NFD", text.translate(_DASHES).lower().replace("đ", "d"))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SPACES.sub(" ", bare).strip()
