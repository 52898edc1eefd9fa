"""History: every recorded workbook with who, when and what changed; taking one back, and what that did."""

from math import ceil
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session, col, select
from starlette.exceptions import HTTPException

from imports import Undone, undo
from models.assignment_tables import Batch
from models.batches import BatchAsIs, batch_as_is, batches_of, changes_of
from models.outcome_tables import AuditEntry
from models.reference import register_of
from models.uploads import posts_that_recorded
from portal.access import Looking, Recording
from portal.collecting.view import PER_PAGE, page_link
from portal.desk import Desk
from portal.pages import Pages
from portal.typed import speaker
from rules.access import Visitor

_NOT_DONE = 422
_ACTION = "undo_batch"
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
PageNumber = Annotated[int, Query(ge=1, le=100_000)]


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of the recorded workbooks."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/batches")
    def batches(request: Request, visitor: Looking, page: PageNumber = 1) -> HTMLResponse:
        """List the recorded workbooks, the newest first."""
        with desk.store.reading() as session:
            skip = (page - 1) * PER_PAGE
            found, count = batches_of(session, agency=visitor.agency, at_most=PER_PAGE, skip=skip)
            posts = posts_that_recorded(session, [_number(each.batch) for each in found])
            names = _names(session)
        last = max(1, ceil(count / PER_PAGE))
        values: dict[str, Any] = {"page": page, "last": last, "link": page_link(request)}
        return pages.page(
            request, "collecting/batches.html", batches=found, count=count, posts=posts, names=names, **values
        )

    @router.get("/batches/{number}")
    def batch(request: Request, visitor: Looking, number: Number, page: PageNumber = 1) -> HTMLResponse:
        """Say what a recorded workbook changed, and what taking it back did."""
        with desk.store.reading() as session:
            found = _seen(session, visitor, number)
            skip = (page - 1) * PER_PAGE
            changes = changes_of(session, number, agency=visitor.agency, at_most=PER_PAGE, skip=skip)
            posts, names = posts_that_recorded(session, [number]), _names(session)
            undone = _told(session, number)
        last = max(1, ceil(max(changes.task_count, changes.report_count) / PER_PAGE))
        upload, by = posts.get(number, (None, ""))
        values: dict[str, Any] = {"page": page, "last": last, "link": page_link(request), "undone": undone}
        return pages.page(
            request, "collecting/batch.html", found=found, changes=changes, names=names, upload=upload, by=by, **values
        )

    @router.get("/batches/{number}/undo")
    def ask(request: Request, visitor: Recording, number: Number) -> HTMLResponse:
        """Ask whether to take a workbook back."""
        return _asking(request, visitor, number, None)

    @router.post("/batches/{number}/undo", response_model=None)
    def take_back(request: Request, visitor: Recording, number: Number) -> Response:
        """Take a workbook back, or say why not."""
        with desk.store.reading() as session:
            _seen(session, visitor, number)
        now = desk.now()

        def beside(session: Session, undone: Undone) -> None:
            detail = {"reversed": vars(undone.reversed), "kept": [_kept(one) for one in undone.kept]}
            entry = AuditEntry(at=now, by=speaker(visitor), action=_ACTION, subject=f"batch {number}", detail=detail)
            session.add(entry)

        undone = undo(number, store=desk.store, now=now, beside=beside)
        if not undone.undone:
            return _asking(request, visitor, number, undone)
        return RedirectResponse(f"/batches/{number}", status_code=303)

    def _asking(request: Request, visitor: Visitor, number: int, refused: Undone | None) -> HTMLResponse:
        with desk.store.reading() as session:
            found = _seen(session, visitor, number)
            names = _names(session)
        values: dict[str, Any] = {"found": found, "refused": refused, "names": names}
        return pages.page(request, "collecting/undo.html", status_code=_NOT_DONE if refused else 200, **values)

    return router


def _seen(session: Session, visitor: Visitor, number: int) -> BatchAsIs:
    """Return a batch the visitor may see. Raises HTTPException 404."""
    found = batch_as_is(session, number)
    if found is None or not visitor.sees(found.batch.agency_code):
        raise HTTPException(404)
    return found


def _told(session: Session, number: int) -> dict[str, Any] | None:
    """Return what taking a batch back did, as its audit entry keeps it; None where it did not happen here."""
    query = select(AuditEntry).where(AuditEntry.action == _ACTION, AuditEntry.subject == f"batch {number}")
    entry = session.exec(query.order_by(col(AuditEntry.id).desc()).limit(1)).first()
    return {**entry.detail, "by": entry.by, "at": entry.at} if entry else None


def _kept(one: Any) -> dict[str, Any]:
    return {"code": one.code, "actions": list(one.actions), "by": list(one.decided_by)}


def _number(batch: Batch) -> int:
    assert batch.id is not None
    return batch.id


def _names(session: Session) -> dict[str, str]:
    return {each.code: each.name_vi for each in register_of(session).agencies}
