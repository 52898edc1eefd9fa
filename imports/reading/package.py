"""The package of an .xlsx or .ods: its parts, read within limits, and their XML, read by expat.

Namespaces are understood; document types, and with them entities, are refused; no file but the package is opened.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from time import thread_time
from typing import Any
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

Attributes = Mapping[str, str]
# What a package may unpack to, how many parts it may have, and how much smaller than its content a part may be packed.
LARGEST_UNPACKED = 512 * 1024 * 1024
MOST_PARTS = 5000
TIGHTEST = 250
# Processor seconds the scan of one part may take.
LONGEST_SECONDS = 8.0
_SMALL = 1024 * 1024
_AT_ONCE = 256 * 1024
UNREADABLE = (
    BadZipFile,
    zlib.error,
    expat.ExpatError,
    OSError,
    ValueError,
    LookupError,  # a part that is not there, and an encoding nobody knows
    NotImplementedError,
    RuntimeError,
    EOFError,
)


class HostileError(Exception):
    """The package is made to harm its reader; `code` is the problem's code, `found` what was seen."""

    def __init__(self, code: str, found: str) -> None:
        """Keep what was found."""
        super().__init__(code, found)
        self.code, self.found = code, found


class Package:
    """A package opened from bytes. Raises what `UNREADABLE` names for broken ones, HostileError for traps."""

    def __init__(self, content: bytes) -> None:
        """Open `content` and hold what its directory declares against the limits."""
        self._zip = ZipFile(BytesIO(content))
        parts = self._zip.infolist()
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > MOST_PARTS:
            raise HostileError("too_many_parts", str(len(parts)))
        if unpacked > LARGEST_UNPACKED:
            raise HostileError("unpacks_too_large", f"{unpacked // (1024 * 1024)} MB")
        for part in parts:
            if part.file_size > _SMALL and part.file_size > TIGHTEST * max(part.compress_size, 1):
                raise HostileError("packed_too_tightly", part.filename)

    @property
    def names(self) -> list[str]:
        """The names of all parts."""
        return self._zip.namelist()

    def __contains__(self, name: str) -> bool:
        """Whether there is a part of that name."""
        return name in self._zip.NameToInfo

    def part(self, name: str) -> bytes:
        """Return a part whole: for small ones."""
        return self._zip.read(name)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a part piece by piece: for large ones. Raises HostileError when working on it takes too long."""
        begun = thread_time()
        with self._zip.open(name) as part:
            while piece := part.read(_AT_ONCE):
                yield piece
                if thread_time() - begun > LONGEST_SECONDS:
                    raise HostileError("reader_gave_up", name)

    def parse(self, name: str, parser: expat.XMLParserType) -> None:
        """Parse a part piece by piece. Raises HostileError for one that takes too long."""
        for piece in self.pieces(name):
            parser.Parse(piece, False)  # noqa: FBT003 - expat's own signature
        parser.Parse(b"", True)  # noqa: FBT003


def parser_of(start: Callable[[str, Any], None]) -> expat.XMLParserType:
    """Return a parser that calls `start` with each element's name ("namespace name") and attributes."""
    made = expat.ParserCreate(namespace_separator=" ")
    made.StartElementHandler = start
    made.StartDoctypeDeclHandler = _refuse
    return made


def elements(xml: bytes) -> list[tuple[str, Attributes]]:
    """Return the elements of a small part in order: names and attributes without their namespaces."""
    found: list[tuple[str, Attributes]] = []

    def take(name: str, attributes: Attributes) -> None:
        found.append((local(name), {local(key): value for key, value in attributes.items()}))

    parser_of(take).Parse(xml, True)  # noqa: FBT003
    return found


def local(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition(" ")[2]


def _refuse(name: str, *_declaration: Any) -> None:
    raise HostileError("document_type", f"<!DOCTYPE {name}>")
