"""Packages taken apart and put together again, for originals no office program would save."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping

Change = Callable[[bytes], bytes]
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_REFERENCE = re.compile(rb"&#(\d+);")
_TEXT = re.compile(rb'<c ([^>]*) t="inlineStr">(?:<is>(.*?)</is>)?</c>', re.DOTALL)
_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"


def parts_of(content: bytes) -> dict[str, bytes]:
    """Return a package's parts in their order."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Mapping[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a package of these parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name), part, compression)
    return content.getvalue()


def changed(content: bytes, **changes: Change) -> bytes:
    """Return a package with some XML parts changed, named by the end of their path without its ending (`sheet1`)."""
    parts = parts_of(content)
    for path, part in parts.items():
        change = changes.get(path.rsplit("/", 1)[-1].removesuffix(".xml"))
        if change:
            parts[path] = change(part)
    return packed(parts)


def written_again(content: bytes, **texts: tuple[str, str]) -> bytes:
    """Return a package with one text replaced in each of some parts; raises ValueError when it is not there."""

    def swap(old: str, new: str) -> Change:
        def change(part: bytes) -> bytes:
            if old.encode() not in part:
                raise ValueError(old)
            return part.replace(old.encode(), new.encode())

        return change

    return changed(content, **{name: swap(*pair) for name, pair in texts.items()})


def as_excel_saves(content: bytes) -> bytes:
    """Return what openpyxl saved as Excel would: letters as they are, texts in the table of shared strings."""
    parts = parts_of(content)
    strings: dict[bytes, int] = {}

    def share(found: re.Match[bytes]) -> bytes:
        if found[2] is None:
            return b"<c %s/>" % found[1]
        return b'<c %s t="s"><v>%d</v></c>' % (found[1], strings.setdefault(found[2], len(strings)))

    for path in [path for path in parts if path.startswith("xl/w")]:
        parts[path] = _TEXT.sub(share, _REFERENCE.sub(lambda found: chr(int(found[1])).encode(), parts[path]))
    items = b"".join(b"<si>%s</si>" % text for text in strings)
    head = f'<?xml version="1.0" encoding="UTF-8"?><sst xmlns="{_SPACE}" uniqueCount="{len(strings)}">'
    parts[STRINGS] = head.encode() + items + b"</sst>"
    declared = f'<Override PartName="/{STRINGS}" ContentType="{_TYPE}"/></Types>'
    related = f'<Relationship Id="rIdStrings" Type="{_RELATION}" Target="sharedStrings.xml"/></Relationships>'
    for path, end, added in (
        ("[Content_Types].xml", b"</Types>", declared),
        ("xl/_rels/workbook.xml.rels", b"</Relationships>", related),
    ):
        parts[path] = parts[path].replace(end, added.encode())
    return packed(parts)
