"""Name the stages of work done in stages: "Quý II/2025 (dự thảo); Quý IV/2025 (ban hành)"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from rules.deadline.answer import STAGE_NAMED, Reading, Step
from rules.deadline.phrase import Phrase, Span
from rules.folding import fold

_STAGE = "stage"
_WORDS = re.compile(
    r"\b(?:du thao|de cuong|ho so|lay y kien|tham dinh|trinh|thong qua|phe duyet|ban hanh|cong bo"
    r"|hoan thanh|hoan thien|thi diem|trien khai|van hanh|nghiem thu|tong ket|bao cao)\b",
    re.ASCII,
)
_APART = re.compile(r"[;,)\n]")


def name_stages(reading: Reading, phrase: Phrase, mentioned: Sequence[Span]) -> Reading:
    """Return `reading` with its stages named by the words beside each of the days `mentioned`, spans in reading order.

    Left as it is unless every stage is named, no two alike, and each is due later than the one before: points of a
    trajectory ("tháng 6 (10%); tháng 12 (57%)") and repeated deliveries are no stages.
    """
    days: list[date] = [step.values["day"] for step in reading.steps if step.code == _STAGE]
    names = list(_names(phrase, mentioned))
    ordered = all(one < other for one, other in pairwise(days))
    named = len(days) == len(names) == len(set(names)) and all(map(_is_stage, names))
    if not (days and ordered and named) or "%" in phrase.written:
        return reading
    others = tuple(step for step in reading.steps if step.code != _STAGE)
    kept = (Step(STAGE_NAMED, {"words": name, "day": day}) for name, day in zip(names, days, strict=True))
    return replace(reading, steps=(*others, *kept))


def _names(phrase: Phrase, mentioned: Sequence[Span]) -> Iterator[str]:
    """Yield what is written before each mention, or else after it, up to the next mark that sets it apart."""
    ends = [0, *(end for _, end in mentioned)]
    starts = [*(start for start, _ in mentioned), len(phrase.folded)]
    gaps = list(zip(ends, starts, strict=True))
    for before, after in pairwise(gaps):
        first = before[0] == 0
        mark = None if first else _APART.search(phrase.folded, *before)
        ahead = phrase.words((mark.end() if mark else before[0], before[1]))
        mark = _APART.search(phrase.folded, *after)
        behind = phrase.words((after[0], mark.start() if mark else after[1]))
        yield ahead if _is_stage(ahead) else behind


def _is_stage(name: str) -> bool:
    return _WORDS.search(fold(name)) is not None
