"""Read an amount as people write it: "1.234,5", "≥ 95 %", "50.000 trạm", "40/61".

Vietnamese separators: a dot parts thousands, a comma the decimals. Where both ways of reading are possible the
Vietnamese one is taken and the amount is to be confirmed.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from rules.deadline.phrase import align


class Direction(StrEnum):
    """Which way of an indicator is better."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True)
class Amount:
    """A number with its unit as written; of a share "40/61", `value` is 40 and `whole` 61.

    `direction` is the bound the words set ("ít nhất" is up, "không quá" down); None when they set none.
    """

    value: float
    unit: str = ""
    whole: float | None = None
    direction: Direction | None = None
    needs_confirmation: bool = False


_BOUND = re.compile(
    r"^(?:(?P<up>[≥>]=?|(?:tren|tu|it nhat|toi thieu|dat|khong duoi|hon)\b)"
    r"|(?P<down>[≤<]=?|(?:duoi|toi da|khong qua|khong vuot qua|nhieu nhat)\b))\s*"
)
_FIGURES = r"[-+]?\d[\d.,\s]*\d|[-+]?\d"
_AMOUNT = re.compile(rf"^(?P<value>{_FIGURES})(?:\s*/\s*(?P<whole>{_FIGURES}))?(?P<after>\D.*)?$", re.DOTALL)
_LONGEST, _MOST_FIGURES = 200, 20
_ANOTHER_NUMBER = re.compile(r"(?<![^\W\d])\d")
_SPACE_OF_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_GROUPED = {separator: re.compile(rf"[1-9]\d{{0,2}}(?:[{separator}]\d{{3}})+") for separator in (".", ",")}


def read_amount(text: str) -> Amount | None:
    """Return the amount `text` states, None when it states none or more than one; never raises."""
    if len(text) > _LONGEST:
        return None
    words, folded = align(text)
    at, direction = 0, None
    while bound := _BOUND.match(folded[at:]):
        direction = direction or (Direction.UP if bound["up"] else Direction.DOWN)
        at += bound.end()
    return _read(words[at:], direction)


def _read(words: str, direction: Direction | None) -> Amount | None:
    match = _AMOUNT.match(words)
    unit = (match["after"] or "").strip() if match else ""
    if match is None or _ANOTHER_NUMBER.search(unit):
        return None
    share = unit.startswith("%")
    value, whole = _number(match["value"], share=share), _number(match["whole"] or "1", share=share)
    if value is None or whole is None or not whole[0]:
        return None
    return Amount(value[0], unit, whole[0] if match["whole"] else None, direction, value[1] or whole[1])


def _number(written: str, *, share: bool) -> tuple[float, bool] | None:
    """Return the number and whether it may have been meant otherwise; None when its separators make no sense.

    Nobody writes thousands of per cent: with `share` a single separator is that of the decimals.
    """
    sign = -1.0 if written.startswith("-") else 1.0
    figures = _SPACE_OF_THOUSANDS.sub("", written).lstrip("-+")
    if " " in figures or len(figures) > _MOST_FIGURES:
        return None
    last = max(figures.rfind("."), figures.rfind(","))
    if last < 0:
        return sign * float(figures), False
    separator, whole, decimals = figures[last], figures[:last], figures[last + 1 :]
    other = "," if separator == "." else "."
    if other in whole:
        grouped = _GROUPED[other].fullmatch(whole) and separator not in whole
        return (sign * float(f"{whole.replace(other, '')}.{decimals}"), False) if grouped else None
    thousands = bool(_GROUPED[separator].fullmatch(figures))
    if separator in whole or (thousands and separator == "." and not share):
        return (sign * float(figures.replace(separator, "")), False) if thousands else None
    return sign * float(f"{whole}.{decimals}"), thousands and (separator == ".") is share
