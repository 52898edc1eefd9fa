"""Turn what one person must hear into a subject, a plain text and an HTML page (Vietnamese, one English line)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from models import StatusTable
from notifications.notice import PlannedItem
from notifications.plain_text import plain
from rules.ladder import Contact
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


@dataclass(frozen=True)
class Digest:
    """One message, ready to send."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class _Group:
    """The items of one agency, most severe first."""

    name: str
    items: tuple[PlannedItem, ...]


def render(contact: Contact, items: Sequence[PlannedItem], table: StatusTable) -> Digest:
    """Write the digest of `items` (most severe first) for `contact`, grouped by agency."""
    late = [item.days_late for item in items if item.days_late]
    left = [item.days_left for item in items if not item.days_late]
    figures = {
        "late": len(late),
        "worst": max(late, default=0),
        "soon": len(left),
        "nearest": min(left, default=0),
    }
    subject = say(f"notice.subject_{_shape(late, left)}", **figures)
    shared = _asked_of_all(items)
    words: dict[str, Any] = {
        "subject": subject,
        "english": say(f"notice.summary_{_shape(late, left)}", Language.EN, **figures),
        "summary": say(f"notice.summary_{_shape(late, left)}", **figures),
        "recipient": contact.post_vi,
        "groups": list(_grouped(items)),
        "several": len({item.agency for item in items}) > 1,
        "as_of": table.as_of,
        "known_at": instant_text(table.known_at),
        "state": _state,
        "asked_of_all": " ".join(shared),
        "ask": partial(_ask, said=shared),
        "number": _number,
        **figures,
    }
    return Digest(subject, _written("digest.txt", words), _written("digest.html", words))


def _written(template: str, words: dict[str, Any]) -> str:
    return _TEMPLATES.get_template(template).render(words)


def _shape(late: Sequence[int], left: Sequence[int]) -> str:
    """Name the sentence that fits: something late, something soon (today, perhaps), or both."""
    if late:
        return "both" if left else "late"
    if min(left):
        return "soon"
    return "soon_today" if max(left) else "today"


def _grouped(items: Sequence[PlannedItem]) -> Iterator[_Group]:
    """Group by agency; the agency with the most severe item comes first."""
    order = {agency: place for place, agency in enumerate(dict.fromkeys(item.agency for item in items))}
    by_agency = sorted(items, key=lambda item: order[item.agency])
    for _, group in groupby(by_agency, key=lambda item: item.agency):
        members = tuple(group)
        yield _Group(members[0].agency_name, members)


def _state(item: PlannedItem) -> str:
    """Say how an assignment stands: late by, left, or due today; working days."""
    if item.days_late:
        return say("notice.days_late", days=item.days_late)
    return say("notice.days_left", days=item.days_left) if item.days_left else say("notice.due_today")


def _number(item: PlannedItem) -> str:
    """Name the row of the document, and the period of a recurring duty."""
    values = {"number": plain(item.number), "document": plain(item.document), "period": plain(period_text(item.period))}
    return say("notice.number_period" if item.period else "notice.number", **values)


def _asked_of_all(items: Sequence[PlannedItem]) -> list[str]:
    """Return the requests that every item makes, to be said once."""
    return [request for request in _requests(items[0]) if all(request in _requests(item) for item in items)]


def _ask(item: PlannedItem, *, said: Sequence[str]) -> str:
    """Say what is asked of the reader about one item beyond what was `said` for all; empty for nothing more."""
    return " ".join(request for request in _requests(item) if request not in said)


def _requests(item: PlannedItem) -> list[str]:
    """Return what is asked about an item: first of all the missing evidence, then what its role must do."""
    asked = [say(f"notice.ask_{item.role}")]
    return [say("notice.ask_evidence"), *asked] if item.awaiting else asked
