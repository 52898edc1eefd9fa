"""How the period of a recurring duty is written: "tháng 8/2025", "quý III/2025", "năm 2025"."""

import re

from texts.catalogue import Language, say

_PERIOD = re.compile(
    r"(?P<year>[0-9]{4})"
    r"(?:-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|W(?P<week>[0-9]{1,2})|(?P<month>0?[1-9]|1[0-2])))?"
)
_QUARTERS = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_HALVES = {"1": "first_half", "2": "second_half"}


def period_text(period: str, language: Language = Language.VI) -> str:
    """Return a period ("2025-08", "2025-Q3", "2025-H1", "2025-W35", "2025") as people write it inside a sentence.

    Anything else is returned as it is: a person's text, never a format.
    """
    found = _PERIOD.fullmatch(period)
    if found is None:
        return period
    year, quarter, half, week, month = found.group("year", "quarter", "half", "week", "month")
    if quarter:
        return say("period.quarter", language, number=_QUARTERS[quarter], year=year)
    if half:
        return say(f"period.{_HALVES[half]}", language, year=year)
    if week:
        return say("period.week", language, number=int(week), year=year)
    if month:
        return say("period.month", language, number=int(month), year=year)
    return say("period.year", language, year=year)
