"""The periods of a recurring duty a text names: "báo cáo tháng 6/2025", "quý II năm 2025", "kỳ 2025-06"."""

import re
from collections.abc import Iterator

from rules.folding import fold

_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_DAY = re.compile(r"\b\d{1,2} thang \d{1,2} ?(?:nam|/) ?\d{4}")
_OF_YEAR = r"\s?(?:/|-|nam)\s?(?P<year>20\d\d)(?!\d)"
_MONTH = re.compile(rf"\bthang (?P<number>1[0-2]|0?[1-9]){_OF_YEAR}")
_QUARTER = re.compile(rf"\bquy (?P<number>iv|i{{1,3}}|[1-4]){_OF_YEAR}")
_HALF = re.compile(r"\b(?:6|sau) thang (?P<half>dau|cuoi) nam (?P<year>20\d\d)(?!\d)")
_YEAR = re.compile(r"\bnam (?P<year>20\d\d)(?!\d)")
_BY_KEY = re.compile(r"\bky (?P<key>20\d\d(?:-(?:q[1-4]|h[12]|\d\d))?)(?![\w-])")


def named_periods(text: str) -> frozenset[str]:
    """Return the periods named with their year, by the keys assignments have: 2025-06, 2025-Q2, 2025-H1, 2025."""
    return frozenset(_named(_DAY.sub(" ", fold(text))))


def period_alone(text: str) -> frozenset[str]:
    """Return the periods of a cell of deadlines: said to be the period ("kỳ …"), or all that stands there."""
    folded = fold(text)
    keys = frozenset(match["key"].upper() for match in _BY_KEY.finditer(folded))
    whole = _MONTH.fullmatch(folded) or _QUARTER.fullmatch(folded) or _HALF.fullmatch(folded)
    return keys or (named_periods(text) if whole else frozenset())


def _named(folded: str) -> Iterator[str]:
    for match in _BY_KEY.finditer(folded):
        yield match["key"].upper()
    for match in _MONTH.finditer(folded):
        yield f"{match['year']}-{int(match['number']):02d}"
    for match in _QUARTER.finditer(folded):
        yield f"{match['year']}-Q{_QUARTERS[match['number']]}"
    for match in _HALF.finditer(folded):
        yield f"{match['year']}-H{1 if match['half'] == 'dau' else 2}"
    for match in _YEAR.finditer(folded):
        yield match["year"]
