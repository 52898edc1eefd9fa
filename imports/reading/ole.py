"""What an OLE file is: an old Excel workbook, a locked one, a Word document; and whether its end is missing."""

import struct
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = 512
_SECTOR_SHIFTS = (9, 12)
_FREE, _LAST_SECTOR = 0xFFFFFFFF, 0xFFFFFFFA
_IN_HEADER = 109
_ENTRY = 128
_STREAM, _ROOT = 2, 5
_MINI_SECTOR, _SMALL = 64, 4096
_FILE_PASS, _WRITE_PROTECTION = 0x2F, 0x86
_RECORD = struct.Struct("<HH")


class Kind(StrEnum):
    """What an OLE file is."""

    XLS = "xls"
    ENCRYPTED = "encrypted"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    DOCUMENT = "document"
    SLIDES = "slides"
    UNKNOWN = "unknown"


_BY_STREAM = (
    ("encryptedpackage", Kind.ENCRYPTED),
    ("workbook", Kind.XLS),
    ("book", Kind.XLS),
    ("worddocument", Kind.DOCUMENT),
    ("powerpoint document", Kind.SLIDES),
)


def kind_of(content: bytes) -> Kind:
    """Return what the file is, from its own directory of streams; raises nothing."""
    if len(content) < _HEADER:
        return Kind.TRUNCATED
    try:
        file = _File(content)
        if file.is_cut_off:
            return Kind.TRUNCATED
        streams = file.streams()
        name, kind = next(((name, kind) for name, kind in _BY_STREAM if name in streams), ("", Kind.UNKNOWN))
        if name and not file.holds(streams[name]):
            return Kind.TRUNCATED
        locked = kind is Kind.XLS and _is_locked(file.whole(streams[name]))
    except (struct.error, ValueError, IndexError):
        return Kind.DAMAGED
    return Kind.ENCRYPTED if locked else kind


def workbook_stream(content: bytes) -> bytes:
    """Return the records of an Excel 97 workbook; nothing for an older one. Raises ValueError and LookupError."""
    try:
        file = _File(content)
        stream = file.streams().get("workbook")
        return file.whole(stream) if stream else b""
    except struct.error as error:
        raise ValueError(str(error)) from error


@dataclass(frozen=True)
class _Stream:
    """Where a stream begins and how long it is."""

    first: int
    size: int


class _File:
    """The sectors of an OLE file. Raises ValueError, IndexError or struct.error for one that contradicts itself."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        shift, mini_shift = struct.unpack_from("<HH", content, 30)
        if shift not in _SECTOR_SHIFTS or 1 << mini_shift != _MINI_SECTOR:
            raise ValueError("sector size")
        self._size: int = 1 << shift
        self._most = len(content) // self._size + 1
        self._table_sectors = list(self._tables())
        self._table = array("I")
        for sector in self._table_sectors:
            part = self._sector(sector)
            self._table.frombytes(part[: len(part) // 4 * 4])

    @property
    def is_cut_off(self) -> bool:
        """Whether the file ends before the last sector its own table calls used."""
        used = (at for at in range(len(self._table) - 1, -1, -1) if self._table[at] != _FREE)
        last = max(next(used, 0), *self._table_sectors, 0)
        return self._offset(last) >= len(self._content)

    def streams(self) -> Mapping[str, _Stream]:
        """Return the streams by their names in small letters; the root stands under no name."""
        (first,) = struct.unpack_from("<I", self._content, 48)
        directory = b"".join(self._sector(sector) for sector in self._chain(first))
        found: dict[str, _Stream] = {}
        for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            first, size = struct.unpack_from("<II", directory, at + 116)
            name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").lower()
            if kind in {_STREAM, _ROOT}:
                found.setdefault(name if kind == _STREAM else "", _Stream(first, size))
        return found

    def holds(self, stream: _Stream) -> bool:
        """Whether the bytes of a stream are all there; small ones lie inside another, where the end is checked."""
        if stream.size < _SMALL:
            return True
        there = sum(len(self._sector(sector)) for sector in self._chain(stream.first))
        return there >= stream.size

    def whole(self, stream: _Stream) -> bytes:
        """Return the bytes of a stream; a small one lies in pieces inside the root's."""
        if stream.size >= _SMALL:
            return b"".join(self._sector(sector) for sector in self._chain(stream.first))[: stream.size]
        (first,) = struct.unpack_from("<I", self._content, 60)
        table = array("I", b"".join(self._sector(sector) for sector in self._chain(first)))
        inside = b"".join(self._sector(sector) for sector in self._chain(self.streams()[""].first))
        places = (sector * _MINI_SECTOR for sector in self._chain(stream.first, table))
        return b"".join(inside[at : at + _MINI_SECTOR] for at in places)[: stream.size]

    def _tables(self) -> Iterator[int]:
        """Yield the sectors of the allocation table: the header lists the first, further sectors the rest."""
        (count,) = struct.unpack_from("<I", self._content, 44)
        (more,) = struct.unpack_from("<I", self._content, 68)
        listed = list(struct.unpack_from(f"<{_IN_HEADER}I", self._content, 76))
        while len(listed) < min(count, self._most) and more < _LAST_SECTOR:
            part = self._sector(more)
            if len(part) < self._size:
                listed = [more]  # the list itself lies behind the end of the file
                break
            *sectors, more = struct.unpack(f"<{len(part) // 4}I", part)
            listed += sectors
        yield from (sector for sector in listed[: min(count, self._most)] if sector < _LAST_SECTOR)

    def _chain(self, sector: int, table: "array[int] | None" = None) -> Iterator[int]:
        table = self._table if table is None else table
        for _ in range(len(table) + 1):
            if sector >= _LAST_SECTOR:
                return
            yield sector
            sector = table[sector]
        raise ValueError("a chain without end")

    def _sector(self, sector: int) -> bytes:
        return self._content[self._offset(sector) : self._offset(sector + 1)]

    def _offset(self, sector: int) -> int:
        return (sector + 1) * self._size


def _is_locked(start: bytes) -> bool:
    """Whether the records a workbook begins with (begin, write protection, password) say that it is encrypted."""
    at = 0
    while at + _RECORD.size <= len(start):
        record, length = _RECORD.unpack_from(start, at)
        if record == _FILE_PASS:
            return True
        if at and record != _WRITE_PROTECTION:
            return False
        at += _RECORD.size + length
    return False
