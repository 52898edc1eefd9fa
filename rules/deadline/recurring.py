"""Read duties that come back: hằng tháng, định kỳ 6 tháng, trước ngày 15 của tháng cuối quý, 15/12 hằng năm."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rules.deadline.answer import Circumstances, DeadlineKind, Problem, Reading, Step
from rules.deadline.bounds import MIDDLE_OF_MONTH, ONE_DAY, Bound, Lead, limit, read_lead
from rules.deadline.mention import Mention
from rules.deadline.mentions import find_mentions
from rules.deadline.periods import HALF_YEAR_MONTHS
from rules.deadline.phrase import Phrase, Span, blank
from rules.deadline.recurrence import Recurrence
from rules.deadline.unread import unread_steps

_NUMBER = r"(?P<count>\d{1,2}|mot|hai|ba|sau)"
_PERIOD = r"(?P<unit>tuan|thang|quy(?!\s(?:dinh|che|trinh|hoach|mo))|nam)\b"
_ONCE = r"(?:/|(?:mot|0?1)\s)\s?(?:0?1\s|mot\s)?lan\b"
_FREQUENCIES = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"(?P<times>\d{{1,2}}|mot|hai|bon)\slan\s?(?:/|moi\s|mot\s|trong\s)\s?(?:0?1\s|mot\s)?{_PERIOD}",
        rf"\bdinh ky\s(?:hang\s|moi\s|theo\s)?(?:{_NUMBER}\s)?{_PERIOD}(?:\s?{_ONCE})?",
        rf"\b(?:hang|moi|tung)\s(?:{_NUMBER}\s)?{_PERIOD}(?:\s?{_ONCE})?",
        r"\btheo\s(?P<unit>tuan|thang|quy(?=\s*(?:[,;.)]|$)))\b",
        rf"(?<![\d/]){_NUMBER}\s{_PERIOD}\s?{_ONCE}",
        r"\b(?P<unit>tuan|thang|quy|nam)\s?/\s?lan\b",
    )
)
_REPORT_LIST = re.compile(
    r"(?:bao cao\s)?(?:theo\s)?(?:(?:tuan|thang|quy|0?[69] thang|(?:0?1 |mot )?nam)(?:\s?(?:,|;|/|va)\s?|$)){2,}",
    re.ASCII,
)
_LISTED = re.compile(r"(?:(?P<count>\d{1,2}|mot)\s)?(?P<unit>tuan|thang|quy|nam)", re.ASCII)
_BIG_PART = re.compile(r"\b0?6 thang(?! (?:dau|cuoi))\b", re.ASCII)
_DAY = re.compile(
    r"(?P<before>truoc\s)?(?:(?P<hour>\d{1,2})\s?(?:h|g|gio|:)\s?\d{0,2}\s)?\bngay\s(?P<day>\d{1,2})(?!\d|\s?[/.-]\s?\d|\sthang\s\d)"
    r"(?:\s(?:cua\s)?(?P<month>thang\s(?:dau|cuoi|giua|thu (?:hai|2)|cuoi cung)(?:\s(?:cua\s)?(?:hang\s)?quy)?"
    r"|thang\s(?:sau|toi|tiep theo|ke tiep)|thang|(?=hang|moi)))?",
    re.ASCII,
)
_WEEKDAY = re.compile(
    r"\b(?:thu\s(?P<named>hai|ba|tu|nam|sau|bay|[2-7])|(?P<sunday>chu nhat)|t(?P<short>[2-7]))\b", re.ASCII
)
_LAST_DAY = re.compile(r"\bngay cuoi(?: cung)? (?:cua )?(?:thang|quy|nam)?", re.ASCII)
_POINT = re.compile(r"\b(?:(?P<first>ngay dau(?: tien)?(?: cua)?|dau)|(?P<middle>giua)|cuoi)\s$", re.ASCII)
_REPORTS = re.compile(r"\b(?:dinh ky|bao cao)\b")
_ALWAYS = re.compile(r"\b(?:thuong xuyen|lien tuc)\b")
_WORDS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "sau": 6}
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5}
_KINDS = {
    1: DeadlineKind.RECURRING_MONTHLY,
    3: DeadlineKind.RECURRING_QUARTERLY,
    6: DeadlineKind.RECURRING_SEMIANNUAL,
    12: DeadlineKind.RECURRING_ANNUAL,
}
_MONTHS = {"thang": 1, "quy": 3, "nam": 12}
_LAST_MONTHS = {DeadlineKind.RECURRING_SEMIANNUAL: 6, DeadlineKind.RECURRING_ANNUAL: 12}


@dataclass(frozen=True)
class Detail:
    """What a phrase adds to a frequency, and the spans it was read from."""

    rule: Recurrence
    spans: Sequence[Span] = ()
    start: date | None = None
    unsure: bool = False
    steps: tuple[Step, ...] = ()
    yearly_day: date | None = None


def read_recurring(phrase: Phrase, asked: Circumstances) -> Reading | None:
    """Read a recurring duty; its due day is the first one. None when the phrase states no frequency."""
    found = list(_frequencies(phrase.folded))
    if not found or (_ALWAYS.search(phrase.folded) and not _REPORTS.search(phrase.folded)):
        return None
    kinds = [kind for _, kind in found]
    if None in kinds:
        step = Step("frequency_unknown", {"words": phrase.words(found[0][0])})
        return Reading(DeadlineKind.UNPARSEABLE, unsure=True, steps=(step,), problem=Problem.NEEDS_DATE)
    kind = min((kind for kind in kinds if kind), key=_shortness)
    detail = Detail(Recurrence(kind, month=_LAST_MONTHS.get(kind)), [span for span, _ in found])
    rest = replace(phrase, folded=blank(phrase.folded, detail.spans))
    for refine in (_with_weekday, _with_point, _with_day, _with_mentions):
        detail = refine(detail, rest, asked)
    return _reading(phrase, detail, asked.document_on, several=len(set(kinds)) > 1)


def _reading(phrase: Phrase, detail: Detail, document_on: date, *, several: bool) -> Reading:
    first = next(detail.rule.occurrences(max(document_on, detail.start or document_on)), None)
    unread = unread_steps(phrase, detail.spans)
    steps = (Step(detail.rule.kind.value, {"day": first.due_on if first else document_on}), *detail.steps)
    steps += (Step("several_frequencies"),) if several else ()
    steps += unread
    return Reading(
        detail.rule.kind,
        detail.start,
        first.due_on if first else None,
        str(detail.rule),
        detail.unsure or bool(unread) or first is None,
        steps,
        None if first else Problem.NEEDS_DATE,
    )


def _frequencies(folded: str) -> Iterator[tuple[Span, DeadlineKind | None]]:
    if (listed := _REPORT_LIST.search(folded)) and listed.span()[0] in (0, folded.find("bao cao")):
        yield from ((_whole(listed, each), _kind(each)) for each in _LISTED.finditer(listed[0]))
        return
    matches: list[re.Match[str]] = []
    for pattern in _FREQUENCIES:
        matches += [match for match in pattern.finditer(folded) if not any(_overlap(match, other) for other in matches)]
    if matches:
        yield from ((match.span(), _kind(match)) for match in matches)
        yield from ((match.span(), DeadlineKind.RECURRING_SEMIANNUAL) for match in _BIG_PART.finditer(folded))


def _overlap(one: re.Match[str], other: re.Match[str]) -> bool:
    return one.start() < other.end() and other.start() < one.end()


def _whole(listed: re.Match[str], _: re.Match[str]) -> Span:
    return listed.span()


def _kind(match: re.Match[str]) -> DeadlineKind | None:
    """Return the kind for so many units, or for so many times a unit; None when no kind fits (every two weeks)."""
    groups = match.groupdict()
    count, times = _number(groups.get("count")), _number(groups.get("times"))
    if match["unit"] == "tuan":
        return DeadlineKind.RECURRING_WEEKLY if count == times == 1 else None
    length, uneven = divmod(_MONTHS[match["unit"]] * count, times)
    return None if uneven else _KINDS.get(length)


def _number(written: str | None) -> int:
    return max(_WORDS.get(written) or int(written), 1) if written else 1


def _shortness(kind: DeadlineKind) -> int:
    return next((months for months, each in _KINDS.items() if each is kind), 0)


def _with_weekday(detail: Detail, rest: Phrase, _: Circumstances) -> Detail:
    match = _WEEKDAY.search(rest.folded)
    if match is None or detail.rule.kind is not DeadlineKind.RECURRING_WEEKLY:
        return detail
    named = match["named"] or match["short"]
    weekday = 6 if match["sunday"] else _WEEKDAYS[named] if named in _WEEKDAYS else int(named) - 2
    return replace(detail, rule=replace(detail.rule, weekday=weekday), spans=[*detail.spans, match.span()])


def _with_point(detail: Detail, rest: Phrase, _: Circumstances) -> Detail:
    """Add "đầu", "giữa", "cuối mỗi tháng": the 1st, the 15th, the last day (Civil Code art. 146, for months alone)."""
    match = _POINT.search(rest.folded, 0, detail.spans[0][0])
    if match is None or (detail.rule.kind is not DeadlineKind.RECURRING_MONTHLY and match[0].strip() != "cuoi"):
        return detail
    day = 1 if match["first"] else MIDDLE_OF_MONTH if match["middle"] else None
    return replace(detail, rule=replace(detail.rule, day=day), spans=[*detail.spans, match.span()])


def _with_day(detail: Detail, rest: Phrase, asked: Circumstances) -> Detail:
    """Add the day of the month; the day before the 1st is the end of the month before, which must be confirmed."""
    match = _DAY.search(rest.folded)
    if match is None or detail.rule.kind is DeadlineKind.RECURRING_WEEKLY:
        last = _LAST_DAY.search(rest.folded)
        return replace(detail, spans=[*detail.spans, last.span()]) if last else detail
    written = int(match["day"])
    exclusive = bool(match["before"]) and not int(match["hour"] or 0) and asked.before_is_exclusive
    day = written - 1 if exclusive else written
    month, unsure = _month_of(match["month"] or "", detail.rule)
    rule = replace(detail.rule, month=month, day=day or None)
    step = (Step("before_day", {"exclusive": written - 1, "inclusive": written}),) if match["before"] else ()
    impossible = written not in range(1, 32) or day == 0
    lead = read_lead(rest.folded, 0, match.start())
    spans = [*detail.spans, match.span(), lead.span]
    doubted = detail.unsure or unsure or impossible
    return replace(detail, rule=rule, spans=spans, unsure=doubted, steps=detail.steps + step)


def _month_of(words: str, rule: Recurrence) -> tuple[int | None, bool]:
    """Return the month of the period that "tháng cuối quý" names, and whether it was only assumed."""
    length = _shortness(rule.kind)
    if length == 1:
        return None, bool(re.search(r"sau|toi|tiep", words))
    named = {"dau": 1, "giua": 2, "thu hai": 2, "thu 2": 2, "cuoi": length}
    found = next((month for word, month in named.items() if re.search(rf"\b{word}\b", words)), None)
    return found or length, found is None or "sau" in words


def _with_mentions(detail: Detail, rest: Phrase, asked: Circumstances) -> Detail:
    """Add what mentioned days and periods say: the month of a yearly duty, the first day, the last."""
    folded = blank(rest.folded, detail.spans)
    end = 0
    for mention in find_mentions(replace(rest, folded=folded), asked.document_on):
        lead = read_lead(folded, end, mention.span[0])
        end = mention.span[1]
        detail = _with_mention(detail, mention, lead, asked)
    return detail


def _with_mention(detail: Detail, mention: Mention, lead: Lead, asked: Circumstances) -> Detail:
    yearly = detail.rule.kind is DeadlineKind.RECURRING_ANNUAL and mention.year is None
    found = mention if mention.year else mention.in_year(asked.document_on.year)
    period = found.period()
    meant = limit(period, lead, asked)
    spans = [*detail.spans, mention.span, lead.span]
    if yearly and meant.due_on:
        rule = _yearly(detail, meant.due_on)
        start = meant.start if mention.kind is DeadlineKind.QUARTER and not detail.yearly_day else None
        several = mention.kind is DeadlineKind.RANGE or (detail.yearly_day and rule.kind is detail.rule.kind)
        unsure = detail.unsure or meant.unsure or bool(several)
        steps = detail.steps + meant.steps
        return replace(detail, rule=rule, start=start, spans=spans, unsure=unsure, steps=steps, yearly_day=meant.due_on)
    if lead.bound in (Bound.FROM, Bound.AFTER) and meant.start:
        unsure, steps = detail.unsure or meant.unsure, detail.steps + meant.steps
        rule = replace(detail.rule, until=meant.due_on) if meant.due_on else detail.rule
        steps += (Step("until", {"day": meant.due_on}),) if meant.due_on else ()
        return replace(detail, rule=rule, start=meant.start, spans=spans, unsure=unsure, steps=steps)
    if lead.bound in (Bound.THROUGH, Bound.BEFORE) and meant.due_on and mention.year:
        step = Step("until", {"day": meant.due_on})
        return replace(detail, rule=replace(detail.rule, until=meant.due_on), spans=spans, steps=(*detail.steps, step))
    if lead.bound is Bound.WITHIN and mention.year and meant.due_on and meant.due_on >= asked.document_on:
        # "hằng tháng, năm 2025": the text sets an end, and how it was meant must still be confirmed.
        return replace(detail, rule=replace(detail.rule, until=meant.due_on), unsure=True)
    return replace(detail, unsure=True)


def _yearly(detail: Detail, due_on: date) -> Recurrence:
    """Return the rule for a day of every year; two days half a year apart ("20/6 và 20/12") come twice a year."""
    month_end = (due_on + ONE_DAY).month != due_on.month
    rule = replace(detail.rule, month=due_on.month, day=None if month_end else due_on.day)
    earlier = detail.yearly_day
    if earlier is None:
        return rule
    if due_on.month - earlier.month == HALF_YEAR_MONTHS and detail.rule.day == rule.day:
        return replace(rule, kind=DeadlineKind.RECURRING_SEMIANNUAL, month=earlier.month)
    return detail.rule
