"""Find the days and periods a phrase mentions, each with the span it was read from; a missing year stays missing."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from rules.deadline import periods
from rules.deadline.answer import DeadlineKind, Step
from rules.deadline.mention import CENTURY, Mention, dated, of_month, of_part, of_quarter, year_of
from rules.deadline.periods import MONTHS, ImpossibleDateError, Period
from rules.deadline.phrase import Phrase

Match = re.Match[str]
FAR_YEARS = 10
WEEKDAY_NUMBERS = range(2, 8)


Reader = Callable[[Match, date], Mention]

_DAY = r"(?P<day>\d{1,2})(?!\d)"
_MONTH = r"(?P<month>\d{1,2})(?!\d)"
_ANY_MONTH = r"(?:thang|thg|t)\s?\.?\s?"
_ANY_QUARTER = r"(?:quy|qui|q)\s?\.?\s?"
_NUMERAL = r"(?:iv|iii|ii|i|\d{1,2}|mot|nhat|hai|ba|bon|tu)(?![a-z0-9])"
_YEAR = (
    r"(?:(?:\s?[/.,(-]\s?|\s)(?:cua\s)?(?:nam\s?)?(?P<year>\d{4})(?!\d)"
    r"|\s?/\s?(?P<short>\d{2})(?!\s?[\d/])|,?\s(?:cua\s)?nam\s(?P<named>nay|sau|toi)\b)?"
)
_CLOCK = r"(?:[t ]\s?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_LINK = r"\s?(?:-|~|,|&|\+|\bva\b|\bden(?:\shet)?\b|\btoi\b)\s?"
_NOT_NUMBERED = r"(?<!doan )(?<!tuan )(?<!dot )(?<!lan )(?<!ky )(?<!thu )(?<!so )(?<!phien )"
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_MONTH = rf"(?P<name>{'|'.join(_ENGLISH)})[a-z]*\.?"
_NUMERALS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "mot": 1, "nhat": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4}
_MONTH_WORDS = ("mot", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi", "muoi mot", "muoi hai")
_MONTH_WORD = "|".join(reversed(_MONTH_WORDS))
_ROMAN_MONTHS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_ROMAN_MONTH = rf"(?P<roman>{'|'.join(sorted(_ROMAN_MONTHS, key=len, reverse=True))})(?![a-z0-9])"
_GAP = re.compile(r"(?:/|[._]{2,}\s?)$", re.ASCII)
_COUNTS = {"ba": 3, "sau": 6, "chin": 9}


def find_mentions(phrase: Phrase, document_on: date) -> Sequence[Mention]:
    """Return the mentions in reading order; raises nothing, impossible days show when their period is asked for."""
    return list(_scan(phrase.folded, document_on))


def _scan(folded: str, document_on: date) -> Iterator[Mention]:
    position = 0
    while position < len(folded):
        mention = _mention_at(folded, position, document_on) if _begins_word(folded, position) else None
        if mention:
            yield mention
        position = mention.span[1] if mention else position + 1


def _mention_at(folded: str, position: int, document_on: date) -> Mention | None:
    for pattern, read in _READERS:
        if match := pattern.match(folded, position):
            found = read(match, document_on)
            return replace(found, span=match.span(), unsure=found.unsure or _stands_in_a_gap(folded, position))
    return None


def _stands_in_a_gap(folded: str, position: int) -> bool:
    """Whether a number is cut off or left open right before: "/6/2025", "..../6/2025", "ngày ... tháng 6"."""
    return _GAP.search(folded, max(0, position - 4), position) is not None


def _begins_word(folded: str, position: int) -> bool:
    before = folded[position - 1] if position else " "
    return folded[position].isalnum() and not before.isalnum()


def _iso_day(match: Match, _: date) -> Mention:
    return dated(int(match["year"]), int(match["month"]), int(match["day"]))


def _numeric_day(match: Match, document_on: date) -> Mention:
    """Day first; a middle part above 12 proves that the month came first."""
    first, second = int(match["day"]), int(match["month"])
    found = year_of(match, document_on)
    if second > MONTHS >= first:
        return dated(found, first, second, steps=(Step("month_first", {"first": first, "second": second}),))
    odd_year = match["short"] is not None and abs((found or 0) - document_on.year) > FAR_YEARS
    return dated(found, second, first, unsure=odd_year)


def _worded_day(match: Match, document_on: date) -> Mention:
    return dated(year_of(match, document_on), int(match["month"]), int(match["day"]))


def _yearless_day(match: Match, document_on: date) -> Mention:
    """30/6 is a day; 6/25 can only be a month and a short year; 8/10 without the word "ngày" may be either."""
    first, second, found = int(match["day"]), int(match["month"]), year_of(match, document_on)
    if second > MONTHS and not match["word"]:
        return replace(of_month(CENTURY + second, first), unsure=True)
    if second > MONTHS >= first:
        return dated(found, first, second, steps=(Step("month_first", {"first": first, "second": second}),))
    return dated(found, second, first, unsure=not match["word"] and first <= MONTHS)


def _days_span(match: Match, document_on: date) -> Mention:
    first, last, number = int(match["from"]), int(match["day"]), int(match["month"])
    return Mention(DeadlineKind.RANGE, partial(_days_of_month, number, first, last), year_of(match, document_on))


def _days_of_month(number: int, first: int, last: int, year: int) -> Period:
    begins, ends = periods.day(year, number, first).first, periods.day(year, number, last).first
    if ends < begins:
        raise ImpossibleDateError(first, last)
    return Period(DeadlineKind.RANGE, begins, ends)


def _month(match: Match, document_on: date) -> Mention:
    """T6 without a year is June, or Friday."""
    number, found = int(match["month"]), year_of(match, document_on)
    may_be_weekday = found is None and re.match(r"t\W?\d", match[0]) and number in WEEKDAY_NUMBERS
    return replace(of_month(found, number), unsure=bool(may_be_weekday))


def _worded_month(match: Match, document_on: date) -> Mention:
    """Return a month named in words; "năm" is also the word for a year, so May has to be confirmed."""
    number = _MONTH_WORDS.index(match["word"]) + 1
    return replace(of_month(year_of(match, document_on), number), unsure=match["word"] == "nam")


def _day_of_worded_month(match: Match, document_on: date) -> Mention:
    """Return a day of a month named in words; "tháng năm" may be the month of a year."""
    number = _MONTH_WORDS.index(match["word"]) + 1
    return dated(year_of(match, document_on), number, int(match["day"]), unsure=match["word"] == "nam")


def _month_span(match: Match, document_on: date) -> Mention:
    first, last = int(match["from"]), int(match["month"])
    build = partial(_span_of_months, first, last)
    listed = [int(number) for number in re.findall(r"\d+", match[0][: match.end("month") - match.start()])]
    gaps = len(listed) > len((first, last)) and listed != list(range(first, last + 1))
    return Mention(DeadlineKind.RANGE, build, year_of(match, document_on), unsure=first > last or gaps)


def _span_of_months(first: int, last: int, year: int) -> Period:
    return periods.months(year, first, last)


def _quarter(match: Match, document_on: date) -> Mention:
    return of_quarter(year_of(match, document_on), _number(match["quarter"]))


def _bare_roman_quarter(match: Match, document_on: date) -> Mention:
    return replace(_quarter(match, document_on), unsure=True)


def _quarter_span(match: Match, document_on: date) -> Mention:
    first, last = _number(match["from"]), _number(match["quarter"])
    build, listed = partial(_span_of_quarters, first, last), first > last and "-" not in match[0]
    return Mention(DeadlineKind.RANGE, build, year_of(match, document_on), unsure=listed)


def _span_of_quarters(first: int, last: int, year: int) -> Period:
    begins = periods.quarter(year if first <= last else year - 1, first)
    return Period(DeadlineKind.RANGE, begins.first, periods.quarter(year, last).last)


def _part_of_year(match: Match, document_on: date) -> Mention:
    count = _COUNTS.get(match["count"]) or int(match["count"])
    return of_part(year_of(match, document_on), count, at_end=match["end"] == "cuoi")


def _half(match: Match, document_on: date) -> Mention:
    return of_part(year_of(match, document_on), periods.HALF_YEAR_MONTHS, at_end=match["end"] in ("cuoi", "sau", "2"))


def _year(match: Match, document_on: date) -> Mention:
    return Mention(DeadlineKind.YEAR, periods.year, year_of(match, document_on))


def _roman_month(match: Match, document_on: date) -> Mention:
    return of_month(year_of(match, document_on), _ROMAN_MONTHS.index(match["roman"]) + 1)


def _half_month(match: Match, document_on: date) -> Mention:
    """Read half a month, which ends or begins at its 15th (Civil Code 2015 art. 146)."""
    build = partial(_half_of_month, int(match["month"]), match["end"] == "dau")
    return Mention(DeadlineKind.RANGE, build, year_of(match, document_on))


def _half_of_month(number: int, at_start: bool, year: int) -> Period:  # noqa: FBT001 - filled in by `partial`
    whole, middle = periods.month(year, number), periods.day(year, number, 15).first
    if at_start:
        return Period(DeadlineKind.RANGE, whole.first, middle)
    return Period(DeadlineKind.RANGE, middle + timedelta(days=1), whole.last)


def _near_month(match: Match, document_on: date) -> Mention:
    index = document_on.year * MONTHS + document_on.month - 1 + (match["named"] in ("sau", "toi"))
    return replace(of_month(index // MONTHS, index % MONTHS + 1), unsure=True)


def _near_quarter(match: Match, document_on: date) -> Mention:
    index = (
        document_on.year * 4 + (document_on.month - 1) // periods.QUARTER_MONTHS + (match["named"] in ("sau", "toi"))
    )
    return replace(of_quarter(index // 4, index % 4 + 1), unsure=True)


def _english(match: Match, document_on: date) -> Mention:
    number = _ENGLISH.index(match["name"]) + 1
    found = year_of(match, document_on)
    return dated(found, number, int(match["day"])) if match.groupdict().get("day") else of_month(found, number)


def _english_month_and_number(match: Match, document_on: date) -> Mention:
    """Read Jun-25 as a spreadsheet writes June 2025; "June 25" apart may as well be a day."""
    return replace(_english(match, document_on), unsure=match["short"] is not None and " " in match[0])


def _number(numeral: str) -> int:
    return _NUMERALS.get(numeral) or int(numeral)


_YEAR_NEEDED = r"(?P<year>\d{4})(?!\d)"
_GRAMMAR: Sequence[tuple[str, Reader]] = (
    (rf"{_YEAR_NEEDED}\s?(?P<s>[/.-])\s?{_MONTH}\s?(?P=s)\s?{_DAY}{_CLOCK}", _iso_day),
    (r"(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)(?!\d)", _iso_day),
    (
        rf"(?:ngay\s?)?{_DAY}\s?(?P<s>[/.-])\s?{_MONTH}\s?(?P=s)\s?(?:{_YEAR_NEEDED}|(?P<short>\d\d)(?![\d/.])){_CLOCK}",
        _numeric_day,
    ),
    (rf"(?:ngay\s?)?{_DAY}\s?/\s?{_MONTH}\s?[-.,]?\s?(?:nam\s)?{_YEAR_NEEDED}", _worded_day),
    (
        rf"(?:ngay\s?)?(?P<from>\d{{1,2}})(?!\d)\s?(?:-|den(?:\shet)?(?:\sngay)?)\s?{_DAY}\s?(?:/|thang)\s?{_MONTH}{_YEAR}",
        _days_span,
    ),
    (rf"{_NOT_NUMBERED}(?:ngay\s?)?{_DAY},?\s?thang\s?{_MONTH}{_YEAR}", _worded_day),
    (
        rf"(?P<word>ngay\s?){_DAY}\s?[/.-]\s?{_MONTH}(?![.-]\d)(?!\s?/\s?\d)(?!,\d)(?:,?\snam\s(?P<named>nay|sau|toi)\b)?",
        _yearless_day,
    ),
    (rf"{_DAY}(?P<word>)\s?[/]\s?{_MONTH}(?!\s?[/]\s?\d)(?!,\d)", _yearless_day),
    (rf"{_DAY}(?P<word>)\.{_MONTH}(?![/.,]?\d)", _yearless_day),
    (
        (
            rf"{_ANY_MONTH}(?P<from>\d{{1,2}})(?!\d)(?:{_LINK}(?:thang\s?)?\d{{1,2}}(?![\d%]))*{_LINK}(?:thang\s?)?"
            rf"(?P<month>0?[1-9]|1[0-2])(?![\d%])(?!\s?[/.]\s?\d{{1,2}}(?!\d)){_YEAR}"
        ),
        _month_span,
    ),
    (rf"{_ANY_MONTH}{_MONTH}{_YEAR}", _month),
    (rf"(?:ngay\s)?{_DAY}\sthang\s(?P<word>{_MONTH_WORD})(?=\s?[/,]|\snam\s|\s\d){_YEAR}", _day_of_worded_month),
    (rf"nua\s(?P<end>dau|cuoi|sau)\s(?:cua\s)?thang\s{_MONTH}{_YEAR}", _half_month),
    (rf"thang\s{_ROMAN_MONTH}{_YEAR}", _roman_month),
    (rf"thang\s(?P<word>{_MONTH_WORD})(?=\s?[/,-]|\snam\s|\s\d){_YEAR}", _worded_month),
    (rf"{_MONTH}\s?[/.-]\s?{_YEAR_NEEDED}", _month),
    (rf"(?P<year>20\d\d)[/.-]{_MONTH}(?![/.-]?\d)", _month),
    (
        (
            rf"{_ANY_QUARTER}(?P<from>{_NUMERAL})(?:{_LINK}(?:quy\s?)?{_NUMERAL})*{_LINK}(?:quy\s?)?"
            rf"(?P<quarter>{_NUMERAL})(?!/\d{{1,2}}(?!\d)){_YEAR}"
        ),
        _quarter_span,
    ),
    (rf"{_ANY_QUARTER}(?P<quarter>{_NUMERAL}){_YEAR}", _quarter),
    (rf"(?P<quarter>iv|i{{1,3}})\s?/\s?{_YEAR_NEEDED}", _bare_roman_quarter),
    (
        rf"(?P<count>0?[1-9]|1[01]|ba|sau|chin)\sthang\s(?P<end>dau|cuoi)(?:\s(?:cua\s)?nam\b(?!\s\d))?{_YEAR}",
        _part_of_year,
    ),
    (rf"nua\s(?P<end>dau|cuoi|sau)(?:\s(?:cua\s)?nam\b(?!\s\d))?{_YEAR}", _half),
    (rf"h(?P<end>[12])\s?[/-]?\s?{_YEAR_NEEDED}", _half),
    (rf"{_DAY}[\s-]{_ENGLISH_MONTH}(?:[\s,-]+(?:{_YEAR_NEEDED}|(?P<short>\d\d)(?!\d)))?(?![a-z])", _english),
    (rf"{_ENGLISH_MONTH}\s{_DAY}(?:st|nd|rd|th)?,?\s{_YEAR_NEEDED}", _english),
    (rf"{_ENGLISH_MONTH}[\s-](?:{_YEAR_NEEDED}|(?P<short>\d\d)(?!\d))", _english_month_and_number),
    (rf"(?:nam\s?)?{_YEAR_NEEDED}(?!\s?(?:ty|trieu|ho|dong|nguoi|can bo)\b)", _year),
    (r"nam\s(?P<named>nay|sau|toi)\b", _year),
    (r"(?:(?<=dau )|(?<=giua )|(?<=cuoi )|(?<=het )|(?<=trong ))nam\b(?!\s?\d)", _year),
    (r"thang\s(?P<named>nay|sau|toi)\b", _near_month),
    (r"(?:(?<=cuoi )|(?<=het )|(?<=trong ))thang(?P<named>)\b(?!\s?\d)", _near_month),
    (r"quy\s(?P<named>nay|sau|toi)\b", _near_quarter),
    (r"(?:(?<=cuoi )|(?<=het )|(?<=trong ))quy(?P<named>)\b(?!\s?\d)", _near_quarter),
)
_READERS = tuple((re.compile(pattern, re.ASCII), read) for pattern, read in _GRAMMAR)
