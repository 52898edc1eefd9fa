"""What the fast reader cannot see: encryption, cells in error, and formulas whose value was never stored."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from posixpath import normpath
from zipfile import ZipFile

_ENCRYPTED_XLSX = "EncryptedPackage".encode("utf-16-le")
_ODS_MANIFEST = "META-INF/manifest.xml"
_LARGEST_PART = 256 * 1024 * 1024
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*?\bname=\"([^\"]*)\"[^>]*?\br:id=\"([^\"]*)\"")
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb"\b(Id|Target)=\"([^\"]*)\"")
_CELL = re.compile(
    rb"<(?:\w+:)?c\b(?P<attributes>[^>]*[^>/])>(?P<inside>(?:(?!</(?:\w+:)?c>).)*)</(?:\w+:)?c>", re.DOTALL
)
_REFERENCE = re.compile(rb"\br=\"([A-Z]{1,3})(\d+)\"")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)<")
UNREADABLE = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError)
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


@dataclass(frozen=True)
class UnreadCell:
    """A cell whose value the reader leaves empty: `found` is its error (#REF!) or "=" for a value never stored."""

    sheet: str
    row: int
    column: str
    found: str


def is_encrypted(content: bytes) -> bool:
    """Whether the bytes are a workbook locked with a password."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _ENCRYPTED_XLSX in content
    try:
        with ZipFile(BytesIO(content)) as package:
            return _ODS_MANIFEST in package.namelist() and b"encryption-data" in part_of(package, _ODS_MANIFEST)
    except UNREADABLE:
        return False


def unread_cells(content: bytes) -> list[UnreadCell]:
    """Return the cells of an .xlsx that hold an error or a formula without a stored value; none for other formats."""
    try:
        with ZipFile(BytesIO(content)) as package:
            return [cell for name, part in sheet_parts(package) for cell in _unread(name, part_of(package, part))]
    except (*UNREADABLE, KeyError):
        return []


def sheet_parts(package: ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the sheets of an .xlsx: name and part of the package. Raises what `UNREADABLE` names, and KeyError."""
    targets = {}
    for relation in _RELATION.findall(part_of(package, "xl/_rels/workbook.xml.rels")):
        attributes = dict(_ATTRIBUTE.findall(relation))
        targets[attributes.get(b"Id", b"")] = attributes.get(b"Target", b"").decode()
    for name, relation_id in _SHEET.findall(part_of(package, "xl/workbook.xml")):
        target = targets.get(relation_id, "")
        part = target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")
        if part.endswith(".xml") and "worksheets" in part:
            yield _plain(name.decode("utf-8", "replace")), part


def _unread(sheet: str, xml: bytes) -> Iterator[UnreadCell]:
    if b"<f" not in xml and b":f>" not in xml and b't="e"' not in xml:
        return
    for cell in _CELL.finditer(xml):
        attributes, inside = cell["attributes"], cell["inside"]
        value = _VALUE.search(inside)
        in_error = b't="e"' in attributes
        unstored = (b"<f" in inside or b":f" in inside) and value is None
        place = _REFERENCE.search(attributes)
        if place and (in_error or unstored):
            found = value[1].decode("utf-8", "replace") if value else "="
            yield UnreadCell(sheet, int(place[2]), place[1].decode(), found)


def part_of(package: ZipFile, name: str) -> bytes:
    """Return a part's bytes. Raises KeyError without such a part, and ValueError for one too large to be honest."""
    with package.open(name) as part:
        content = part.read(_LARGEST_PART + 1)
    if len(content) > _LARGEST_PART:
        raise ValueError(f"{name} is larger than {_LARGEST_PART} bytes")
    return content


def _plain(text: str) -> str:
    for entity, char in _ENTITIES:
        text = text.replace(entity, char)
    return text
