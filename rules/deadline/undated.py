"""Read cells that state no day: ongoing work, work on demand, and everything that still needs a date."""

import re

from rules.deadline.answer import Circumstances, DeadlineKind, Problem, Reading, Step
from rules.deadline.mentions import find_mentions
from rules.deadline.phrase import Phrase
from rules.deadline.unread import unread_steps

_ON_DEMAND = re.compile(
    r"\b(?:khi (?:co )?(?:phat sinh|yeu cau|can|nhu cau|chi dao|su co|vuong mac|thay doi)|khi duoc (?:yeu cau|giao)"
    r"|khi xay ra|theo (?:yeu cau|chi dao)|dot xuat)\b"
)
_ALWAYS = re.compile(r"\b(?:thuong xuyen|lien tuc|moi luc|moi noi|(?:hang|moi) ngay(?! \d))\b")
_REPORTS = re.compile(r"\bhang (?:thang|quy|nam|tuan)\b")
_PLANNED = re.compile(r"\btheo (?:lo trinh|ke hoach|tien do)\b")
_NO_DAY = re.compile(
    r"khan truong|cap bach|ngay(?: lap tuc)?|som|trong thoi gian toi|thoi gian toi|cang som cang tot|theo quy dinh"
    r"|khong|khong co|chua co|chua xac dinh|dang thuc hien|dang trien khai|da hoan thanh|hoan thanh|x+|n/a|[\W_]*"
)
_EXCEL_ERROR = re.compile(r"#(?:ref!|n/a|value!|name\?|div/0!|num!|null!)|err:\d+")


def read_on_demand(phrase: Phrase, asked: Circumstances) -> Reading | None:
    """Read work done whenever something calls for it: ongoing, without a start; None when a day is mentioned."""
    spans = [match.span() for match in _ON_DEMAND.finditer(phrase.folded)]
    if not spans or find_mentions(phrase, asked.document_on):
        return None
    step, unread = Step("on_demand", {"words": phrase.words(spans[0])}), unread_steps(phrase, spans)
    return Reading(DeadlineKind.ONGOING, unsure=bool(unread), steps=(step, *unread))


def read_ongoing(phrase: Phrase, asked: Circumstances) -> Reading | None:
    """Read work without a single due day by nature."""
    if spans := [match.span() for match in _ALWAYS.finditer(phrase.folded)]:
        reports = [match.span() for match in _REPORTS.finditer(phrase.folded)]
        doubts = ((Step("ongoing_reports"),) if reports else ()) + unread_steps(phrase, spans + reports)
        return Reading(DeadlineKind.ONGOING, asked.document_on, unsure=bool(doubts), steps=(Step("ongoing"), *doubts))
    if _PLANNED.search(phrase.folded):
        return Reading(DeadlineKind.ONGOING, asked.document_on, unsure=True, steps=(Step("planned"),))
    return None


def read_no_day(phrase: Phrase) -> Reading:
    """Read everything else: it needs a date, and words nobody knows must be looked at."""
    if _EXCEL_ERROR.fullmatch(phrase.folded):
        return _needs_date(Step("excel_error", {"words": phrase.written}), unsure=True)
    if not phrase.written:
        return _needs_date(Step("blank"))
    if _NO_DAY.fullmatch(phrase.folded.strip(" .,;!")):
        return _needs_date(Step("no_day", {"words": phrase.written}))
    return _needs_date(Step("not_understood", {"words": phrase.written}), unsure=True)


def _needs_date(step: Step, *, unsure: bool = False) -> Reading:
    return Reading(DeadlineKind.UNPARSEABLE, unsure=unsure, steps=(step,), problem=Problem.NEEDS_DATE)
