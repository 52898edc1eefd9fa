"""Deadlines before Tết: a lunar day no rule computes, so it is taken from the names in the working calendar."""

import re
from datetime import date

from rules.calendar import WorkingCalendar
from rules.deadline.answer import Circumstances, DeadlineKind, Problem, Reading, Step
from rules.deadline.bounds import ONE_DAY
from rules.deadline.phrase import Phrase
from rules.deadline.unread import unread_steps
from rules.folding import fold

_TET = re.compile(
    r"\b(?P<before>truoc\s)?(?:dip\s)?tet(?!\sduong)(?:\s(?:nguyen dan|am lich|co truyen))?"
    r"(?:\s(?:giap|at|binh|dinh|mau|ky|canh|tan|nham|quy)\s[a-z]{2,5}(?=\s|$))?(?:,?\s(?:nam\s)?(?P<year>20\d\d))?",
    re.ASCII,
)
NAME = "tet nguyen dan"


def read_feast(phrase: Phrase, asked: Circumstances) -> Reading | None:
    """Read "trước Tết Nguyên đán 2026": due the day before the first day off named Tết; None without Tết."""
    match = _TET.search(phrase.folded)
    if match is None:
        return None
    first = _first_day(asked.calendar, int(match["year"]) if match["year"] else None, asked.document_on)
    if first is None or not match["before"]:
        step = Step("event", {"event": phrase.words(match.span())})
        return Reading(DeadlineKind.RELATIVE, steps=(step,), problem=Problem.AWAITING_EVENT)
    steps = (Step("before_feast", {"day": first}), *unread_steps(phrase, [match.span()]))
    return Reading(DeadlineKind.RELATIVE, due_on=first - ONE_DAY, unsure=True, steps=steps)


def _first_day(calendar: WorkingCalendar, year: int | None, document_on: date) -> date | None:
    """Return the first day off of the Tết in `year`, or of the next one after the document."""
    tet = (day for day, name in calendar.holidays.items() if NAME in fold(name) and day.year == (year or day.year))
    return min((day for day in tet if year or day > document_on), default=None)
