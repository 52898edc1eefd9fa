"""What a page is asked: the day, the filters in its URL, and links to the same question with one thing changed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from models.changed_since import Change
from rules.folding import fold
from rules.milestone import BEYOND, Verdict
from rules.reference import Reference
from rules.register import Register
from rules.status import Flag, Status
from texts import SaidError
from texts.wording import HANOI

FILTERS = (
    "as_of", "known_at", "agency", "milestone", "verdict", "status", "document", "flag", "changed", "late_from",
    "late_to", "q", "page",
)  # fmt: skip
# No day of which the portal is asked needs the years at either end, where calendars and sums of days run out.
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
LONGEST_WORDS = 200
_LONGEST_NUMBER = len("999999")
Kind = TypeVar("Kind", bound=StrEnum)


class BadQuestionError(SaidError):
    """A filter in the URL means nothing; the message says which, and what it may be."""


@dataclass(frozen=True)
class Question:
    """One question, complete: `given` are the filters as they stood in the URL."""

    as_of: date
    known_at: datetime
    agency: str | None
    milestone: str | None
    status: Status | None
    words: str
    page: int
    given: Mapping[str, str]
    verdict: Verdict | None = None
    document: str | None = None
    flag: Flag | None = None
    changed: Change | None = None
    late_from: int = 0
    late_to: int | None = None

    @property
    def then(self) -> bool:
        """Whether it asks what was known at an instant of its own."""
        return "known_at" in self.given

    def link(self, path: str, **changes: object) -> str:
        """Return `path` asking the same day (never the page or the other filters), with `changes` put in."""
        kept = {name: self.given[name] for name in ("as_of", "known_at") if name in self.given}
        query = urlencode({**kept, **{name: str(value) for name, value in changes.items() if value not in {None, ""}}})
        return f"{path}?{query}" if query else path

    def same(self, path: str, **changes: object) -> str:
        """Return `path` with every filter kept and `changes` put in; for the pages of one list."""
        return replace(self, given={}).link(path, **{**self.given, **changes})


def read_question(given: Mapping[str, str], *, today: date, now: datetime, reference: Reference) -> Question:
    """Read the filters of a URL; raises BadQuestionError for one that means nothing.

    An agency may be given by its code or by its name, with or without accents.
    """
    known = {name: given[name].strip() for name in FILTERS if given.get(name, "").strip()}
    return Question(
        as_of=_day(known["as_of"]) if "as_of" in known else today,
        known_at=_instant(known["known_at"]) if "known_at" in known else now,
        agency=_agency(known["agency"], reference.register) if "agency" in known else None,
        milestone=_one_of("milestone", known, {BEYOND, *(milestone.code for milestone in reference.milestones)}),
        status=_kind("status", known, Status),
        words=_words(known.get("q", "")),
        page=_page(known.get("page", "1")),
        given=known,
        verdict=_kind("verdict", known, Verdict),
        document=known.get("document"),
        flag=_kind("flag", known, Flag),
        changed=_kind("changed", known, Change),
        late_from=_number(known["late_from"]) if "late_from" in known else 0,
        late_to=_number(known["late_to"]) if "late_to" in known else None,
    )


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadQuestionError("looking.bad_day", found=text) from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadQuestionError("looking.bad_day", found=text)
    return day


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise BadQuestionError("looking.bad_instant", found=text) from None
    if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        raise BadQuestionError("looking.bad_instant", found=text)
    return instant if instant.tzinfo else instant.replace(tzinfo=HANOI)


def _words(text: str) -> str:
    if len(text) > LONGEST_WORDS:
        raise BadQuestionError("looking.bad_words", found=len(text), most=LONGEST_WORDS)
    return text


def _page(text: str) -> int:
    if not _is_number(text) or int(text) < 1:
        raise BadQuestionError("looking.bad_page", found=text)
    return int(text)


def _number(text: str) -> int:
    if not _is_number(text):
        raise BadQuestionError("looking.bad_number", found=text)
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER


def _agency(text: str, register: Register) -> str:
    if text in register.by_code():
        return text
    named = fold(text)
    for agency in register.agencies:
        if named in {fold(agency.code), fold(agency.name_vi)}:
            return agency.code
    raise BadQuestionError("portal.bad_agency", found=text)


def _kind(name: str, known: Mapping[str, str], kind: type[Kind]) -> Kind | None:
    value = _one_of(name, known, set(kind))
    return None if value is None else kind(value)


def _one_of(name: str, known: Mapping[str, str], allowed: Collection[str]) -> str | None:
    value = known.get(name)
    if value is not None and value not in allowed:
        raise BadQuestionError(f"looking.bad_{name}", found=value)
    return value
