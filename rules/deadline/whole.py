"""Cells that are one bare value: an Excel serial day, a year typed as a number."""

import re
from datetime import date, timedelta

from rules.deadline.answer import Circumstances, DeadlineKind, Reading, Step
from rules.deadline.periods import PLAUSIBLE_YEARS
from rules.deadline.phrase import Phrase

EXCEL_DAY_ZERO = date(1899, 12, 30)
_SERIAL = re.compile(r"(?P<days>\d{5})(?:[.,]\d+)?", re.ASCII)
_NUMBER_WITH_ZERO = re.compile(r"(?P<whole>\d{4})[.,]0+", re.ASCII)


def read_serial(phrase: Phrase, _: Circumstances) -> Reading | None:
    """Read a five-digit number as the day Excel counts from 30 December 1899; a time of day is left out."""
    match = _SERIAL.fullmatch(phrase.folded)
    if match is None:
        return None
    due_on = EXCEL_DAY_ZERO + timedelta(days=int(match["days"]))
    if due_on.year not in PLAUSIBLE_YEARS:
        return None
    return Reading(DeadlineKind.DATE, due_on=due_on, steps=(Step("serial", {"number": int(match["days"])}),))


def as_written(text: str) -> str:
    """Return `text`, a year that a spreadsheet turned into 2025.0 as 2025."""
    match = _NUMBER_WITH_ZERO.fullmatch(text.strip())
    return match["whole"] if match else text
