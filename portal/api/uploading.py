"""`/api/v1/workbooks`: what the inbox does, for programs: a workbook is recorded whole, or not at all."""

from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, File, UploadFile
from sqlmodel import Session

from decisions.clients import note_sent
from imports import Check, StaleCheckError, check_workbook, take
from imports.described import described
from imports.held import held_to
from models.reference import register_of
from portal.api import answers
from portal.api.access import Uploading
from portal.collecting.bounded import BoundedRoute
from portal.desk import Desk
from rules.access import Caller
from texts import SaidError

_LONGEST_NAME = 120
_COUNTS = ("rows", "new", "changed", "unchanged", "gone")


class OvertakenError(SaidError):
    """Others recorded again and again while this workbook was checked; it may be sent again."""


def routes(desk: Desk) -> APIRouter:
    """Return the route that takes workbooks, no larger than the pages do."""
    router = APIRouter(route_class=BoundedRoute)

    @router.post("/workbooks")
    def workbooks(caller: Uploading, file: Annotated[UploadFile, File()]) -> answers.TakenAnswer:
        """Check and record one workbook; what is wrong with it is in the answer (`outcome`: rejected), not an error.

        The same bytes again are `unchanged`. A program held to an agency may only report that agency's work.
        """
        return answers.TakenAnswer(batches=[_taken(desk, caller, _plain_name(file.filename), file.file.read())])

    return router


def _taken(desk: Desk, caller: Caller, name: str, content: bytes) -> answers.TakenWorkbook:
    def check() -> Check:
        found = check_workbook(content, name=name, store=desk.store, today=desk.today(), agency=caller.agency)
        return _held(desk, caller, found)

    def beside(session: Session, batch: int) -> None:
        note_sent(session, caller, batch=batch, sha256=sha256(content).hexdigest(), now=desk.now())

    try:
        found, recorded = take(check, store=desk.store, now=desk.now, beside=beside)
    except StaleCheckError as overtaken:
        raise OvertakenError("api.overtaken") from overtaken
    return answers.TakenWorkbook(**_answer(name, found, recorded.batch, recorded.outcome))


def _held(desk: Desk, caller: Caller, found: Check) -> Check:
    if caller.agency is None:
        return found
    with desk.store.reading() as session:
        return held_to(found, caller.agency, register_of(session), desk.today())


def _answer(name: str, found: Check, batch: int | None, outcome: str) -> dict[str, Any]:
    return {
        "batch": batch,
        "file": name,
        "sha256": found.sha256,
        "outcome": outcome,
        "kind": found.kind,
        **{count: getattr(found, count) for count in _COUNTS},
        "changes": described(found),
        "raised": found.raised,
        "rows_read": {account.sheet: account.read for account in found.accounting},
        "rows_set_aside": {account.sheet: dict(account.aside) for account in found.accounting},
        "problems": [problem.as_dict() for problem in found.problems],
    }


def _plain_name(name: str | None) -> str:
    """Return the last part of a file's name in printable characters: it is shown to people and kept."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if char.isprintable())[:_LONGEST_NAME] or "workbook.xlsx"
