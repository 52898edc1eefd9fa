"""Texts of an .xlsx that stand beside its cells, in notes and text boxes: searched for marks of secrecy, never read."""

import re
from typing import Any

from imports.reading.package import Package, local, parser_of

_PARTS = re.compile(r"xl/(?:comments\d*|threadedComments/[^/]+|comments/[^/]+|drawings/[^/]+)\.xml$")
_BEGINS_A_TEXT = frozenset({"comment", "threadedComment", "p"})


def texts_beside(package: Package) -> list[str]:
    """Return the texts of notes and of what is drawn, paragraph by paragraph. Raises what `Package` raises."""
    return [text for name in package.names if _PARTS.match(name) for text in _texts(package, name)]


def _texts(package: Package, part: str) -> list[str]:
    texts: list[list[str]] = [[]]

    def start(name: str, _attributes: Any) -> None:
        if local(name) in _BEGINS_A_TEXT:
            texts.append([])

    def take(text: str) -> None:
        texts[-1].append(text)

    parser = parser_of(start)
    parser.CharacterDataHandler = take
    package.parse(part, parser)
    return [text for pieces in texts if (text := "".join(pieces).strip())]
