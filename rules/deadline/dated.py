"""Combine the mentions of a phrase into one reading: one limit, a range, or several steps of which the last is due."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from rules.deadline.answer import Circumstances, DeadlineKind, Problem, Reading, Step
from rules.deadline.bounds import Bound, Lead, Limit, limit, read_lead
from rules.deadline.mention import Mention
from rules.deadline.mentions import find_mentions
from rules.deadline.periods import Period
from rules.deadline.phrase import Phrase, Span
from rules.deadline.stages import name_stages
from rules.deadline.unread import unread_steps

_RANGE_LINK = re.compile(r"^\s*(?:-+>?|~|\bden\b|\btoi\b)?\s*$", re.ASCII)
_LIST_LINK = re.compile(r"^[\s,&]*(?:va)?\s*$", re.ASCII)
_WEEKDAYS = (
    "thu (?:hai|2)",
    "thu (?:ba|3)",
    "thu (?:tu|4)",
    "thu (?:nam|5)",
    "thu (?:sau|6)",
    "thu (?:bay|7)",
    "chu nhat",
)
_NO_ORDINAL = r"(?<!hop )(?<!lan )(?<!dot )(?<!khoa )(?<!thang )(?<!quy )(?<!tuan )(?<!phien )"
_OPENING = re.compile(r"\(\s*$")


@dataclass(frozen=True)
class Placed:
    """A mention with its lead, its limit and the text between it and the mention before."""

    mention: Mention
    lead: Lead
    limit: Limit
    period: Period
    link: str


def read_dated(phrase: Phrase, asked: Circumstances) -> Reading | None:
    """Read a phrase that mentions days or periods; None when it mentions none.

    Raises ImpossibleDateError when one of them does not exist.
    """
    placed = _place(phrase, asked)
    if not placed:
        return None
    refined = _refined(placed)
    mentioned = [(each.lead.span[0], each.mention.span[1]) for each in refined]
    reading = name_stages(_combine(refined), phrase, mentioned)
    spans = [span for each in placed for span in (each.lead.span, each.mention.span)]
    unread = unread_steps(phrase, [*spans, *_weekdays(phrase, reading)])
    return replace(reading, steps=reading.steps + unread, unsure=reading.unsure or bool(unread) or refined != placed)


def _weekdays(phrase: Phrase, reading: Reading) -> Iterator[Span]:
    """Yield where the due day's own weekday is named; another one stays unread, and has to be confirmed."""
    if reading.kind is DeadlineKind.DATE and reading.due_on:
        names = _WEEKDAYS[reading.due_on.weekday()]
        yield from (match.span() for match in re.finditer(rf"{_NO_ORDINAL}\b(?:{names})\b", phrase.folded))


def _place(phrase: Phrase, asked: Circumstances) -> list[Placed]:
    mentions = find_mentions(phrase, asked.document_on)
    ends = [0, *(mention.span[1] for mention in mentions)]
    leads = [read_lead(phrase.folded, end, mention.span[0]) for end, mention in zip(ends, mentions, strict=False)]
    placed: list[Placed] = []
    following: Period | None = None
    for index in reversed(range(len(mentions))):
        lead, before = leads[index], mentions[index - 1] if index else None
        found = _with_year(_settled(mentions[index], lead), lead, before, following, asked)
        period = found.period()
        meant = limit(period, lead, asked)
        link = phrase.folded[ends[index] : lead.span[0]]
        placed.insert(0, Placed(found, lead, _annotated(meant, found), period, link))
        following = period
    return placed


def _settled(mention: Mention, lead: Lead) -> Mention:
    """Take back a doubt the lead settles: "đến 8/10" can only be a day, whatever 8/10 alone may be."""
    surely_a_day = mention.kind is DeadlineKind.DATE and mention.year is None and lead.bound is not Bound.WITHIN
    return replace(mention, unsure=False) if surely_a_day else mention


def _annotated(meant: Limit, mention: Mention) -> Limit:
    return replace(meant, unsure=meant.unsure or mention.unsure, steps=mention.steps + meant.steps)


