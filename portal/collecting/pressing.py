"""What is pressed on the page of an upload: a reason given, checked again, recorded."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.uploads import TO_RECORD, Stage, advance
from portal.access import Reporting
from portal.collecting.bench import Bench
from portal.collecting.checking import Number, Uploads
from portal.collecting.view import button_count
from portal.desk import Desk
from portal.pages import Pages
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
        advance(desk.store, number, stage, after=after, at=desk.now(), by=visitor.post, **told)
        found = uploads.found(number, visitor, with_answer=False)
        if found.stage is Stage.RECORDING:
            bench.begin_recording(found)
        else:
            bench.see_to(found)
        return RedirectResponse(f"/uploads/{number}", status_code=303)

    return router
