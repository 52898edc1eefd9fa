"""Deadlines counted from an event, or waiting for one (Civil Code art. 147-148: its day is not counted)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from rules.calendar import WorkingCalendar
from rules.deadline.answer import Circumstances, DeadlineKind, Problem, Reading, Step
from rules.deadline.mentions import find_mentions
from rules.deadline.periods import PLAUSIBLE_YEARS, ImpossibleDateError, add_months, month_end, year
from rules.deadline.phrase import Phrase
from rules.deadline.unread import unread_steps

_UNIT = r"(?P<unit>ngay lam viec|ngay|tuan|thang|quy|nam)"
_COUNT = rf"(?P<count>\d{{1,3}}|mot|hai|ba|bon|nam|bay|muoi)(?:\s?\([a-z ]{{2,24}}\))?\s{_UNIT}\b"
_COUNTED = re.compile(
    rf"(?:\b(?P<opening>trong|sau|cham nhat|muon nhat|khong qua|toi da)\s(?:thoi han\s|vong\s|khoang\s|thoi gian\s)*)?"
    rf"(?<![\d/.,-]){_COUNT}(?!\s(?:dau|cuoi|hang)\b|\s(?:nam\s)?\d{{4}})"
    r"(?:,?\s(?P<from>ke tu|tinh tu|(?:tu|sau)(?!\s(?:nam\s)?\d{4}))\b(?:\s(?P<event>[^,;()]+))?)?",
    re.ASCII,
)
_NEXT_YEARS = re.compile(
    r"\b(?:trong\s)?(?:vong\s)?(?P<count>\d{1,2}|hai|ba|bon|nam)\s"
    r"(?P<unit>nam|thang|quy)\s(?:tiep theo|toi|ke tiep|sap toi)\b",
    re.ASCII,
)
_EVENT = re.compile(
    r"\b(?:(?:ngay\s)?(?:sau khi|ngay khi|sau ngay(?!\s?\d)|khi)|dong thoi(?:\s(?:voi|khi))?|cung thoi diem"
    r"|(?:ke|tinh)\stu\s(?:khi|ngay(?!\s?\d))|(?:ky|phien) hop|hoi nghi)\b[^,;]*",
    re.ASCII,
)
_ISSUER = r"(?:chi thi|quyet dinh|nghi quyet|cong dien|cong van|ke hoach|van ban|thong bao|ket luan)"
_SIGNED = re.compile(
    rf"(?:ngay\s|thoi diem\s|khi\s)?(?:duoc\s)?(?:ky|ky ban hanh|ban hanh|ky,? ban hanh|nay)"
    rf"(?:\s(?:{_ISSUER}(?:\snay)?|nay))?|(?:ngay\s|khi\s)?{_ISSUER}(?:\snay)?\s(?:duoc\s)?(?:ky|ban hanh|ky ban hanh)",
    re.ASCII,
)
_ACT_IN_FORCE = re.compile(rf"(?:ngay\s|khi\s)?{_ISSUER}(?:\snay)?\s(?:co\s)?hieu luc(?:\sthi hanh)?", re.ASCII)
_WORDS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "bay": 7, "muoi": 10}
_WEEK, _QUARTER, _YEAR = 7, 3, 12


@dataclass(frozen=True)
class Term:
    """A length of time: `count` of `unit` ("ngay lam viec" are working days, every other unit calendar time)."""

    count: int
    unit: str

    def end(self, event_on: date, calendar: WorkingCalendar) -> date:
        """Return the last day of the term; raises ImpossibleDateError beyond the years anybody means."""
        try:
            ends = self._end(event_on, calendar)
        except OverflowError as error:
            raise ImpossibleDateError(self.count) from error
        if ends.year not in PLAUSIBLE_YEARS:
            raise ImpossibleDateError(ends.year)
        return ends

    def _end(self, event_on: date, calendar: WorkingCalendar) -> date:
        if self.unit == "ngay lam viec":
            return calendar.add_working_days(event_on, self.count)
        if self.unit in ("ngay", "tuan"):
            return event_on + timedelta(days=self.count * (1 if self.unit == "ngay" else _WEEK))
        return add_months(event_on, self.count * {"thang": 1, "quy": _QUARTER, "nam": _YEAR}[self.unit])


def read_counted(phrase: Phrase, asked: Circumstances) -> Reading | None:
    """Read "15 ngày kể từ ngày ký": from the document's date when that is the event, else waiting for the event."""
    counted = (match for match in _COUNTED.finditer(phrase.folded) if match["from"] or match["opening"])
    match = next(counted, None)
    if match is None or _NEXT_YEARS.search(phrase.folded):
        return None
    term = Term(_number(match["count"]), match["unit"])
    event_on, unsure = _event_day(match["event"] or "", asked.document_on)
    if match["from"] is None:
        event_on, unsure = asked.document_on, True
    if event_on is None:
        words = phrase.words(match.span("event")) if match["event"] else phrase.words(match.span())
        step = Step("event_term", {"count": term.count, "unit": term.unit, "event": words})
        return Reading(DeadlineKind.RELATIVE, asked.document_on, steps=(step,), problem=Problem.AWAITING_EVENT)
    step = Step("counted", {"count": term.count, "unit": term.unit, "day": event_on})
    unread = unread_steps(phrase, [match.span()])
    after = match["opening"] == "sau" or (match["from"] == "sau" and match["opening"] is None)
    due_on = term.end(event_on, asked.calendar)
    return Reading(DeadlineKind.RELATIVE, event_on, due_on, "", unsure or after or bool(unread), (step, *unread))


