"""The page of one upload, whatever its state: being checked, what to mend, the preview, what came of recording."""

from datetime import timedelta
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.exceptions import HTTPException

from imports.uploads import COPY
from models.batches import batch_as_is
from models.reference import register_of
from models.uploads import AT_WORK, TO_RECORD, Stage, UploadAsIs, posts_that_recorded, upload_as_is
from portal.access import Reporting
from portal.collecting.bench import Bench
from portal.collecting.sending import choices
from portal.collecting.view import (
    LISTS,
    PER_PAGE,
    bad_tables,
    button_count,
    cause,
    page_link,
    page_of,
    says_nothing_new,
)
from portal.desk import Desk
from portal.pages import Pages
from rules.access import Visitor

_WRONG = 422
_TOO_LONG = timedelta(minutes=5)
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Uploads:
    """What the routes of one upload work with."""

    def __init__(self, desk: Desk, pages: Pages, bench: Bench) -> None:
        """Take what every page works with."""
        self.desk, self.pages, self.bench = desk, pages, bench

    def found(self, number: int, visitor: Visitor, *, with_answer: bool = True) -> UploadAsIs:
        """Return an upload the visitor may see. Raises HTTPException 404."""
        with self.desk.store.reading() as session:
            found = upload_as_is(session, number, with_answer=with_answer)
        if found is None or (visitor.agency is not None and found.upload.held_to != visitor.agency):
            raise HTTPException(404)
        return found

    def page(self, request: Request, visitor: Visitor, number: int, errors: list[tuple[str, str]]) -> HTMLResponse:
        """Return the page of an upload, and see to what it waits for."""
        found = self.found(number, visitor, with_answer=False)
        self.bench.see_to(found)
        at_work = found.stage in AT_WORK
        read = found if at_work else self.found(number, visitor)
        answer = {} if at_work else read.state.answer
        lost = at_work and self.bench.hands_on and self.desk.now() - found.state.at > _TOO_LONG
        tables = bad_tables(answer)
        with self.desk.store.reading() as session:
            names = {each.code: each.name_vi for each in register_of(session).agencies}
            meanwhile = self._meanwhile(session, visitor, answer.get("meanwhile", ()))
        return self.pages.page(
            request,
            "collecting/upload.html",
            status_code=_WRONG if errors else 200,
            u=found,
            stage=str(found.stage),
            at_work=at_work,
            lost=lost,
            a=answer,
            names=names,
            meanwhile=meanwhile,
            tables=tables,
            bad_shown=sum(len(table.rows) for table in tables),
            causes=[cause(each) for each in answer.get("causes", ())],
            count=button_count(answer),
            lists=[(name, answer["changes"][name]) for name in LISTS] if "changes" in answer else [],
            to_record=found.stage in TO_RECORD,
            nothing_new=says_nothing_new(read),
            may_retry=found.stage is Stage.FAILED and not answer.get("lost"),
            errors=errors,
            agencies=choices(self.desk, visitor),
            typed=_as_sent(found),
        )

    def _meanwhile(self, session: Any, visitor: Visitor, batches: list[int]) -> list[dict[str, Any]]:
        """Return what was recorded since the preview, with who did it, as far as the visitor may see it."""
        posts = posts_that_recorded(session, batches)
        found = [batch_as_is(session, number) for number in batches[:PER_PAGE]]
        return [
            {"batch": each.batch, "by": posts.get(each.batch.id or 0, (0, ""))[1]}
            for each in found
            if each and visitor.sees(each.batch.agency_code)
        ]


def routes(desk: Desk, pages: Pages, bench: Bench) -> APIRouter:
    """Return the routes of one upload."""
    router, uploads = APIRouter(default_response_class=HTMLResponse), Uploads(desk, pages, bench)

    @router.get("/uploads/{number}")
    def one(request: Request, visitor: Reporting, number: Number) -> HTMLResponse:
        """Say how far an upload has come and what can be done with it."""
        return uploads.page(request, visitor, number, [])

    @router.get("/uploads/{number}/changes/{name}")
    def changes(request: Request, visitor: Reporting, number: Number, name: str) -> HTMLResponse:
        """List everything of one kind that a preview holds, a page at a time."""
        found = uploads.found(number, visitor)
        if name not in LISTS or "changes" not in found.state.answer:
            raise HTTPException(404)
        shown = page_of(found.state.answer["changes"][name], request.query_params.get("page", "1"))
        with desk.store.reading() as session:
            names = {each.code: each.name_vi for each in register_of(session).agencies}
        return pages.page(
            request, "collecting/changes.html", u=found, name=name, names=names, shown=shown, link=page_link(request)
        )

    @router.get("/uploads/{number}/annotated", response_model=None)
    def annotated(visitor: Reporting, number: Number) -> Response:
        """Give back the workbook with its problems marked."""
        found = uploads.found(number, visitor)
        path: FilePath = bench.work.folder / found.upload.place / COPY
        if not found.state.answer.get("copy_name") or not path.is_file():
            raise HTTPException(404)
        return FileResponse(path, media_type=_XLSX, filename=found.state.answer["copy_name"])

    return router


def _as_sent(found: UploadAsIs) -> dict[str, str]:
    """Return what the sender said, for the form that sends a mended workbook."""
    upload = found.upload
    day = upload.document_on.isoformat() if upload.document_on else ""
    return {"agency": upload.agency_code or "", "document": upload.document, "document_on": day}
