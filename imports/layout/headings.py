"""What a column heading means: the variants offices use, from `headings.csv`, folded and without punctuation."""

import csv
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from rules.folding import fold

LONGEST_HEADING = 90
_WORD = re.compile(r"[a-z0-9%]+")
_PARENTHESIS = re.compile(r"\([^()]*\)")
_FEWEST_WORDS_OF_A_PREFIX = 2
_READS_LIKE_A_DEADLINE = re.compile(
    r"\b(?:thang|quy|nam|ngay|truoc)\b.*\d|^t?\.?\d{1,2}[/.-]\d{4}$|^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}$"
    r"|^20\d\d$|thuong xuyen|hang (?:thang|quy|nam)"
)
_TELLS_WHAT_WAS_DONE = re.compile(r"(?:da|dang|chua)\b")


class Field(StrEnum):
    """What a column holds."""

    SEQ = "seq"
    TASK_CODE = "task_code"
    GROUP = "group"
    TASK = "task"
    LEAD = "lead"
    COORDINATING = "coordinating"
    SUB_UNIT = "sub_unit"
    DEADLINE = "deadline"
    START = "start"
    PRODUCT = "product"
    SUBMIT_TO = "submit_to"
    ASSIGNING_DOC = "assigning_doc"
    ASSIGNED_DATE = "assigned_date"
    CLAUSE = "clause"
    LEADER = "leader"
    CONTACT = "contact"
    MONITOR = "monitor"
    STATUS = "status"
    PROGRESS_PCT = "progress_pct"
    RESULT_NOW = "result_now"
    EVIDENCE = "evidence"
    COMPLETED_DATE = "completed_date"
    DIFFICULTY = "difficulty"
    PROPOSAL = "proposal"
    EXTENSION = "extension"
    INDICATOR = "indicator"
    UNIT = "unit"
    TARGET = "target"
    ACTUAL = "actual"
    BUDGET = "budget"
    PRIORITY = "priority"
    NOTE = "note"


PROGRESS = frozenset({Field.STATUS, Field.PROGRESS_PCT, Field.RESULT_NOW, Field.EVIDENCE, Field.COMPLETED_DATE})


def heading_words(text: str) -> str:
    """Return the words of a heading, folded, without punctuation and "và", so that variants compare equal."""
    return " ".join(word for word in _WORD.findall(fold(text)) if word != "va")


@lru_cache(maxsize=4096)
def heading(text: str) -> Field | None:
    """Return what a heading means, or None; what stands in parentheses is tried first and then left out."""
    if len(text) > LONGEST_HEADING:
        return None
    known = _variants()
    return known.get(heading_words(text)) or known.get(heading_words(_PARENTHESIS.sub(" ", text)))


def column_field(tiers: Iterable[str]) -> Field | None:
    """Return what a column under several tiers of headings means: the lowest tier counts most."""
    texts = [text for text in tiers if text]
    if not texts:
        return None
    below = texts[-1]
    whole = heading(" ".join(dict.fromkeys(texts)))
    return whole or heading(below) or _by_prefix(below) or heading(texts[0])


def in_context(
    columns: Mapping[int, Field], headings: Mapping[int, str], samples: Mapping[int, list[str]]
) -> dict[int, Field]:
    """Return the columns with the ambiguous headings decided by their neighbours and by what stands under them."""
    fields = dict(columns)
    for decide in (_deadline_or_status, _by_neighbours):
        for index in columns:
            others = {field for at, field in fields.items() if at != index}
            fields[index] = decide(heading_words(headings[index]), fields[index], others, samples.get(index, []))
    return fields


def _deadline_or_status(words: str, field: Field, others: set[Field], sample: list[str]) -> Field:
    """Decide "Tiến độ" first, by what stands under it: whether the table reports hangs on it."""
    if words == "tien do hoan thanh":
        return Field.STATUS if Field.DEADLINE in others else Field.DEADLINE
    if field is Field.STATUS and Field.DEADLINE not in others and _mostly_deadlines(sample):
        return Field.DEADLINE
    return field


def _by_neighbours(words: str, field: Field, others: set[Field], _sample: list[str]) -> Field:
    if words == "don vi":
        return Field.UNIT if Field.INDICATOR in others or Field.LEAD in others else Field.LEAD
    if words == "ket qua":
        if Field.INDICATOR in others:
            return Field.TARGET
        return Field.RESULT_NOW if others & (PROGRESS | {Field.PRODUCT}) else Field.PRODUCT
    return field


def _mostly_deadlines(sample: list[str]) -> bool:
    return bool(sample) and sum(_reads_like_a_deadline(fold(text)) for text in sample) * 2 > len(sample)


def _reads_like_a_deadline(folded: str) -> bool:
    return bool(_READS_LIKE_A_DEADLINE.search(folded)) and not _TELLS_WHAT_WAS_DONE.match(folded)


def _by_prefix(text: str) -> Field | None:
    """Return the meaning of the longest known heading `text` begins with ("Kết quả đến nay (25/6)…")."""
    words = heading_words(text).split()
    for length in range(len(words) - 1, _FEWEST_WORDS_OF_A_PREFIX - 1, -1):
        field = _variants().get(" ".join(words[:length]))
        if field:
            return field
    return None


@cache
def _variants() -> Mapping[str, Field]:
    lines = (files("imports.layout") / "headings.csv").read_text(encoding="utf-8").splitlines()
    return {heading_words(row["variant"]): Field(row["field"]) for row in csv.DictReader(lines)}
