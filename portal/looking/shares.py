"""What one agency handed down to its units: per assignment how many shares are done, and which are late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from models.handed import HandedRow, RolledUp, handed_of, rolled_up
from models.status_table import StatusRow
from portal.access import Looking
from portal.desk import Desk
from portal.looking.pages import names
from portal.looking.places import hold_to_seen
from portal.looking.question import LONGEST_WORDS, Question
from portal.looking.tables import asked_of_all, rows_of, standings_of
from portal.pages import Pages
from rules.access import Right
from rules.folding import fold
from rules.handed import HandedStatus
from rules.reference import Reference
from rules.status import Status

_PER_PAGE = 25
_DONE = frozenset({Status.COMPLETED_ON_TIME, Status.COMPLETED_LATE})
_ORDER = (HandedStatus.OVERDUE, HandedStatus.OPEN, HandedStatus.COMPLETED_LATE, HandedStatus.COMPLETED_ON_TIME)


@dataclass(frozen=True)
class Of:
    """What was handed down of one assignment: the shares asked for, the latest first, and all of them `together`."""

    assignment: str
    shares: Sequence[HandedRow]
    together: RolledUp

    def to_confirm(self, row: StatusRow | None) -> bool:
        """Whether the assignment, which stands as in `row`, is declared done while shares of it are open."""
        return row is not None and row.status in _DONE and self.together.open > 0


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the route of the list."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/agencies/{code}/shares")
    def shares(code: str, request: Request, visitor: Looking, unit: str = "", state: str = "") -> HTMLResponse:
        """List the shares of one agency by assignment, the latest first; of a unit, or in one state, where asked."""
        question, reference = asked_of_all(desk, request, visitor)
        hold_to_seen(code, reference, visitor)
        given = {"unit": unit[:LONGEST_WORDS], "state": state if state in set(HandedStatus) else ""}
        may_tell = visitor.agency == code and visitor.may(Right.ANSWER)
        values = _list(desk, question, reference, code, given)
        return pages.page(request, "looking/shares.html", code=code, given=given, may_tell=may_tell, **values)

    return router


def _list(desk: Desk, question: Question, reference: Reference, code: str, given: Mapping[str, str]) -> dict[str, Any]:
    with desk.store.reading() as session:
        found = handed_of(session, as_of=question.as_of, known_at=question.known_at, agency=code)
    chosen = _chosen(found, given)
    last = max(1, ceil(len(chosen) / _PER_PAGE))
    page, path = min(question.page, last), f"/agencies/{code}/shares"
    shown = chosen[(page - 1) * _PER_PAGE : page * _PER_PAGE]
    return {
        "q": question,
        "named": names(reference),
        "states": _ORDER,
        "assignments": shown,
        "rows": _held(desk, question, reference, code, [each.assignment for each in shown]),
        "count": len(chosen),
        "figures": rolled_up(row for each in chosen for row in each.shares),
        "page": page,
        "last": last,
        "page_link": lambda number: question.link(path, **given, page=number),
    }


def _chosen(found: Sequence[HandedRow], given: Mapping[str, str]) -> Sequence[Of]:
    """Return the assignments with shares as asked for, that with the latest first."""
    words, state = fold(given["unit"]).split(), given["state"]
    by_assignment: dict[str, list[HandedRow]] = {}
    for row in found:
        by_assignment.setdefault(row.assignment, []).append(row)
    chosen = []
    for assignment, rows in by_assignment.items():
        asked = [row for row in rows if state in {"", row.status} and _is_of(row, words)]
        if asked:
            chosen.append(Of(assignment, sorted(asked, key=_latest), rolled_up(rows)))
    return sorted(chosen, key=lambda each: (_latest(each.shares[0]), each.assignment))


def _is_of(row: HandedRow, words: Sequence[str]) -> bool:
    unit = fold(row.handed.unit)
    return all(word in unit for word in words)


def _latest(row: HandedRow) -> tuple[object, ...]:
    return _ORDER.index(row.status), -row.days_late, row.effective_due_on, row.handed.id


def _held(
    desk: Desk, question: Question, reference: Reference, agency: str, codes: Sequence[str]
) -> Mapping[str, StatusRow]:
    """Return the rows of those of these assignments that the agency answers for on the day, by their codes."""
    wanted = {fold(code) for code in codes}
    stands = [stand for stand in standings_of(desk, question).of(agency) if not wanted.isdisjoint(stand.codes.split())]
    return {code: row for row in rows_of(desk, question, reference, stands) for code in row.codes}
