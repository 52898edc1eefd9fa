"""Read the words before a mention: until it, before it, from it, in force from it, at its beginning or end."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from rules.deadline.answer import Circumstances, DeadlineKind, Step
from rules.deadline.periods import HALF_YEAR_MONTHS, Period, month_end
from rules.deadline.phrase import Span

ONE_DAY = timedelta(days=1)
MIDDLE_OF_MONTH = 15


class Bound(StrEnum):
    """How a mention limits the work."""

    WITHIN = "within"
    THROUGH = "through"
    BEFORE = "before"
    IN_FORCE = "in_force"
    FROM = "from"
    AFTER = "after"


class Point(StrEnum):
    """Which day of a period is meant (Civil Code 2015 art. 146); `WHOLE` is all of it."""

    WHOLE = "whole"
    BEGINNING = "beginning"
    MIDDLE = "middle"
    END = "end"


_BOUND_WORDS = (
    r"truoc (?:va|hoac) trong|truoc|(?:ke )?tu ngay (?:ky|ban hanh)"
    r"|(?:bao dam |dam bao )?(?:co )?hieu luc(?: thi hanh)?|(?:bat dau |ke |tinh )tu"
    r"|(?<!thong )(?<!dau )(?<!vat )(?<!thu )tu|(?<!thu )sau"
    r"|den het|den cuoi|cho den|den|toi|cham nhat|muon nhat|het|trong|vao|la"
    r"|(?:khong|ko) (?:de )?(?:qua|muon hon|cham hon|tre hon)"
    r"|han chot|han cuoi|thoi han|han|dau|giua|cuoi|ngay cuoi cung(?: cua)?|thoi diem|ngay|moc|nay"
)
_CLOCK = r"(?:luc )?\d{1,2} ?(?:(?:h|g|gio) ?(?:\d{2})?(?: ?phut|')?|: ?\d{2})"
_TAIL = re.compile(rf"(?:(?<![a-z0-9])(?:{_BOUND_WORDS}|{_CLOCK})(?![a-z0-9])[ ,:]*)+$", re.ASCII)
_HOUR = re.compile(r"(?<!\d)(\d{1,2}) ?(?:h|g|:)", re.ASCII)
_POINTS = (
    (re.compile(r"(?<!bat )\bdau\b"), Point.BEGINNING),
    (re.compile(r"\bgiua\b"), Point.MIDDLE),
    (re.compile(r"\bcuoi\b"), Point.END),
)
_BOUNDS = (
    (re.compile(r"\btruoc (?:va|hoac) trong\b"), Bound.THROUGH),
    (re.compile(r"\bhieu luc\b"), Bound.IN_FORCE),
    (re.compile(r"\btruoc\b"), Bound.BEFORE),
    (re.compile(r"\b(?:den|toi|cham nhat|muon nhat|khong|ko|het)\b"), Bound.THROUGH),
    (re.compile(r"\btu\b"), Bound.FROM),
    (re.compile(r"\bsau\b"), Bound.AFTER),
)
_FROM_NOW = re.compile(r"\btu (?:nay|ngay ky|ngay ban hanh)\b")
MAX_TAIL = 80


@dataclass(frozen=True)
class Lead:
    """What stands right before a mention."""

    span: Span
    bound: Bound = Bound.WITHIN
    point: Point = Point.WHOLE
    hour: int | None = None
    from_now: bool = False


@dataclass(frozen=True)
class Limit:
    """A mention read with its lead: a start without a due day, or a due day with the start of its period."""

    kind: DeadlineKind
    start: date | None = None
    due_on: date | None = None
    unsure: bool = False
    steps: tuple[Step, ...] = field(default_factory=tuple)


def read_lead(folded: str, since: int, until: int) -> Lead:
    """Read the words that end at `until`, not reaching back beyond `since`."""
    window = max(since, until - MAX_TAIL)
    tail = _TAIL.search(folded[window:until])
    if tail is None:
        return Lead((until, until))
    words = tail[0]
    hour = _HOUR.search(words)
    return Lead(
        span=(window + tail.start(), until),
        bound=next((bound for pattern, bound in _BOUNDS if pattern.search(words)), Bound.WITHIN),
        point=next((point for pattern, point in _POINTS if pattern.search(words)), Point.WHOLE),
        hour=int(hour[1]) if hour else None,
        from_now=_FROM_NOW.search(words) is not None,
    )


def limit(period: Period, lead: Lead, asked: Circumstances) -> Limit:
    """Return the day or days meant by `period` under `lead`."""
    if lead.bound in (Bound.FROM, Bound.AFTER) and period.kind is not DeadlineKind.RANGE:
        return _start(period, lead)
    point, unsure = _point(period, lead.point)
    if lead.bound is Bound.IN_FORCE:
        step = Step("in_force", {"day": point.first})
        return Limit(period.kind, due_on=point.first - ONE_DAY, unsure=unsure, steps=(step,))
    if lead.bound is Bound.BEFORE:
        return _before(point, lead, unsure=unsure, asked=asked)
    unsure = unsure or lead.hour == 0
    open_ended = lead.bound is Bound.THROUGH or lead.point is not Point.WHOLE or period.kind is DeadlineKind.DATE
    start = None if open_ended else period.first
    if lead.from_now:
        return Limit(DeadlineKind.RANGE, asked.document_on, point.last, unsure, (_from_now(asked),))
    return Limit(point.kind, start, point.last, unsure, _point_steps(lead.point, point))


def _from_now(asked: Circumstances) -> Step:
    return Step("from_now", {"day": asked.document_on})


def _start(period: Period, lead: Lead) -> Limit:
    point, unsure = _point(period, lead.point)
    start = point.first if lead.bound is Bound.FROM else point.last + ONE_DAY
    return Limit(period.kind, start=start, unsure=unsure, steps=(Step("start", {"day": start}),))


def _before(point: Period, lead: Lead, *, unsure: bool, asked: Circumstances) -> Limit:
    """Exclusive for a day unless the setting says otherwise; a clock time falls on the day itself."""
    if lead.hour:
        return Limit(point.kind, due_on=point.last, unsure=unsure, steps=(Step("clock", {"hour": lead.hour}),))
    earlier = point.first - ONE_DAY
    if lead.point is Point.END:
        return Limit(point.kind, due_on=point.last, unsure=True, steps=(Step("before_end", {"day": point.last}),))
    if point.first != point.last:
        return Limit(point.kind, due_on=earlier, unsure=unsure, steps=(Step("before_period", {"day": earlier}),))
    code = "before_exclusive" if asked.before_is_exclusive else "before_inclusive"
    step = Step(code, {"exclusive": earlier, "inclusive": point.last})
    return Limit(point.kind, due_on=earlier if asked.before_is_exclusive else point.last, unsure=unsure, steps=(step,))


def _point(period: Period, point: Point) -> tuple[Period, bool]:
    """Return the meant day of a period and whether it must be confirmed; art. 146 settles months and years alone."""
    if point is Point.WHOLE:
        return period, False
    if point is Point.BEGINNING:
        return Period(period.kind, period.first, period.first), True
    if point is Point.END:
        return Period(period.kind, period.last, period.last), False
    middle = _middle(period)
    kind = DeadlineKind.HALF_YEAR if period.kind is DeadlineKind.YEAR else period.kind
    return Period(kind, middle, middle), period.kind not in (DeadlineKind.MONTH, DeadlineKind.YEAR)


def _middle(period: Period) -> date:
    if period.kind is DeadlineKind.MONTH:
        return period.first.replace(day=MIDDLE_OF_MONTH)
    if period.kind is DeadlineKind.YEAR:
        return month_end(period.first.replace(month=HALF_YEAR_MONTHS))
    return period.first + (period.last - period.first) // 2


def _point_steps(point: Point, period: Period) -> tuple[Step, ...]:
    return () if point is Point.WHOLE else (Step(f"point_{point}", {"day": period.last}),)
