"""Changes to the bytes of an XML part, gathered first and applied in one pass; every other byte stays."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from imports.returning.annotated.outline import Element
from imports.returning.annotated.xml_text import attribute_xml

Piece = bytes | memoryview
# What stands in the place of a stretch of bytes.
_Edit = tuple[int, int, Iterable[Piece]]


@dataclass
class _Touched:
    """An element whose start tag or content changes."""

    element: Element
    attributes: dict[str, str | None] = field(default_factory=dict)
    before: list[Iterable[Piece]] = field(default_factory=list)
    after: list[Iterable[Piece]] = field(default_factory=list)


class Patch:
    """Changes to `xml`: attributes set, children put first or last in an element, stretches replaced."""

    def __init__(self, xml: bytes) -> None:
        """Begin with no change."""
        self.xml = xml
        self._touched: dict[int, _Touched] = {}
        self._replaced: list[_Edit] = []

    def set(self, element: Element, **attributes: str | None) -> None:
        """Set attributes of `element`; None takes one away."""
        self._touch(element).attributes.update(attributes)

    def prepend(self, element: Element, *pieces: Piece) -> None:
        """Put `pieces` in front of the content of `element`."""
        self._touch(element).before.append(pieces)

    def append(self, element: Element, *pieces: Piece) -> None:
        """Put `pieces` behind the content of `element`."""
        self.append_each(element, pieces)

    def append_each(self, element: Element, pieces: Iterable[Piece]) -> None:
        """Put what `pieces` yields behind the content of `element`; it is asked only when the part is written."""
        self._touch(element).after.append(pieces)

    def replace(self, start: int, end: int, *pieces: Piece) -> None:
        """Put `pieces` in the place of xml[start:end], in which nothing else changes."""
        self._replaced.append((start, end, pieces))

    def pieces(self) -> Iterator[Piece]:
        """Yield the changed part piece by piece, once."""
        at, whole = 0, memoryview(self.xml)
        for start, end, pieces in sorted(self._edits(), key=lambda edit: edit[:2]):
            yield whole[at:start]
            yield from pieces
            at = end
        yield whole[at:]

    def _touch(self, element: Element) -> _Touched:
        return self._touched.setdefault(element.start, _Touched(element))

    def _edits(self) -> Iterator[_Edit]:
        yield from self._replaced
        for touched in self._touched.values():
            element = touched.element
            tag = with_attributes(self.xml[element.start : element.inside], touched.attributes)
            if not (touched.before or touched.after):
                yield element.start, element.inside, [tag]
            elif element.inside == element.end:
                opened, ended = opened_and_ended(tag)
                yield element.start, element.end, chain([opened], *touched.before, *touched.after, [ended])
            else:
                yield element.start, element.inside, chain([tag], *touched.before)
                yield element.close, element.close, chain(*touched.after)


def with_attributes(tag: bytes, attributes: Mapping[str, str | None]) -> bytes:
    """Return the start tag `tag` with `attributes` set, or taken away where they are None."""
    for name, value in attributes.items():
        written = b"" if value is None else f' {name}="{attribute_xml(value)}"'.encode()
        present = _attribute(name).search(tag)
        if present:
            tag = tag[: present.start()] + written + tag[present.end() :]
        else:
            end = len(tag) - (2 if tag.endswith(b"/>") else 1)
            tag = tag[:end].rstrip() + written + tag[end:]
    return tag


def opened_and_ended(tag: bytes) -> tuple[bytes, bytes]:
    """Return the start tag and the end tag of an element written as the empty tag `tag`."""
    name = re.split(rb"[\s/>]", tag[1:], maxsplit=1)[0]
    return tag[:-2].rstrip() + b">", b"</" + name + b">"


@lru_cache(maxsize=64)
def _attribute(name: str) -> "re.Pattern[bytes]":
    return re.compile(rb"\s" + name.encode() + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')")
