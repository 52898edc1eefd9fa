"""/editions: the list, one edition with its files, a file as it was made, and the difference between two editions."""

from math import ceil
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from models.edition_tables import Edition
from portal.access import ReadingEditions
from portal.desk import Desk
from portal.editions.short import lines_of, short_of
from portal.pages import Pages, language_of
from reports import EditionState
from reports.edition import kept_files
from reports.editions import (
    FileState,
    NoSuchEditionError,
    compare,
    edition_named,
    heads_of,
    kept_file,
    made_by_of,
)
from reports.files import KINDS
from reports.sending import outcomes_of
from rules.access import Right
from texts import Language, say

CHANGES_PER_PAGE = 100
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}
_REFUSED = {FileState.MISSING: 404, FileState.ALTERED: 409}
Month = Annotated[str, Path(pattern=r"^\d{4}-\d{2}$")]
Number = Annotated[int, Path(ge=1, le=99_999)]
Page = Annotated[int, Query(ge=1, le=100_000)]


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of what is read."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/editions")
    def editions(request: Request, _visitor: ReadingEditions) -> HTMLResponse:
        """List the editions by month, the newest first."""
        return pages.page(request, "editions/list.html", rows=heads_of(desk.store), today=desk.today())

    @router.get("/editions/compare")
    def compared(request: Request, _visitor: ReadingEditions, a: str = "", b: str = "", page: Page = 1) -> HTMLResponse:
        """Show what is other in the edition `b` than in `a`."""
        codes, lines = [head.code for head in heads_of(desk.store)], None
        if a and b:
            lines = lines_of(compare(named(desk, a), named(desk, b)), language_of(request))
        last = max(1, ceil(len(lines or ()) / CHANGES_PER_PAGE))
        page = min(page, last)
        return pages.page(
            request,
            "editions/compare.html",
            a=a,
            b=b,
            codes=[(code, code) for code in codes],
            count=None if lines is None else len(lines),
            lines=(lines or [])[(page - 1) * CHANGES_PER_PAGE : page * CHANGES_PER_PAGE],
            page=page,
            last=last,
            page_link=lambda number: f"/editions/compare?{urlencode({'a': a, 'b': b, 'page': number})}",
        )

    @router.get("/editions/{month}/{number}")
    def edition(request: Request, visitor: ReadingEditions, month: Month, number: Number) -> HTMLResponse:
        """Show one edition: its figures in short, what moved, its files with their digests."""
        found = named(desk, f"{month}/{number}")
        with desk.store.reading() as session:
            files = kept_files(session, found)
            made_by, before_by = (made_by_of(session, code) for code in (found.code, found.follows))
        return pages.page(
            request,
            "editions/one.html",
            edition=found,
            made_by=made_by,
            before_by=before_by,
            short=short_of(found, language_of(request)),
            files=sorted(((name, _kind(name), *kept) for name, kept in files.items()), key=_most_read),
            sent=outcomes_of(desk.store, found),
            may_send=found.state == EditionState.FINAL and desk.send_edition and visitor.may(Right.WRITE_EDITIONS),
            later=[head for head in heads_of(desk.store, month=month) if head.follows == found.code],
        )

    @router.get("/editions/{month}/{number}/{name}")
    def file(request: Request, _visitor: ReadingEditions, month: Month, number: Number, name: str) -> Response:
        """Give one file exactly as it was made; a file that is gone or was altered since is refused."""
        found = named(desk, f"{month}/{number}")
        try:
            state, content = kept_file(desk.store, found, name, desk.reports)
        except NoSuchEditionError:
            raise HTTPException(404) from None
        if state is not FileState.KEPT:
            values = {"name": name, "edition": found.code, "state": state}
            return pages.page(request, "editions/refused.html", status_code=_REFUSED[state], **values)
        return Response(content, media_type=TYPES[_kind(name)], headers=_attached(found, name))

    return router


def named(desk: Desk, code: str) -> Edition:
    """Return an edition; raises HTTPException 404 for one that was never made."""
    try:
        return edition_named(desk.store, code)
    except NoSuchEditionError:
        raise HTTPException(404) from None


def _most_read(file: tuple[str, str, str, int]) -> tuple[int, str]:
    return KINDS.index(file[1]), file[0]


def _kind(name: str) -> str:
    return name.rpartition(".")[2]


def _attached(edition: Edition, name: str) -> dict[str, str]:
    """Return the headers that name a download: in plain letters, and in Vietnamese for who can read that (RFC 5987)."""
    year, month = edition.month.split("-")
    values = {"month": int(month), "year": year, "number": edition.code.rpartition("/")[2]}
    language = Language.EN if name.endswith(f".en.{_kind(name)}") else Language.VI
    state = say(f"editions.file_{edition.state}", language)
    worded = f"{say('editions.file_name', language, state=state, **values)}.{_kind(name)}"
    return {"Content-Disposition": f"attachment; filename=\"{name}\"; filename*=UTF-8''{quote(worded, safe='')}"}
