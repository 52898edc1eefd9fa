"""What is pressed on the page of an upload: a reason given, checked again, recorded."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.outcome_tables import AuditEntry
from models.uploads import TO_RECORD, Stage, UploadAsIs, advance
from portal.access import Reporting
from portal.collecting.bench import Bench
from portal.collecting.checking import Number, Uploads
from portal.collecting.view import button_count, says_nothing_new
from portal.desk import Desk
from portal.pages import Pages
from portal.typed import speaker
from rules.access import Visitor

_LONGEST_REASON = 500
Words = Annotated[str, Form(max_length=_LONGEST_REASON)]


def routes(desk: Desk, pages: Pages, bench: Bench) -> APIRouter:
    """Return the routes that change an upload."""
    router, uploads = APIRouter(default_response_class=HTMLResponse), Uploads(desk, pages, bench)

    @router.post("/uploads/{number}/reason", response_model=None)
    def reason(request: Request, visitor: Reporting, number: Number, reason: Words = "") -> Response:
        """Take the reason why stored deadlines change, and check again with it."""
        found, words = uploads.found(number, visitor), " ".join(reason.split())
        if not words or not found.state.answer.get("asks_for_reason"):
            return uploads.page(request, visitor, number, [("reason", "collecting.no_reason")])
        return _asked(visitor, number, Stage.WAITING, (Stage.REFUSED,), reason=words)

    @router.post("/uploads/{number}/check", response_model=None)
    def check_again(visitor: Reporting, number: Number) -> Response:
        """Check again what broke off."""
        uploads.found(number, visitor, with_answer=False)
        return _asked(visitor, number, Stage.WAITING, (Stage.FAILED,))

    @router.post("/uploads/{number}/record", response_model=None)
    def record(request: Request, visitor: Reporting, number: Number, preview: Words = "") -> Response:
        """Record exactly what the page showed."""
        found = uploads.found(number, visitor)
        if found.stage is Stage.RECORDING and found.state.preview == preview:
            bench.begin_recording(found)
            return RedirectResponse(f"/uploads/{number}", status_code=303)
        if found.stage is Stage.RECORDED:
            return RedirectResponse(f"/uploads/{number}", status_code=303)
        if not preview or not button_count(found.state.answer) or found.state.preview != preview:
            return uploads.page(request, visitor, number, [("", "collecting.not_what_was_seen")])
        return _asked(visitor, number, Stage.RECORDING, (*TO_RECORD, Stage.FAILED), seen=preview)

    def _asked(visitor: Visitor, number: int, stage: Stage, after: tuple[Stage, ...], **told: Any) -> Response:
        """Put an upload into a stage, begin its work and lead to its page; a second press finds it begun."""
        advance(desk.store, number, stage, after=after, at=desk.now(), by=speaker(visitor), **told)
        found = uploads.found(number, visitor, with_answer=False)
        if found.stage is Stage.RECORDING:
            bench.begin_recording(found)
        else:
            bench.see_to(found)
        return RedirectResponse(f"/uploads/{number}", status_code=303)

    _sending_unchanged(router, desk, uploads)
    return router


def _sending_unchanged(router: APIRouter, desk: Desk, uploads: Uploads) -> None:
    @router.post("/uploads/{number}/unchanged", response_model=None)
    def unchanged(request: Request, visitor: Reporting, number: Number, preview: Words = "") -> Response:
        """Send a report that brings nothing new as just that: it counts as sent."""
        found, by, now = uploads.found(number, visitor), speaker(visitor), desk.now()
        if found.stage is not Stage.UNCHANGED:
            entry = AuditEntry(at=now, by=by, action="send_unchanged", subject=f"upload {number}", detail=_told(found))
            if not says_nothing_new(found) or not advance(
                desk.store, number, Stage.UNCHANGED, after=TO_RECORD, at=now, by=by, seen=preview, audited=entry
            ):
                return uploads.page(request, visitor, number, [("", "collecting.not_what_was_seen")])
        return RedirectResponse(f"/uploads/{number}", status_code=303)


def _told(found: UploadAsIs) -> dict[str, str]:
    """Return which report it was, for the audit trail."""
    state = found.state
    agency, day = state.agency_code or found.upload.agency_code or "", state.reported_on
    return {"agency": agency, "file": found.upload.name, "reported_on": day.isoformat() if day else ""}