def _with_year(
    mention: Mention, lead: Lead, before: Mention | None, following: Period | None, asked: Circumstances
) -> Mention:
    """Fill in a missing year: that of the mention after, else before, else the document's, else the next one."""
    if mention.year is not None:
        return mention
    if following:
        same = mention.in_year(following.last.year)
        later = same.period().first > following.last
        return replace(mention.in_year(following.last.year - 1), unsure=True) if later else same
    if before and before.year is not None:
        same = mention.in_year(before.year)
        earlier = same.period().last < before.period().first
        return replace(mention.in_year(before.year + 1), unsure=True) if earlier else same
    return _assumed(mention, lead, asked)


def _assumed(mention: Mention, lead: Lead, asked: Circumstances) -> Mention:
    year = asked.document_on.year
    this = mention.in_year(year)
    meant = limit(this.period(), lead, asked)
    if (meant.due_on or this.period().last) >= asked.document_on:
        return replace(this, steps=(*mention.steps, Step("year_assumed", {"year": year})))
    step = Step("year_next", {"year": year, "next": year + 1})
    return replace(mention.in_year(year + 1), unsure=True, steps=(*mention.steps, step))


def _refined(placed: list[Placed]) -> list[Placed]:
    """Leave out a period that a bracket right after it narrows: "Năm 2025 (Quý II dự thảo; Quý IV ban hành)"."""
    narrowed = [
        each
        for each, after in pairwise(placed)
        if _OPENING.search(after.link) and after.period != each.period and _inside(after.period, each.period)
    ]
    return [each for each in placed if each not in narrowed]


def _inside(inner: Period, outer: Period) -> bool:
    return outer.first <= inner.first and inner.last <= outer.last


def _combine(placed: Sequence[Placed]) -> Reading:
    due = [each for each in placed if each.limit.due_on]
    steps = tuple(step for each in placed for step in each.limit.steps)
    unsure = any(each.limit.unsure for each in placed)
    if not due:
        start = placed[-1].limit.start
        return Reading(placed[-1].limit.kind, start, None, "", unsure or len(placed) > 1, steps, Problem.START_ONLY)
    reading = _join(placed, due)
    return replace(reading, steps=steps + reading.steps, unsure=unsure or reading.unsure)


def _join(placed: Sequence[Placed], due: Sequence[Placed]) -> Reading:
    last = due[-1].limit
    opening = placed[0].limit
    if opening.due_on is None:
        disordered = len(placed) > 1 + len(due) or opening.start is None or _latest(due) < opening.start
        return Reading(DeadlineKind.RANGE, opening.start, _latest(due), unsure=disordered or len(due) > 1)
    started_after = len(placed) > len(due)
    if len(due) == 1:
        return Reading(last.kind, last.start, last.due_on, unsure=started_after)
    disordered = started_after or _latest(due) != last.due_on or _nested(due) or _only_first_before(due)
    if all(_joined(each) for each in due[1:]):
        return Reading(DeadlineKind.RANGE, opening.start or opening.due_on, _latest(due), unsure=disordered)
    kept = tuple(Step("stage", {"day": each.limit.due_on}) for each in due)
    return Reading(last.kind, None, _latest(due), unsure=disordered, steps=kept)


def _nested(due: Sequence[Placed]) -> bool:
    """Whether one due period lies inside another, so that either may be the limit ("Tháng 6, trong năm 2025")."""
    return any(_inside(one.period, other.period) for one in due for other in due if one is not other)


def _only_first_before(due: Sequence[Placed]) -> bool:
    """Whether "trước" stands before the first of a list alone and may be meant for the rest."""
    bounds = [each.lead.bound for each in due]
    return (bounds[0] is Bound.BEFORE and Bound.WITHIN in bounds) or (Bound.BEFORE, Bound.WITHIN) in pairwise(bounds)


def _joined(each: Placed) -> bool:
    if each.lead.bound is Bound.BEFORE:
        return False
    return bool(_RANGE_LINK.match(each.link) or _LIST_LINK.match(each.link))


def _latest(due: Sequence[Placed]) -> date:
    return max(each.limit.due_on for each in due if each.limit.due_on)
