"""Parts of a ZIP package: kept ones packed as they came, new ones packed the same way every time."""

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipInfo

from imports.returning.annotated.patch import Piece

_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
_VERSION, _NAME_IN_UTF8, _SIZES_FOLLOW = 20, 0x800, 0x8
# 1 January 1980, midnight: what is written today and tomorrow has the same bytes.
_NO_TIME, _FIRST_DAY = 0, 0x21
# Measured on a sheet of 90 MB: a third of the time of the default level and a fifth more bytes.
_LEVEL = 2


@dataclass(frozen=True)
class PackedPart:
    """A part as it lies in the package: `data` is packed by `method`, `size` and `crc` are of its content."""

    name: bytes
    flags: int
    method: int
    time: int
    day: int
    crc: int
    size: int
    data: Piece


def kept(content: bytes, info: ZipInfo) -> PackedPart:
    """Return the part `info` of the package `content`, packed as it is. Raises BadZipFile, ValueError, struct.error."""
    if info.flag_bits & 0x1 or info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise BadZipFile(f"{info.filename} is packed in a way that is not kept")
    signature, *_, name_length, extra_length = _LOCAL.unpack_from(content, info.header_offset)
    start = info.header_offset + _LOCAL.size + name_length + extra_length
    if signature != b"PK\x03\x04" or start + info.compress_size > len(content):
        raise BadZipFile(f"{info.filename} lies outside the package")
    name = content[info.header_offset + _LOCAL.size : start - extra_length]
    if name.decode("utf-8" if info.flag_bits & _NAME_IN_UTF8 else "cp437") != info.filename:
        raise BadZipFile(f"{info.filename} has two names")
    year, month, day, hour, minute, second = info.date_time
    return PackedPart(
        name=name,
        flags=info.flag_bits & ~_SIZES_FOLLOW,
        method=info.compress_type,
        time=hour << 11 | minute << 5 | second // 2,
        day=(year - 1980) << 9 | month << 5 | day,
        crc=info.CRC,
        size=info.file_size,
        data=memoryview(content)[start : start + info.compress_size],
    )


def packed(name: str, pieces: Iterable[Piece]) -> PackedPart:
    """Return a new part; the same content gives the same bytes."""
    squeeze, crc, size = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS), 0, 0
    data = []
    for piece in pieces:
        crc, size = zlib.crc32(piece, crc), size + len(piece)
        data.append(squeeze.compress(piece))
    data.append(squeeze.flush())
    flags = 0 if name.isascii() else _NAME_IN_UTF8
    return PackedPart(name.encode(), flags, ZIP_DEFLATED, _NO_TIME, _FIRST_DAY, crc, size, b"".join(data))


def zipped(parts: Sequence[PackedPart]) -> bytes:
    """Return the package of `parts`, in their order."""
    pieces: list[Piece] = []
    directory, at = [], 0
    for part in parts:
        about = (part.flags, part.method, part.time, part.day, part.crc, len(part.data), part.size, len(part.name))
        header = _LOCAL.pack(b"PK\x03\x04", _VERSION, *about, 0)
        directory.append(_CENTRAL.pack(b"PK\x01\x02", _VERSION, _VERSION, *about, 0, 0, 0, 0, 0, at) + part.name)
        pieces += [header, part.name, part.data]
        at += len(header) + len(part.name) + len(part.data)
    listed = b"".join(directory)
    count = len(parts)
    return b"".join([*pieces, listed, _END.pack(b"PK\x05\x06", 0, 0, count, count, len(listed), at, 0)])
