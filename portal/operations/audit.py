"""The audit trail: who did what, when; narrowed by what stands in the URL, as a page and as a file."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import StringIO
from math import ceil
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from pydantic import BaseModel, Field, field_validator

from models.audit import AuditQuestion, audit_actions, audit_count, audit_entries
from models.outcome_tables import AuditEntry
from portal.access import SeeingAudit
from portal.desk import Desk
from portal.operations.told import Said, action_words, detail_lines
from portal.pages import Pages
from texts import instant_text, say
from texts.wording import HANOI

ROWS_PER_PAGE, _ROWS_AT_ONCE = 50, 1000
_COLUMNS = ("at", "by", "action", "subject", "detail")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Asked(BaseModel):
    """The filters of the URL; an empty one does not narrow, one day stands for that day alone."""

    who: str = Field("", max_length=100)
    action: str = Field("", max_length=100)
    subject: str = Field("", max_length=200)
    day: date | None = None
    page: int = Field(1, ge=1, le=10**6)

    @field_validator("day", mode="before")
    @classmethod
    def _nothing(cls, value: object) -> object:
        return value or None

    @field_validator("day")
    @classmethod
    def _has_a_next(cls, day: date | None) -> date | None:
        if day is not None and not 1900 <= day.year <= 2200:  # noqa: PLR2004 - years there are entries of
            raise ValueError("no such day")
        return day

    @property
    def question(self) -> AuditQuestion:
        """What is asked of the store; days are Hanoi's."""
        since = datetime.combine(self.day, time.min, HANOI) if self.day else None
        until = since + timedelta(days=1) if since else None
        return AuditQuestion(self.who.strip(), self.action.strip(), self.subject.strip(), since, until)

    def link(self, path: str, page: int | None = None) -> str:
        """Return `path` with the same filters."""
        given = {"who": self.who, "action": self.action, "subject": self.subject, "day": self.day, "page": page}
        query = urlencode({name: str(value) for name, value in given.items() if value})
        return f"{path}?{query}" if query else path


@dataclass(frozen=True)
class Line:
    """One entry as it is shown; `code` names its action for programs."""

    at: datetime
    by: str
    action: Said
    code: str
    subject: str
    detail: Sequence[tuple[Said, Said]]


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of the audit trail."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/audit")
    def audit(request: Request, _visitor: SeeingAudit, asked: Annotated[Asked, Query()]) -> HTMLResponse:
        """List the entries, newest first."""
        with desk.store.reading() as session:
            count, actions = audit_count(session, asked.question), audit_actions(session)
            last = max(1, ceil(count / ROWS_PER_PAGE))
            page = min(asked.page, last)
            skip = (page - 1) * ROWS_PER_PAGE
            lines = [_line(e) for e in audit_entries(session, asked.question, limit=ROWS_PER_PAGE, skip=skip)]
        values: dict[str, Any] = {"asked": asked, "count": count, "page": page, "last": last, "lines": lines}
        return pages.page(
            request,
            "operations/audit.html",
            actions=[(each, action_words(each)) for each in actions],
            linked=lambda to: asked.link("/audit", to),
            **values,
        )

    @router.get("/audit.csv")
    def audit_csv(_visitor: SeeingAudit, asked: Annotated[Asked, Query()]) -> StreamingResponse:
        """Give the same entries, all of them, as a file."""
        name = f"dondoc-audit-{desk.today():%Y%m%d}.csv"
        return StreamingResponse(
            _written(desk, asked.question),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    return router


def _line(entry: AuditEntry) -> Line:
    told = action_words(entry.action), entry.action, entry.subject
    return Line(entry.at, entry.by, *told, detail_lines(entry.detail))


def _cells(entry: AuditEntry) -> list[str]:
    """Return an entry as a file holds it: for programs, nothing left out."""
    detail = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True) if entry.detail else ""
    return [instant_text(entry.at), entry.by, entry.action, entry.subject, detail]


def _written(desk: Desk, question: AuditQuestion) -> Iterator[bytes]:
    yield "\ufeff".encode() + _csv([[say(f"operations.column_{name}") for name in _COLUMNS]])
    before: int | None = None
    while True:
        with desk.store.reading() as session:
            entries = audit_entries(session, question, limit=_ROWS_AT_ONCE, before=before)
            rows = [_cells(entry) for entry in entries]
        if not entries:
            return
        yield _csv(rows)
        before = entries[-1].id


def _csv(rows: list[list[str]]) -> bytes:
    """Return rows as CSV; a cell a spreadsheet would compute is text."""
    text = StringIO()
    csv.writer(text).writerows([[f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows])
    return text.getvalue().encode()
