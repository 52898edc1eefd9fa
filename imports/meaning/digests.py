"""Digests by which rows compare equal: of their words and dates, never of where they stood."""

import hashlib
from functools import lru_cache
from typing import Any

_LONGEST_REMEMBERED = 60


def digest_of(*parts: Any) -> str:
    """Return the digest of `parts`; line breaks and spaces in texts do not count."""
    written = ", ".join([_text(part) if isinstance(part, str) else repr(part) for part in parts])
    return hashlib.sha256(f"[{written}]".encode()).hexdigest()[:32]


def _text(text: str) -> str:
    return _repeated(text) if len(text) <= _LONGEST_REMEMBERED else _written(text)


def _written(text: str) -> str:
    """Return a text on one line in quotes, as `repr` writes it; most texts need no more than the quotes."""
    if text.isprintable() and "'" not in text and "\\" not in text and "  " not in text and text == text.strip():
        return f"'{text}'"
    return repr(" ".join(text.split()))


# Leads, products, deadlines and groups stand in thousands of rows alike.
_repeated = lru_cache(maxsize=8192)(_written)
