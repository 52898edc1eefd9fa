"""The package of an .xlsx being patched: parts taken out, put back or added, with their relations and types."""

import posixpath
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from xml.parsers import expat
from zipfile import ZipFile

from imports.reading.package import Package
from imports.returning.annotated.outline import NotPatchableError, outline, tag_prefix
from imports.returning.annotated.patch import Patch, Piece
from imports.returning.annotated.zip_parts import PackedPart, kept, packed, zipped

_TYPES = "[Content_Types].xml"
_RELATION_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_NO_RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
_AT_ONCE = 256 * 1024
_HEAD = 64 * 1024
_SMALL = 4 * 1024 * 1024


@dataclass(frozen=True)
class Relation:
    """One part's relation to another: `kind` is the last word of its type, `part` the other part's name."""

    id: str
    kind: str
    part: str


class OfficePackage:
    """A package opened from bytes.

    Raises HostileError for traps, NotPatchableError for oddities, and what `reading.package.UNREADABLE` names.
    """

    def __init__(self, content: bytes) -> None:
        """Open `content`, held against the limits every reader holds it against."""
        Package(content)
        self._content = content
        self._zip = ZipFile(BytesIO(content))
        self._infos = {info.filename: info for info in self._zip.infolist()}
        names = {name.casefold() for name in self._infos}
        if len(names) != len(self._zip.infolist()) or _TYPES not in self._infos:
            raise NotPatchableError("the names of its parts")
        if sum(info.compress_size for info in self._infos.values()) > len(content):
            raise NotPatchableError("parts that overlap")
        if any(name.startswith(("xl/revisions/", "_xmlsignatures/")) for name in names):
            raise NotPatchableError("a shared or signed workbook")
        self._names = names
        self._put: dict[str, PackedPart] = {}
        self._types = Patch(self.part(_TYPES))
        self._declared = outline(self._types.xml, root="Types")
        self._extensions: set[str] = set()
        self._relations: dict[str, _Relations] = {}

    def __contains__(self, name: str) -> bool:
        """Whether the package came with such a part."""
        return name in self._infos

    def part(self, name: str) -> bytes:
        """Return a small part's bytes, as it came or as it was put."""
        if name in self._put:
            return zlib.decompress(self._put[name].data, -zlib.MAX_WBITS)
        return self._zip.read(name)

    def large_part(self, name: str) -> bytearray:
        """Return a part's bytes, in memory once."""
        whole = bytearray(self._infos[name].file_size)
        at = 0
        with self._zip.open(name) as part:
            while chunk := part.read(_AT_ONCE):
                whole[at : at + len(chunk)] = chunk
                at += len(chunk)
        return whole

    def head(self, name: str) -> bytes:
        """Return the beginning of a part."""
        with self._zip.open(name) as part:
            return part.read(_HEAD)

    def put(self, name: str, pieces: Patch | Iterable[Piece]) -> None:
        """Put a part in the place of the one of that name, or add it."""
        self._put[name] = packed(name, pieces.pieces() if isinstance(pieces, Patch) else pieces)

    def new_name(self, pattern: str) -> str:
        """Return a part's name that is free: `pattern` with the first number that makes it so."""
        names = (pattern.format(number) for number in range(1, len(self._names) + 2))
        free = next(name for name in names if name.casefold() not in self._names)
        self._names.add(free.casefold())
        return free

    def type_of(self, part: str) -> str:
        """Return the content type declared for a part, or nothing."""
        overrides = self._declared.all("Override")
        return next((o.attributes.get("ContentType", "") for o in overrides if _names(o.attributes, part)), "")

    def declare(self, part: str, content_type: str) -> None:
        """Declare the content type of a new part."""
        prefix = tag_prefix(self._types.xml, self._declared)
        override = f'<{prefix}Override PartName="/{part}" ContentType="{content_type}"/>'
        self._types.append(self._declared, override.encode())

    def declare_all(self, extension: str, content_type: str) -> None:
        """Declare the content type of the parts with that extension, unless one is declared."""
        known = {each.attributes.get("Extension", "").lower() for each in self._declared.all("Default")}
        if extension not in known | self._extensions:
            self._extensions.add(extension)
            prefix = tag_prefix(self._types.xml, self._declared)
            default = f'<{prefix}Default Extension="{extension}" ContentType="{content_type}"/>'
            self._types.append(self._declared, default.encode())

    def relations(self, source: str = "") -> list[Relation]:
        """Return the relations of a part; of the package as a whole without one."""
        return self._of(source).found

    def relate(self, source: str, kind: str, part: str) -> str:
        """Relate `source` to a part of the package and return the relation's id."""
        return self._of(source).add(kind, part)

    def zipped(self) -> bytes:
        """Return the package: what was not put is as it came, and everything stands where it stood.

        Raises ExpatError, BadZipFile or zlib.error for a small part that is damaged: no program would open the copy.
        """
        self.put(_TYPES, self._types)
        for relations in self._relations.values():
            if relations.added:
                self.put(relations.name, relations.patch)
        for name in {*self._infos, *self._put}:
            self._check(name)
        added = [part for name, part in self._put.items() if name not in self]
        known = [self._put.get(name) or kept(self._content, info) for name, info in self._infos.items()]
        return zipped([*known, *added])

    def _check(self, name: str) -> None:
        size = self._put[name].size if name in self._put else self._infos[name].file_size
        if size <= _SMALL:
            part = self.part(name)
            if name.endswith((".xml", ".rels")):
                expat.ParserCreate(namespace_separator=" ").Parse(part, True)  # noqa: FBT003 - expat's own signature

    def _of(self, source: str) -> "_Relations":
        if source not in self._relations:
            name = _relations_of(source)
            self._relations[source] = _Relations(source, name, self.part(name) if name in self else _NO_RELATIONS)
        return self._relations[source]


class _Relations:
    """The relations of one part."""

    def __init__(self, source: str, name: str, xml: bytes) -> None:
        self.name, self.patch = name, Patch(xml)
        self.added = 0
        self._root = outline(xml, root="Relationships")
        folder = posixpath.dirname(source)
        self.found = [
            Relation(about.get("Id", ""), about.get("Type", "").rpartition("/")[2], _part(about["Target"], folder))
            for about in (each.attributes for each in self._root.all("Relationship"))
            if "Target" in about and about.get("TargetMode") != "External"
        ]
        self._ids = {each.attributes.get("Id", "") for each in self._root.children}

    def add(self, kind: str, part: str) -> str:
        self.added += 1
        numbers = range(self.added, len(self._ids) + self.added + 1)
        free = next(each for each in (f"rIdDondoc{number}" for number in numbers) if each not in self._ids)
        self._ids.add(free)
        prefix = tag_prefix(self.patch.xml, self._root)
        relation = f'<{prefix}Relationship Id="{free}" Type="{_RELATION_TYPE}{kind}" Target="/{part}"/>'
        self.patch.append(self._root, relation.encode())
        return free


def _relations_of(source: str) -> str:
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _part(target: str, folder: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _names(about: dict[str, str], part: str) -> bool:
    return about.get("PartName", "").lstrip("/") == part
