"""What a ZIP package is: a workbook, another office file, or merely a compressed folder. Nothing is unpacked for it."""

import re
import struct
import zlib
from contextlib import suppress
from enum import StrEnum
from io import BytesIO
from zipfile import BadZipFile, ZipFile

SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
_END, _END_LENGTH, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65535
_WIDE_LOCATOR, _WIDE_LOCATOR_LENGTH, _WIDE_END_LENGTH = b"PK\x06\x07", 20, 56
_DIRECTORY_SIZE = struct.Struct("<I")
_WIDE_DIRECTORY_SIZE = struct.Struct("<Q")
_SEE_WIDE = 0xFFFFFFFF
# Room for some 50,000 parts; a list of more would itself be the attack.
_LARGEST_DIRECTORY = 4 * 1024 * 1024
_LARGEST_LOOK = 1024 * 1024
_UNREADABLE = (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, KeyError, zlib.error)


class Kind(StrEnum):
    """What a package is."""

    XLSX = "xlsx"
    XLSM = "xlsm"
    XLSB = "xlsb"
    ODS = "ods"
    ENCRYPTED = "encrypted"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    DOCUMENT = "document"
    SLIDES = "slides"
    ARCHIVE = "archive"


_BY_CONTENT_TYPE = (
    (b"sheet.binary.macroenabled.main", Kind.XLSB),
    (b"ms-excel.sheet.macroenabled.main+xml", Kind.XLSM),
    (b"ms-excel.template.macroenabled.main+xml", Kind.XLSM),
    (b"spreadsheetml.sheet.main+xml", Kind.XLSX),
    (b"spreadsheetml.template.main+xml", Kind.XLSX),
    (b"wordprocessingml", Kind.DOCUMENT),
    (b"ms-word", Kind.DOCUMENT),
    (b"presentationml", Kind.SLIDES),
    (b"ms-powerpoint", Kind.SLIDES),
)
_BY_PART = (
    ("xl/workbook.xml", Kind.XLSX),
    ("xl/workbook.bin", Kind.XLSB),
    ("word/document.xml", Kind.DOCUMENT),
    ("ppt/presentation.xml", Kind.SLIDES),
)
_BY_MEDIA_TYPE = (
    (b"opendocument.spreadsheet", Kind.ODS),
    (b"opendocument.text", Kind.DOCUMENT),
    (b"opendocument.presentation", Kind.SLIDES),
)
_MACROS = re.compile(r"xl/vbaproject\.bin", re.IGNORECASE)


def kind_of(content: bytes) -> Kind:
    """Return what the package is, from its list of parts and its description of them; raises nothing."""
    directory = _directory_size(content)
    if directory is None:
        return Kind.TRUNCATED
    if directory > _LARGEST_DIRECTORY:
        return Kind.DAMAGED
    try:
        with ZipFile(BytesIO(content)) as package:
            return _kind(package)
    except _UNREADABLE:
        return Kind.DAMAGED


def _directory_size(content: bytes) -> int | None:
    """Return how large the list of parts claims to be, None when the package has no end."""
    end = content.rfind(_END, max(0, len(content) - _END_LENGTH - _LONGEST_COMMENT))
    if end < 0 or end + _END_LENGTH > len(content):
        return None
    size: int = _DIRECTORY_SIZE.unpack_from(content, end + 12)[0]
    locator = end - _WIDE_LOCATOR_LENGTH
    wide_end = locator - _WIDE_END_LENGTH
    if wide_end >= 0 and content.startswith(_WIDE_LOCATOR, locator):
        wide: int = _WIDE_DIRECTORY_SIZE.unpack_from(content, wide_end + 40)[0]
        return max(0 if size == _SEE_WIDE else size, wide)
    return size


def _kind(package: ZipFile) -> Kind:
    names = package.namelist()
    types = _start_of(package, "[Content_Types].xml").lower()
    kind = next((kind for sign, kind in _BY_CONTENT_TYPE if sign in types), None)
    kind = kind or next((kind for part, kind in _BY_PART if part in names), None)
    if kind is Kind.XLSX and any(_MACROS.fullmatch(name) for name in names):
        return Kind.XLSM
    return kind or _open_document_kind(package)


def _open_document_kind(package: ZipFile) -> Kind:
    manifest = _start_of(package, "META-INF/manifest.xml")
    if b"encryption-data" in manifest:
        return Kind.ENCRYPTED
    described = _start_of(package, "mimetype") or manifest
    return next((kind for sign, kind in _BY_MEDIA_TYPE if sign in described), Kind.ARCHIVE)


def _start_of(package: ZipFile, name: str) -> bytes:
    """Return the first part of a part's bytes, whatever size it claims; nothing when it cannot be read."""
    with suppress(*_UNREADABLE), package.open(name) as part:
        return part.read(_LARGEST_LOOK)
    return b""
