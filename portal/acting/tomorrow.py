"""/tomorrow: who would be told what on the next working day and why, and what would be left untold and why."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from math import ceil
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from models.reference import calendar_of
from notifications import PlannedNotice, Suppressed, Suppression, plan_notices
from portal.access import Deciding, changed_lately
from portal.desk import Desk
from portal.kept import Kept
from portal.pages import Pages
from rules.ladder import Role

PER_PAGE = 25
UNTOLD_PER_PAGE = 100
Page = Annotated[int, Query(ge=1, le=100_000)]


@dataclass(frozen=True)
class Digest:
    """One letter as it would be: to whom, about how many assignments, and its words without links."""

    recipient: str
    address: str
    channel: str
    role: Role
    agency: str
    reason: str
    subject: str
    text: str
    codes: tuple[str, ...]
    days_late: int
    not_before: datetime | None
    attachments: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What the next working day would bring."""

    day: date
    digests: Sequence[Digest]
    untold: Sequence[Suppressed]

    @cached_property
    def reasons(self) -> Sequence[tuple[str, int]]:
        """Why something stays untold and how often, the most frequent first."""
        return Counter(each.reason for each in self.untold).most_common()


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the route of the preview."""
    router, kept = APIRouter(default_response_class=HTMLResponse), Kept[Preview](desk.store)

    @router.get("/tomorrow")
    def tomorrow(request: Request, _visitor: Deciding, reason: str = "", page: Page = 1) -> HTMLResponse:
        """Show the letters of the next working day, or what stays untold for one reason."""
        now, day = desk.now(), _next_working(desk)
        waits = changed_lately(request)
        preview, made_at = kept.of(day, now, lambda: _preview(desk, day, now), waits=waits)
        chosen = reason if reason in set(Suppression) else ""
        untold = [each for each in preview.untold if each.reason == chosen] if chosen else []
        listed, most = (untold, UNTOLD_PER_PAGE) if chosen else (preview.digests, PER_PAGE)
        last = max(1, ceil(len(listed) / most))
        page = min(page, last)
        return pages.page(
            request,
            "acting/tomorrow.html",
            preview=preview,
            made_at=made_at,
            reason=chosen,
            counts=preview.reasons,
            letters=sum(len(each.codes) for each in preview.digests),
            rows=listed[(page - 1) * most : page * most],
            page=page,
            last=last,
            page_link=lambda number: f"/tomorrow?reason={chosen}&page={number}",
            allowed=sorted(desk.digests.trial),
        )

    return router


def _next_working(desk: Desk) -> date:
    with desk.store.reading() as session:
        return calendar_of(session).next_working(desk.today() + timedelta(days=1))


def _preview(desk: Desk, day: date, now: datetime) -> Preview:
    plan = plan_notices(
        desk.store, as_of=day, now=now, dry_run=True, level=desk.level, policy=desk.digests, channels=desk.channels
    )  # fmt: skip
    return Preview(day, [_digest(each) for each in plan.notices], plan.suppressed)


def _digest(notice: PlannedNotice) -> Digest:
    return Digest(
        recipient=notice.recipient,
        address=notice.address,
        channel=notice.channel,
        role=notice.role,
        agency=notice.agency,
        reason=notice.reason,
        subject=notice.subject,
        text=notice.text,
        codes=tuple(item.code for item in notice.items),
        days_late=max((item.days_late for item in notice.items), default=0),
        not_before=notice.not_before,
        attachments=tuple(each.name for each in notice.attachments),
    )
