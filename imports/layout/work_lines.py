"""Whether a line is a row of work all the same, where a table seems to be over."""

import re
from collections.abc import Mapping

from imports.layout.headings import MEASURES, PROGRESS, Field
from imports.layout.other_lines import is_footer
from rules.folding import fold

_COUNTS = re.compile(r"^(?:(?=.*\d)[\w.-]{1,12}|[IVXLC]{1,6}|[A-ZĐ])[.)]?$")
_SAYS_MORE = (Field.LEAD, Field.DEADLINE, *sorted(PROGRESS | MEASURES))
_SIGNING = re.compile(r"^\(.*\)$|^.{2,40}, ngay\b.*\bnam\b", re.DOTALL)
_AN_AGENCY = re.compile(
    r"(?:bo|ubnd|uy ban|so|cuc|vu|tong cuc|van phong|ngan hang|thanh tra|cong an|kho bac|bao hiem|dai|vien|hoc vien)\b"
)
_FEWEST_NAMES, _MOST_NAMES = 2, 6


def counts(number: str) -> bool:
    """Whether a text is the number of a row."""
    return bool(_COUNTS.match(number))


def is_work(texts: Mapping[Field, str]) -> bool:
    """Whether the `texts` of a line are a row of work: what is to be done, and its number or more of it."""
    return bool(_work(texts) and _is_numbered(texts)) or tells_more(texts)


def tells_more(texts: Mapping[Field, str]) -> bool:
    """Whether a line of work or with a number says who, until when, or what was done.

    Signatures side by side are none, nor the names below them.
    """
    says_more = any((text := texts.get(field_)) and not _is_signing(text) for field_ in _SAYS_MORE)
    return says_more and bool(_work(texts) or _is_numbered(texts))


def _work(texts: Mapping[Field, str]) -> str:
    return texts.get(Field.TASK) or texts.get(Field.INDICATOR, "")


def _is_numbered(texts: Mapping[Field, str]) -> bool:
    return counts(texts.get(Field.SEQ) or texts.get(Field.TASK_CODE, ""))


def _is_signing(text: str) -> bool:
    """Whether a text belongs to a signature: "(Ký, ghi rõ họ tên)", an office, the place and day, a person's name."""
    folded = fold(text)
    if _SIGNING.match(folded) or is_footer(text, [text]):
        return True
    words = text.split()
    names = _FEWEST_NAMES <= len(words) <= _MOST_NAMES and all(word[0].isupper() and word.isalpha() for word in words)
    return names and not _AN_AGENCY.match(folded)
