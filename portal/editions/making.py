"""/editions/new and /editions/final: an edition is made in the background; a final one after a post approved it."""

import re
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from config.scorecard import load_criteria
from models.reference import calendar_of
from notifications.plain_text import plain
from portal.access import WritingEditions
from portal.desk import Desk
from portal.editions.runs import Made, Making, Runs
from portal.editions.short import lines_of
from portal.kept import Kept
from portal.pages import Pages, language_of
from portal.typed import Typed, TypedForm, speaker
from reports import EditionState, Facts, Purpose, gather_facts, write_edition
from reports.edition import check_final
from reports.editions import EditionHead, heads_of
from reports.review import review_of
from reports.state import EditionStateError, state_after
from rules.access import Visitor
from rules.meeting import cutoff_of, meeting_of

_MONTH = re.compile(r"20\d{2}-(0[1-9]|1[0-2])")
_READ_WITHIN = timedelta(hours=24)
_LONGEST = 500
_UNFINISHED = (EditionState.DRAFT, EditionState.SUBMITTED, EditionState.UPDATED)


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of what is written."""
    router, office = APIRouter(default_response_class=HTMLResponse), _Office(desk, pages)

    @router.get("/editions/new")
    def new(request: Request, _visitor: WritingEditions, month: str = "") -> HTMLResponse:
        """Show what a month has, and the form that makes its next edition."""
        return office.asked(request, office.month(month))

    @router.post("/editions")
    def make(request: Request, visitor: WritingEditions, typed: TypedForm) -> Response:
        """Begin to make a draft, a submitted or an updated edition."""
        return office.make(request, visitor, typed)

    @router.get("/editions/final")
    def final(request: Request, _visitor: WritingEditions, month: str = "") -> HTMLResponse:
        """Show what must be looked at before a month's final edition, and the form that approves it."""
        return office.reviewed(request, office.month(month))

    @router.post("/editions/final")
    def approve(request: Request, visitor: WritingEditions, typed: TypedForm) -> Response:
        """Begin to make the final edition of what was read on the review page."""
        return office.approve(request, visitor, typed)

    @router.get("/editions/runs/{name}")
    def run(request: Request, _visitor: WritingEditions, name: str) -> Response:
        """Show how an edition in the making stands, or that a restart interrupted it; no run leads to the list."""
        found = office.runs.get(name)
        if found is None:
            return RedirectResponse("/editions", status_code=303)
        since = [h for h in heads_of(desk.store, month=found.month) if found.interrupted and _is_of(h, found)]
        return pages.page(request, "editions/run.html", run=found, name=name, since=since)

    return router


