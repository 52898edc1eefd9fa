"""What a page is asked: the day, the filters in its URL, and links to the same question with one thing changed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode

from rules.milestone import BEYOND
from rules.reference import Reference
from rules.status import Status
from texts import SaidError
from texts.wording import HANOI

FILTERS = ("as_of", "known_at", "agency", "milestone", "status", "q", "page")


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

    def link(self, path: str, **changes: object) -> str:
        """Return `path` asking the same day (never the page or the other filters), with `changes` put in."""
        kept = {name: self.given[name] for name in ("as_of", "known_at") if name in self.given}
        query = urlencode({**kept, **{name: str(value) for name, value in changes.items() if value is not None}})
        return f"{path}?{query}" if query else path

    def same(self, path: str, **changes: object) -> str:
        """Return `path` with every filter kept and `changes` put in; for the pages of one list."""
        return replace(self, given={}).link(path, **{**self.given, **changes})


def read_question(given: Mapping[str, str], *, today: date, now: datetime, reference: Reference) -> Question:
    """Read the filters of a URL; raises BadQuestionError for one that means nothing."""
    known = {name: given[name].strip() for name in FILTERS if given.get(name, "").strip()}
    status = known.get("status")
    return Question(
        as_of=_day(known["as_of"]) if "as_of" in known else today,
        known_at=_instant(known["known_at"]) if "known_at" in known else now,
        agency=_one_of("agency", known, {agency.code for agency in reference.register.agencies}),
        milestone=_one_of("milestone", known, {BEYOND, *(milestone.code for milestone in reference.milestones)}),
        status=Status(status) if status and _one_of("status", known, set(Status)) else None,
        words=known.get("q", ""),
        page=_page(known.get("page", "1")),
        given=known,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadQuestionError("portal.bad_day", found=text) from None


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise BadQuestionError("portal.bad_instant", found=text) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=HANOI)


def _page(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > len("999999") or int(text) < 1:
        raise BadQuestionError("portal.bad_page", found=text)
    return int(text)


def _one_of(name: str, known: Mapping[str, str], allowed: Collection[str]) -> str | None:
    value = known.get(name)
    if value is not None and value not in allowed:
        raise BadQuestionError(f"portal.bad_{name}", found=value)
    return value
