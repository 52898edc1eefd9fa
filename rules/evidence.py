"""Read the number, sign and date of the document that proves a result: "512/BC-BYT ngày 25/6/2025".

Signs of Decree 30/2020/ND-CP (45/2025/NĐ-CP, 1234/QĐ-BCA), of the party (57-NQ/TW), of the Assembly (24/2023/QH15).
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.deadline.periods import PLAUSIBLE_YEARS, ImpossibleDateError, day
from rules.deadline.phrase import align


class EvidenceKind(StrEnum):
    """What kind of document a sign names; `OTHER` when the sign does not say."""

    LAW = "law"
    ORDER = "order"
    RESOLUTION = "resolution"
    DECREE = "decree"
    DECISION = "decision"
    DIRECTIVE = "directive"
    CIRCULAR = "circular"
    CONCLUSION = "conclusion"
    PLAN = "plan"
    PROGRAMME = "programme"
    REPORT = "report"
    SUBMISSION = "submission"
    NOTICE = "notice"
    GUIDELINE = "guideline"
    MINUTES = "minutes"
    TELEGRAM = "telegram"
    OFFICIAL_LETTER = "official_letter"
    OTHER = "other"


@dataclass(frozen=True)
class EvidenceReference:
    """A document as cited: `number` and `sign` as written (a sign all in small letters in capitals).

    `on` is None unless a full, possible date stands right after the number: it is never guessed.
    """

    number: str
    sign: str
    kind: EvidenceKind
    on: date | None = None


_KINDS = {
    "l": EvidenceKind.ORDER,
    "nq": EvidenceKind.RESOLUTION,
    "nd": EvidenceKind.DECREE,
    "qd": EvidenceKind.DECISION,
    "ct": EvidenceKind.DIRECTIVE,
    "tt": EvidenceKind.CIRCULAR,
    "ttlt": EvidenceKind.CIRCULAR,
    "kl": EvidenceKind.CONCLUSION,
    "kh": EvidenceKind.PLAN,
    "ctr": EvidenceKind.PROGRAMME,
    "bc": EvidenceKind.REPORT,
    "ttr": EvidenceKind.SUBMISSION,
    "tb": EvidenceKind.NOTICE,
    "hd": EvidenceKind.GUIDELINE,
    "bb": EvidenceKind.MINUTES,
    "cd": EvidenceKind.TELEGRAM,
}
_BARE = "|".join(sign for sign in _KINDS if len(sign) > 1)
_REFERENCE = re.compile(
    r"(?P<word>\b(?:luat|nghi quyet)\s(?:so:?\s)?)?(?<![\w/.,-])(?P<number>\d{1,6}[a-d]?(?:/(?:19|20)\d\d)?)\s?[/-]\s?"
    rf"(?P<sign>qh\d{{1,2}}|l-ctn|[a-z]{{2,8}}(?:\s?[-/]\s?[a-z][a-z0-9.&]*)+|(?:{_BARE}))(?![\w/]|-\w)",
    re.ASCII,
)
_DATE = re.compile(
    r"(?:(?:\s(?:cua|do)\s[^,;()\d]{2,80}?)?[\s,(]*(?:(?:duoc\s)?(?:ky|ban hanh)\s)*ngay[\s:]*|\s?\(?)"
    r"(?P<day>\d{1,2})\s?(?P<s>[/.-]|thang)\s?(?P<month>\d{1,2})\s?(?:(?P=s)|,?\s?nam|/)\s?(?P<year>\d{4})(?!\d)",
    re.ASCII,
)
MONTHS = 12


def find_evidence(text: str) -> tuple[EvidenceReference, ...]:
    """Return every document cited in `text`, in reading order; any text gets an answer, none raises."""
    written, folded = align(text)
    found = []
    for match in _REFERENCE.finditer(folded):
        sign = written[slice(*match.span("sign"))]
        if " " in sign and sign != sign.upper():
            continue  # "12/KH - hoàn thành": a dash between words, not inside a sign
        number = written[slice(*match.span("number"))]
        shown = sign.replace(" ", "")
        shown = shown.upper() if shown.islower() else shown
        found.append(EvidenceReference(number, shown, _kind(match), _date(folded, match.end())))
    return tuple(found)


def _kind(match: re.Match[str]) -> EvidenceKind:
    sign = match["sign"]
    if sign.startswith("qh") and sign[2:].isdigit():
        word = match["word"] or ""
        named = EvidenceKind.LAW if word.startswith("luat") else EvidenceKind.RESOLUTION
        return named if word else EvidenceKind.OTHER
    return _KINDS.get(re.split(r"[\s/-]", sign)[0], EvidenceKind.OFFICIAL_LETTER)


def _date(folded: str, after: int) -> date | None:
    """Return the full date that stands right after a number; a date without a year, or an impossible one, is none."""
    match = _DATE.match(folded, after)
    if match is None or int(match["year"]) not in PLAUSIBLE_YEARS:
        return None
    first, second = int(match["day"]), int(match["month"])
    month_first = second > MONTHS >= first
    try:
        return day(int(match["year"]), *((first, second) if month_first else (second, first))).first
    except ImpossibleDateError:
        return None