class _Office:
    """What the routes work with: editions in the making, and the facts a review page was read with."""

    def __init__(self, desk: Desk, pages: Pages) -> None:
        self.desk, self.pages, self.runs, self._kept = desk, pages, Runs(), Kept[Facts](desk.store)

    def month(self, text: str) -> str:
        """Return the month somebody names, else the present one."""
        return text if _MONTH.fullmatch(text) else f"{self.desk.today():%Y-%m}"

    def asked(self, request: Request, month: str, *, status_code: int = 200, **more: Any) -> HTMLResponse:
        """Return the page on which the next edition of a month is asked for."""
        around: dict[str, Any] = {"month": month, "typed": Typed(), "errors": [], **more}
        around |= {"states": _states(self.desk, month), "heads": heads_of(self.desk.store, month=month)}
        return self.pages.page(request, "editions/new.html", status_code=status_code, **around)

    def make(self, request: Request, visitor: Visitor, typed: Typed) -> Response:
        """Begin to make an edition, or say what is wrong with what was asked for."""
        month, state = typed.get("month").strip(), typed.get("state")
        wrong = "" if _MONTH.fullmatch(month) else "month"
        if not wrong and state not in {each.value for each in _states(self.desk, month)}:
            wrong = "state"
        if wrong:
            errors = [(wrong, f"bad_{wrong}")]
            return self.asked(request, self.month(month), status_code=422, typed=typed, errors=errors)
        purpose = Purpose(EditionState(state), plain(typed.get("reason"), _LONGEST), asked_by=speaker(visitor))
        return self._begin(month, purpose, self.desk.now())

    def reviewed(self, request: Request, month: str, *, status_code: int = 200, **more: Any) -> HTMLResponse:
        """Return the page of what must be looked at before the final edition of a month."""
        now = self.desk.now()
        facts, _ = self._kept.of(month, now, lambda: _facts(self.desk, month, now))
        review, language = review_of(self.desk.store, facts), language_of(request)
        others = [each for each in review.changes if each not in review.moved]
        around: dict[str, Any] = {"month": month, "facts": facts, "review": review, "typed": Typed(), "errors": []}
        around |= {"moved": lines_of(review.moved, language), "others": lines_of(others, language)}
        around |= {"stopped": _stopped(self.desk, month), **more}
        return self.pages.page(request, "editions/final.html", status_code=status_code, **around)

    def approve(self, request: Request, visitor: Visitor, typed: Typed) -> Response:
        """Begin to make the final edition of the facts that were read, or say what the approval lacks."""
        month, by = self.month(typed.get("month")), plain(typed.get("approved_by"), _LONGEST)
        known_at = _read_at(typed.get("known_at"), self.desk.now())
        wrong = {"approved_by": not by, "confirmed": typed.get("confirmed") != "yes", "known_at": known_at is None}
        errors = [(name, f"no_{name}") for name, is_wrong in wrong.items() if is_wrong]
        if errors or known_at is None or _stopped(self.desk, month):
            return self.reviewed(request, month, status_code=422, typed=typed, errors=errors)
        reason = plain(typed.get("reason"), _LONGEST)
        return self._begin(month, Purpose(EditionState.FINAL, reason, by, asked_by=speaker(visitor)), known_at)

    def _begin(self, month: str, purpose: Purpose, known_at: datetime) -> Response:
        making = Making(month, str(purpose.state), self.desk.now())
        name = self.runs.start(making, lambda: _made(self.desk, month, purpose, known_at))
        return RedirectResponse(f"/editions/runs/{name}", status_code=303)


def _made(desk: Desk, month: str, purpose: Purpose, known_at: datetime) -> Made:
    """Write an edition; a final one goes to the meeting's list as well."""
    facts = _facts(desk, month, known_at)
    written = write_edition(facts, store=desk.store, out=desk.reports, now=desk.now(), purpose=purpose)
    is_final = purpose.state is EditionState.FINAL
    return written, desk.send_edition(written.code) if is_final and desk.send_edition else {}


def _is_of(head: EditionHead, making: Making) -> bool:
    """Whether an edition may be what an interrupted making wrote before it was interrupted."""
    return head.state == making.state and head.created_at >= making.asked_at


def _facts(desk: Desk, month: str, known_at: datetime) -> Facts:
    with desk.store.reading() as session:
        meeting = meeting_of(month, calendar_of(session))
    return gather_facts(
        desk.store,
        month=month,
        cutoff=cutoff_of(month),
        meeting=meeting,
        known_at=known_at,
        level=desk.level,
        warning_working_days=desk.warning_working_days,
        thresholds=load_criteria().thresholds,
    )


def _states(desk: Desk, month: str) -> list[EditionState]:
    """Return the states the next edition of a month may have, the final one apart."""
    heads = heads_of(desk.store, month=month)
    last = EditionState(heads[0].state) if heads else None
    return [state for state in _UNFINISHED if _follows(last, state, month)]


def _follows(last: EditionState | None, state: EditionState, month: str) -> bool:
    try:
        state_after(last, state, month=month)
    except EditionStateError:
        return False
    return True


def _stopped(desk: Desk, month: str) -> bool:
    """Whether no final edition of the month may be made now."""
    try:
        check_final(desk.store, month)
    except EditionStateError:
        return True
    return False


def _read_at(text: str, now: datetime) -> datetime | None:
    """Return the instant of the facts somebody read; None when it is none, or nobody could have read them today."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo and now - _READ_WITHIN <= at <= now else None
