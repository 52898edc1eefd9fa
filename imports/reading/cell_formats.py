"""What a cell shows and its value hides: a date without its day is a month, 0.8 is 80 %."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from imports.reading.cells import Value
from imports.reading.package import elements

_NOT_SHOWN = re.compile(r"\"[^\"]*\"|\[[^\]]*\]|\\.|_.|\*.")
_BUILT_IN = {"9": "0%", "10": "0.00%", "17": "mmm-yy"}


class Shown(StrEnum):
    """How a number is shown when its value alone would mislead."""

    MONTH = "month"
    YEAR = "year"
    PERCENT = "percent"


def as_shown(value: Value, shown: Shown) -> Value:
    """Return what a person reads in the cell: the month or year of a date, the percentage of a number."""
    if isinstance(value, date):
        return {Shown.MONTH: f"Tháng {value.month}/{value.year}", Shown.YEAR: f"Năm {value.year}"}.get(shown, value)
    if shown is Shown.PERCENT and isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value * 100:g}%"
    return value


def shown_styles(styles: bytes) -> Mapping[str, Shown]:
    """Return the cell styles of a styles part, by the number cells name them by, whose format changes what is read."""
    codes = dict(_BUILT_IN)
    found: dict[str, Shown] = {}
    styles_before = 0
    table = ""
    for name, attributes in elements(styles):
        if name in {"cellXfs", "cellStyleXfs", "dxfs"}:
            table = name
        elif name == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and table == "cellXfs":
            shown = _meant(codes.get(attributes.get("numFmtId", ""), ""))
            if shown:
                found[str(styles_before)] = shown
            styles_before += 1
    return found


def shown_by(number: int, codes: Mapping[int, str]) -> Shown | None:
    """Return what the format of this number changes; `codes` are those the workbook itself defines."""
    return _meant(codes.get(number) or _BUILT_IN.get(str(number), ""))


def _meant(code: str) -> Shown | None:
    letters = set(_NOT_SHOWN.sub("", code).split(";")[0].lower())
    if "%" in letters:
        return Shown.PERCENT
    if "y" in letters and not letters & set("dhs"):
        return Shown.MONTH if "m" in letters else Shown.YEAR
    return None
