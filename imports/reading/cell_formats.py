"""What an .xlsx cell shows and the fast reader hides: a date without its day is a month, 0.8 is 80 %."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from io import BytesIO
from zipfile import ZipFile

from imports.reading.cells import Value
from imports.reading.package_scan import UNREADABLE, part_of, sheet_parts

_STYLES = "xl/styles.xml"
_NUMBER_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b[^>]*>")
_FORMAT_ATTRIBUTE = re.compile(r"\b(numFmtId|formatCode)=\"([^\"]*)\"")
_CELL_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_CELL_STYLE = re.compile(rb"<(?:\w+:)?xf\b[^>]*?\bnumFmtId=\"(\d+)\"")
_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*>")
_REFERENCE = re.compile(rb"\br=\"([A-Z]{1,3})(\d+)\"")
_STYLE = re.compile(rb"\bs=\"(\d+)\"")
_NOT_SHOWN = re.compile(r"&quot;.*?&quot;|\"[^\"]*\"|\[[^\]]*\]|\\.|_.|\*.")
_BUILT_IN = {9: "0%", 10: "0.00%", 17: "mmm-yy"}
_LETTERS = 26
Place = tuple[int, int]


class Shown(StrEnum):
    """How a number is shown when its value alone would mislead."""

    MONTH = "month"
    YEAR = "year"
    PERCENT = "percent"


def shown_formats(content: bytes) -> dict[str, dict[Place, Shown]]:
    """Return, by sheet, the cells (row, column; 0-based) whose format changes what they say; none of other formats."""
    try:
        with ZipFile(BytesIO(content)) as package:
            styles = dict(_styles(part_of(package, _STYLES)))
            if not styles:
                return {}
            parts = sheet_parts(package)
            return {name: dict(_cells(part_of(package, part), styles)) for name, part in parts}
    except (*UNREADABLE, KeyError):
        return {}


def as_shown(value: Value, shown: Shown) -> Value:
    """Return what a person reads in the cell: the month or year of a date, the percentage of a number."""
    if isinstance(value, date):
        return {Shown.MONTH: f"Tháng {value.month}/{value.year}", Shown.YEAR: f"Năm {value.year}"}.get(shown, value)
    if shown is Shown.PERCENT and isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value * 100:g}%"
    return value


def _styles(xml: bytes) -> Iterator[tuple[bytes, Shown]]:
    """Yield the cell styles, by their number as cells name them, whose format changes what is read."""
    codes: dict[int, str] = dict(_BUILT_IN)
    for found in _NUMBER_FORMAT.findall(xml):
        attributes = dict(_FORMAT_ATTRIBUTE.findall(found.decode("utf-8", "replace")))
        if attributes.get("numFmtId", "").isdecimal():
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
    table = _CELL_STYLES.search(xml)
    for index, number in enumerate(_CELL_STYLE.findall(table[0]) if table else ()):
        shown = _meant(codes.get(int(number), ""))
        if shown:
            yield str(index).encode(), shown


def _meant(code: str) -> Shown | None:
    letters = set(_NOT_SHOWN.sub("", code).split(";")[0].lower())
    if "%" in letters:
        return Shown.PERCENT
    if "y" in letters and not letters & set("dhs"):
        return Shown.MONTH if "m" in letters else Shown.YEAR
    return None


def _cells(xml: bytes, styles: Mapping[bytes, Shown]) -> Iterator[tuple[Place, Shown]]:
    for cell in _CELL.findall(xml):
        style = _STYLE.search(cell)
        shown = styles.get(style[1]) if style else None
        place = _REFERENCE.search(cell) if shown else None
        if shown and place:
            yield (int(place[2]) - 1, _column(place[1])), shown


def _column(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * _LETTERS + letter - ord("A") + 1
    return index - 1
