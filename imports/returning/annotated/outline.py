"""Where the elements of an XML part stand in its bytes, so that a change leaves every other byte as it was."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATION_PREFIX = re.compile(rb"\sxmlns:([\w.-]+)\s*=\s*[\"']" + re.escape(_RELATIONS.encode()) + rb"[\"']")
_START_TAG = re.compile(rb"<[^\"'>]*(?:\"[^\"]*\"[^\"'>]*|'[^']*'[^\"'>]*)*>")
_TAG_NAME = re.compile(r"</?(?=\w)")
_ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii"}


class NotPatchableError(ValueError):
    """The package holds something unexpected: patching it could break it."""


@dataclass(eq=False, slots=True)
class Element:
    """An element: xml[start:inside] is its start tag, xml[inside:close] its content, and it ends before `end`.

    `name` is bare in the namespace of the root, else preceded by its namespace; attributes are named without theirs.
    """

    name: str
    attributes: dict[str, str]
    start: int
    inside: int = 0
    close: int = 0
    end: int = 0
    children: list["Element"] = field(default_factory=list)

    def all(self, name: str) -> list["Element"]:
        """Return the children called `name`."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> "Element | None":
        """Return the first child called `name`."""
        return next((child for child in self.children if child.name == name), None)

    def below(self, name: str) -> Iterator["Element"]:
        """Yield every element called `name` below this one, in order."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.below(name)

    def grandchildren(self, parent: str, name: str) -> list["Element"]:
        """Return the children called `name` of the first child called `parent`."""
        found = self.first(parent)
        return found.all(name) if found else []


def outline(xml: bytes, *, root: str, namespace: str | None = None) -> Element:
    """Return the root element of a part, which must be called `root`, with all below it.

    Raises NotPatchableError for another root, another encoding than UTF-8, or a document type; ExpatError for what
    is no XML.
    """
    found = _Outliner(xml).root
    space, _, name = found.name.rpartition(" ")
    if name != root or (namespace is not None and space != namespace):
        raise NotPatchableError(f"<{found.name}> where <{root}> was expected")
    _bare(found, f"{space} ")
    return found


def tag_prefix(xml: bytes, element: Element) -> str:
    """Return the prefix ("x:" or nothing) with which `element` is written."""
    prefix, colon, _ = xml[element.start + 1 : element.inside].partition(b":")
    return f"{prefix.decode()}:" if colon and re.fullmatch(rb"[\w.-]+", prefix) else ""


def prefixed(xml: str, prefix: str) -> str:
    """Return our own `xml` with `prefix` before the name of every element."""
    return _TAG_NAME.sub(rf"\g<0>{prefix}", xml) if prefix else xml


def relation_id(xml: bytes, root: Element) -> tuple[str, str]:
    """Return how an attribute that names a relation is written below `root`, and the declaration it needs beside it."""
    declared = _RELATION_PREFIX.search(xml, root.start, root.inside)
    return (f"{declared[1].decode()}:id", "") if declared else ("r:id", f' xmlns:r="{_RELATIONS}"')


def _bare(element: Element, space: str) -> None:
    element.name = element.name.removeprefix(space)
    for child in element.children:
        _bare(child, space)


class _Outliner:
    """Notes the place of each element while expat walks through the bytes."""

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        self.open: list[Element] = []
        self.root = Element("", {}, 0)
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.XmlDeclHandler = self._declaration
        self.parser.StartDoctypeDeclHandler = self._doctype
        if xml.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise NotPatchableError("UTF-16")
        self.parser.Parse(xml, True)  # noqa: FBT003 - expat's own signature

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        start = self.parser.CurrentByteIndex
        tag = _START_TAG.match(self.xml, start)
        if tag is None or len(self.open) > 100:  # noqa: PLR2004 - no part we know is that deep
            raise NotPatchableError(name)
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        element = Element(name, plain, start, tag.end())
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def _end(self, _name: str) -> None:
        element = self.open.pop()
        if self.xml.startswith(b"/>", element.inside - 2):
            element.close = element.end = element.inside
        else:
            element.close = self.parser.CurrentByteIndex
            element.end = self.xml.index(b">", element.close) + 1

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise NotPatchableError(encoding)

    def _doctype(self, name: str, *_declared: Any) -> None:
        raise NotPatchableError(f"<!DOCTYPE {name}>")
