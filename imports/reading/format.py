"""What a file is, told by its bytes and never by its name; and the sentence for a file that is no workbook."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import PurePath

from imports.problem import Problem, Severity, stops
from imports.reading import ole, zip_package
from imports.reading.open_file import looks_like_json, open_headings
from imports.reading.text_table import is_text_table

_HEAD = 4096
_LOOK = 40


class Format(StrEnum):
    """What the bytes of a file are."""

    XLSX = "xlsx"
    XLSM = "xlsm"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"
    JSON = "json"
    ENCRYPTED = "encrypted"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    EMPTY = "empty"
    DOCUMENT = "document"
    SLIDES = "slides"
    PDF = "pdf"
    PICTURE = "picture"
    WEB_PAGE = "web_page"
    XML_SPREADSHEET = "xml_spreadsheet"
    ARCHIVE = "archive"
    UNKNOWN = "unknown"


READABLE = frozenset({Format.XLSX, Format.XLSM, Format.XLSB, Format.XLS, Format.ODS, Format.CSV, Format.JSON})
_REFUSALS = {
    Format.ENCRYPTED: "encrypted_workbook",
    Format.TRUNCATED: "truncated_workbook",
    Format.DAMAGED: "damaged_workbook",
    Format.EMPTY: "empty_file",
    Format.DOCUMENT: "file_is_document",
    Format.SLIDES: "file_is_slides",
    Format.PDF: "file_is_pdf",
    Format.PICTURE: "file_is_picture",
    Format.WEB_PAGE: "file_is_web_page",
    Format.XML_SPREADSHEET: "file_is_xml_spreadsheet",
    Format.ARCHIVE: "file_is_archive",
    Format.UNKNOWN: "not_a_workbook",
}
_ZIP_KINDS = {kind: Format(kind.value) for kind in zip_package.Kind}
_OLE_KINDS = {kind: Format(kind.value) for kind in ole.Kind}
_SIGNATURES = (
    (b"{\\rtf", Format.DOCUMENT),
    (b"\x89PNG\r\n", Format.PICTURE),
    (b"\xff\xd8\xff", Format.PICTURE),
    (b"GIF8", Format.PICTURE),
    (b"II*\x00", Format.PICTURE),
    (b"MM\x00*", Format.PICTURE),
    (b"Rar!\x1a\x07", Format.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Format.ARCHIVE),
    (b"\x1f\x8b\x08", Format.ARCHIVE),
)
_BITMAP = re.compile(rb"BM.{4}\x00{4}", re.DOTALL)
_OTHER_PICTURE = re.compile(rb"RIFF.{4}WEBP|.{4}ftyp(?:heic|heix|mif1|avif)", re.DOTALL)
_XML_SPREADSHEET = (b"urn:schemas-microsoft-com:office:spreadsheet", b"<office:document")
_MARKUP = re.compile(rb"<(?:!doctype html|html|head|body|table|style|meta|script|div)\b")
_WEB_ARCHIVE = (b"mime-version:", b"multipart/related")
# Which formats a name may honestly stand for.
_NAMED = {
    ".xlsx": {Format.XLSX},
    ".xltx": {Format.XLSX},
    ".xlsm": {Format.XLSM, Format.XLSX},
    ".xltm": {Format.XLSM, Format.XLSX},
    ".xlsb": {Format.XLSB},
    ".xls": {Format.XLS},
    ".xlt": {Format.XLS},
    ".ods": {Format.ODS},
    ".ots": {Format.ODS},
    ".csv": {Format.CSV},
    ".tsv": {Format.CSV},
    ".tab": {Format.CSV},
    ".txt": {Format.CSV},
    ".json": {Format.JSON},
}


def format_of(content: bytes) -> Format:
    """Return what the bytes are. Reads a bounded part of them, whatever they claim; raises nothing."""
    if not content.strip(b"\x00 \t\r\n"):
        return Format.EMPTY
    if content.startswith(ole.SIGNATURE):
        return _OLE_KINDS[ole.kind_of(content)]
    if content.startswith(zip_package.SIGNATURES):
        return _ZIP_KINDS[zip_package.kind_of(content)]
    found = next(_told_by_the_head(content[:_HEAD]), None)
    return found or (Format.JSON if looks_like_json(content) else _text_or_unknown(content))


def refusal(found: Format, content: bytes) -> Problem | None:
    """Return the problem that stops a file of this format, None for one that can be read."""
    if found in READABLE:
        return None
    shown = _look(content) if found is Format.UNKNOWN else f"{len(content)} byte"
    return stops(_REFUSALS[found], shown)


def unlike_its_name(found: Format, name: str) -> Problem | None:
    """Return a note when the file's name promises another format than the readable one it has."""
    suffix = PurePath(name).suffix.lower()
    if found not in READABLE or found in _NAMED.get(suffix, {found}):
        return None
    return Problem("name_says_otherwise", Severity.NOTE, found=suffix, values={"format": f".{found}"})


def _told_by_the_head(head: bytes) -> Iterator[Format]:
    if b"%PDF-" in head[:1024]:
        yield Format.PDF
    yield from (found for signature, found in _SIGNATURES if head.startswith(signature))
    if _BITMAP.match(head) or _OTHER_PICTURE.match(head):
        yield Format.PICTURE
    markup = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if markup.startswith(b"<") and any(sign in markup for sign in _XML_SPREADSHEET):
        yield Format.XML_SPREADSHEET
    if (markup.startswith(b"<") and _MARKUP.search(markup)) or all(sign in markup for sign in _WEB_ARCHIVE):
        yield Format.WEB_PAGE


def _text_or_unknown(content: bytes) -> Format:
    return Format.CSV if open_headings(content) or is_text_table(content) else Format.UNKNOWN


def _look(content: bytes) -> str:
    """Return what the bytes begin with, as far as they are printable text."""
    text = content[:_LOOK].decode("utf-8", "replace").split("\n")[0]
    return "".join(char if char.isprintable() else "·" for char in text)