def read_next_years(phrase: Phrase, asked: Circumstances) -> Reading | None:
    """Read "trong 5 năm tiếp theo": to the end of the fifth year (month, quarter) after the document's."""
    match = _NEXT_YEARS.search(phrase.folded)
    if match is None:
        return None
    document_on, count, unit = asked.document_on, _number(match["count"]), match["unit"]
    if unit == "nam":
        due_on = year(document_on.year + count).last
    else:
        due_on = month_end(add_months(document_on.replace(day=1), count * (_QUARTER if unit == "quy" else 1)))
    unread = unread_steps(phrase, [match.span()])
    step = Step("next_periods", {"count": count, "unit": unit, "year": document_on.year})
    unsure = unit != "nam" or bool(unread)
    return Reading(DeadlineKind.RANGE, document_on, due_on, "", unsure, (step, *unread))


def read_event(phrase: Phrase, asked: Circumstances) -> Reading | None:
    """Read a phrase that waits for a named event; a day of its own beside the event is left to the dated reading."""
    match = _EVENT.search(phrase.folded)
    mentions = find_mentions(phrase, asked.document_on)
    if match is None or any(not _within(mention.span, match.span()) for mention in mentions):
        return None
    step = Step("event", {"event": phrase.words((match.start(), match.end()))})
    return Reading(DeadlineKind.RELATIVE, unsure=bool(mentions), steps=(step,), problem=Problem.AWAITING_EVENT)


def _event_day(event: str, document_on: date) -> tuple[date | None, bool]:
    """Return the day of the event when it is the signing or a stated day, and whether to have it confirmed."""
    words = event.strip(" .")
    if _SIGNED.fullmatch(words):
        return document_on, False
    if _ACT_IN_FORCE.fullmatch(words):
        return document_on, True
    mentions = find_mentions(Phrase(words, words), document_on)
    if len(mentions) == 1 and mentions[0].year and mentions[0].span[1] == len(words):
        period = mentions[0].period()
        alone = words[: mentions[0].span[0]].strip() in ("", "ngay", "het ngay")
        return (period.last, False) if alone and period.first == period.last else (None, False)
    return None, False


def _within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _number(written: str) -> int:
    return _WORDS.get(written) or int(written)
