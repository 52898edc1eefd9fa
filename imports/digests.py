"""Digests by which rows compare equal: of their words and dates, never of where they stood."""

import hashlib
from collections.abc import Iterable
from typing import Any

from imports.reading.reader import Sheet


def digest_of(*parts: Any) -> str:
    """Return the digest of `parts`; line breaks and spaces in texts do not count."""
    plain = [" ".join(part.split()) if isinstance(part, str) else part for part in parts]
    return hashlib.sha256(repr(plain).encode()).hexdigest()[:32]


def content_digest(sheets: Iterable[Sheet]) -> str:
    """Return the digest of every cell's value: the same for a file saved again without a change."""
    return hashlib.sha256(repr([(sheet.name, sheet.rows) for sheet in sheets]).encode()).hexdigest()
