"""Turn what one person must hear into a subject, a plain text and an HTML page (Vietnamese, one English line)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from notifications.notice import PlannedItem
from notifications.plain_text import plain
from notifications.rows_workbook import state_of
from notifications.summary import figures_of, subject_of, summary_of
from texts import Language, date_text, instant_text, period_text, say

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(enabled_extensions=("html",), default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_TEMPLATES.filters["plain"] = plain
_TEMPLATES.filters["day"] = date_text
_TEMPLATES.globals["say"] = say
# Names and counts of a digest's sections, in their order.
_SECTIONS = (
    ("notice.work_of", "notice.count"),
    ("notice.shares_of", "notice.count_shares"),
    ("notice.obstacles_of", "notice.count_obstacles"),
)


@dataclass(frozen=True)
class Digest:
    """One message, ready to send."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class News:
    """What changed since the reader's digest of `since`: new items, items done, items known and still open."""

    since: date
    new: int
    done: int
    still: int


@dataclass(frozen=True)
class Letterhead:
    """What stands around the items: the reader, the day, what is new, the way to answer, how many items are shown."""

    recipient: str
    as_of: date
    known_at: datetime
    news: News | None = None
    link: str = ""
    shown: int = 50


@dataclass(frozen=True)
class _Group:
    """The items of one agency, its shares handed down or the answers it owes, most severe first, and how many."""

    name: str
    items: tuple[PlannedItem, ...]
    count: str


def render(head: Letterhead, items: Sequence[PlannedItem]) -> Digest:
    """Write the digest of `items` (most severe first), grouped by agency; shares and answers owed come last."""
    open_ = [item for item in items if not item.ended]
    done = list({item.subject: item for item in items if item.ended}.values())
    figures = figures_of(open_, done)
    shared, shown = _asked_of_all(open_), [*open_, *done][: head.shown]
    words: dict[str, Any] = {
        "subject": subject_of(figures),
        "english": summary_of(figures, Language.EN),
        "summary": summary_of(figures),
        "recipient": head.recipient,
        "groups": list(_grouped(shown)),
        "more": len(open_) + len(done) - len(shown),
        "news": _news(head.news),
        "link": head.link,
        "as_of": head.as_of,
        "known_at": instant_text(head.known_at),
        "state": state_of,
        "asked_of_all": " ".join(shared),
        "ask": partial(_ask, said=shared),
        "aside": _aside,
        "number": _number,
        "waiting": figures.of_answers["waiting"],
        "shares_late": figures.of_shares["late"],
        **figures.of_work,
    }
    return Digest(words["subject"], _written("digest.txt", words), _written("digest.html", words))


def _written(template: str, words: dict[str, Any]) -> str:
    return _TEMPLATES.get_template(template).render(words)


def _grouped(items: Sequence[PlannedItem]) -> Iterator[_Group]:
    """Group by agency, the one with the most severe item first; then its shares; then what it must answer to others."""
    order = {agency: place for place, agency in enumerate(dict.fromkeys(item.agency for item in items))}
    by_agency = sorted(items, key=lambda item: (_section(item), order[item.agency]))
    for (section, _), group in groupby(by_agency, key=lambda item: (_section(item), item.agency)):
        members, (name, count) = tuple(group), _SECTIONS[section]
        yield _Group(say(name, agency=members[0].agency_name), members, say(count, count=len(members)))


def _section(item: PlannedItem) -> int:
    """Return the place of an item's section in `_SECTIONS`."""
    return 2 if item.obstacle_id else 1 if item.handed_id else 0


def _number(item: PlannedItem) -> str:
    """Name the row of the document, and the period of a recurring duty."""
    values = {"number": plain(item.number), "document": plain(item.document), "period": plain(period_text(item.period))}
    if item.obstacle_id:
        return say("notice.number_obstacle", by=plain(item.raised_by), **values)
    if item.handed_id:
        return say("notice.number_share", unit=plain(item.unit), **values)
    return say("notice.number_period" if item.period else "notice.number", **values)


def _news(news: News | None) -> str:
    """Say what is new since the last digest: "3 mới, 2 đã xong"; nothing in the first one."""
    if news is None:
        return ""
    counts = {"new": news.new, "done": news.done, "still": news.still}
    said = ", ".join(say(f"notice.news_{name}", count=count) for name, count in counts.items() if count)
    return say("notice.news", day=date_text(news.since), news=said) if said else ""


def _asked_of_all(items: Sequence[PlannedItem]) -> list[str]:
    """Return the requests that every open item makes, to be said once."""
    if not items:
        return []
    return [request for request in _requests(items[0]) if all(request in _requests(item) for item in items)]


def _ask(item: PlannedItem, *, said: Sequence[str]) -> str:
    """Say what is asked of the reader about one item beyond what was `said` for all; empty for nothing more."""
    return " ".join(request for request in _requests(item) if request not in said)


def _requests(item: PlannedItem) -> list[str]:
    """Return what is asked about an item: first of all the missing evidence, then what its role must do."""
    if item.ended:
        return []
    if item.information:
        return [say("notice.ask_information")]
    if item.obstacle_id:
        return [say("notice.ask_obstacle")]
    if item.handed_id:
        return [say("notice.ask_share")]
    asked = [plain(item.ask) if item.ask else say(f"notice.ask_{item.role}")]
    return [say("notice.ask_evidence"), *asked] if item.awaiting else asked


def _aside(item: PlannedItem) -> str:
    """Say why a reader hears what another post should: that post is vacant."""
    if not item.skipped:
        return ""
    return say("notice.skipped", roles=", ".join(say(f"notice.role_{role}") for role in item.skipped))
