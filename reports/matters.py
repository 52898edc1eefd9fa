"""The report's sentences about conclusions, requests, obstacles, indicators and duties without end."""

from collections import Counter
from collections.abc import Mapping, Sequence

from reports.facts import Facts
from reports.narrative import Annexes
from reports.raised import Asked, OpenObstacle
from reports.wording import agencies_text, clipped, names_text, number_text, share, status_text, within_sentence, worded
from reports.work import Conclusions
from texts import date_text

# What a name inside a sentence may take of it; the annex has it whole.
_NAME = 60


def conclusions(facts: Facts, annexes: Annexes) -> Sequence[str]:
    """Return how the conclusions of the last meeting stand, a paragraph for each document of them."""
    told = [_conclusions(each) for each in facts.conclusions]
    return [*told, worded("conclusions_annex", annex=annexes["conclusions"])]


def _conclusions(found: Conclusions) -> str:
    parts = "; ".join(
        worded("part", status=within_sentence(status_text(status)), share=share(count, found.counts.total))
        for status, count in found.counts.parts()
        if count
    )
    return worded("conclusions_some", document=found.document, day=date_text(found.issued_on), parts=parts)


def asked(facts: Facts, annexes: Annexes) -> Sequence[str]:
    """Return how many ask for more time and how many dispute their status, and what was answered."""
    annex = annexes.get("asked", "")
    return [_asked("extensions", facts.extensions, annex), _asked("disputes", facts.disputes, annex)]


def _asked(entry: str, requests: Sequence[Asked], annex: str) -> str:
    if not requests:
        return worded(f"{entry}_nothing")
    waiting = sum(not each.answer for each in requests)
    whose = agencies_text([each.agency_name for each in requests])
    count = number_text(len(requests))
    return worded(f"{entry}_some", count=count, agencies=whose, open=number_text(waiting), annex=annex)


def obstacles(facts: Facts, annexes: Annexes) -> str:
    """Return how many obstacles wait for an answer, and for whose."""
    if not facts.obstacles:
        return worded("obstacles_nothing")
    late = sum(each.days_late > 0 for each in facts.obstacles)
    return worded(
        "obstacles_some",
        count=number_text(len(facts.obstacles)),
        late=number_text(late),
        who=names_text([_waiting(name, count) for name, count in _by_addressee(facts.obstacles).items()]),
        annex=annexes["obstacles"],
    )


def _by_addressee(found: Sequence[OpenObstacle]) -> Mapping[str, int]:
    names = (clipped(each.addressed_name, _NAME) or worded("addressed_nobody") for each in found)
    return dict(Counter(names).most_common())


def _waiting(name: str, count: int) -> str:
    return worded("obstacles_waiting", name=name, count=number_text(count))


def indicators(facts: Facts, annexes: Annexes) -> str:
    """Return how many indicators are on their way, which not, and of how many nobody can tell."""
    standing = Counter(each.on_track for each in facts.indicators)
    behind = [clipped(each.name, _NAME) for each in facts.indicators if each.on_track is False]
    return worded(
        "indicators_some",
        count=number_text(len(facts.indicators)),
        on=number_text(standing[True]),
        off=number_text(standing[False]),
        unknown=number_text(standing[None]),
        behind=worded("indicators_behind", names=names_text(behind)) if behind else "",
        annex=annexes["indicators"],
    )


def recurring(facts: Facts, annexes: Annexes) -> Sequence[str]:
    """Return how the duties that come again stand, and how many go on without a due day."""
    told = []
    if facts.recurring:
        late = sum(work.counts.overdue > 0 for work in facts.recurring)
        periods = sum(work.counts.total for work in facts.recurring)
        count = number_text(len(facts.recurring))
        values = {"count": count, "periods": number_text(periods), "late": number_text(late)}
        told.append(worded("recurring_some", annex=annexes["recurring"], **values))
    if facts.ongoing:
        whose = agencies_text([work.agency_name for work in facts.ongoing])
        count = share(len(facts.ongoing), facts.totals.total)
        told.append(worded("ongoing_some", share=count, agencies=whose, annex=annexes["ongoing"]))
    return told
