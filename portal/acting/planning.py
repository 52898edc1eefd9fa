"""The plan of an agency's units, a workbook: all shares it lists are handed down, or none."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from decisions import HandDown, Outcome, hand_down
from decisions.outcome import RECORDED, UNCHANGED, Refusal
from imports.handed_plan import Plan, read_plan
from models.reference import calendar_of, register_of
from models.turns import Turns
from notifications.plain_text import plain
from portal.access import Answering
from portal.acting.handing import agency_of
from portal.collecting.bounded import BoundedRoute
from portal.desk import Desk
from portal.pages import TOLD, Pages, Words, worded
from portal.typed import LONGEST, speaker
from rules.access import Visitor
from texts import Language, say

READING = Turns(2, waiting=2)
MOST_BYTES = 100_000
"""The largest plan: as large as a workbook may be that is read beside those who look at pages."""
MOST_SHARES = 300
"""How many shares a plan hands down at once: while they are recorded, nobody else hands down."""
_NOTHING, _WRONG = Plan(), 422


@dataclass(frozen=True)
class Answer:
    """A plan that handed nothing down: what was read, what is `wrong` with its file, why its shares were refused."""

    plan: Plan = _NOTHING
    refusals: Sequence[Refusal] = ()
    wrong: Words | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether something must be mended first."""
        return self.wrong is not None or self.plan.stops or bool(self.refusals)


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of the form."""
    router = APIRouter(default_response_class=HTMLResponse, route_class=BoundedRoute)
    planning = _Planning(desk, pages)

    @router.get("/shares/plan")
    def form(request: Request, visitor: Answering) -> HTMLResponse:
        """Ask for the plan."""
        return planning.page(request, agency_of(visitor), None, "")

    @router.post("/shares/plan", response_model=None)
    async def plan(request: Request, visitor: Answering) -> Response:
        """Hand down what a plan lists, whole or not at all; or only check its file."""
        return await run_in_threadpool(planning.take, request, visitor, await request.form())

    return router


class _Planning:
    """Takes plans at one desk."""

    def __init__(self, desk: Desk, pages: Pages) -> None:
        self.desk, self.pages = desk, pages

    def take(self, request: Request, visitor: Visitor, form: FormData) -> Response:
        """Hand down what a plan lists and lead to the list; else say what is wrong (422), or what a check read."""
        agency, reason = agency_of(visitor), plain(str(form.get("reason", "")), LONGEST)
        answer = self._read(form.get("file"))
        if answer.is_wrong or form.get("check"):
            return self.page(request, agency, answer, reason)
        actions = [
            HandDown(code=s.assignment, unit=s.unit, due_on=s.due_on, text=s.text, product=s.product, reason=reason)
            for s in answer.plan.shares
        ]
        outcomes = hand_down(actions, agency=agency, store=self.desk.store, by=speaker(visitor), now=self.desk.now())
        if refusals := [each.refusal for each in outcomes if each.refusal]:
            return self.page(request, agency, Answer(answer.plan, refusals), reason)
        _tell(request, outcomes)
        return RedirectResponse(f"/agencies/{agency}/shares", status_code=303)

    def page(self, request: Request, agency: str, answer: Answer | None, reason: str) -> HTMLResponse:
        """Return the page of the form, with what became of the plan before."""
        with self.desk.store.reading() as session:
            name = register_of(session).by_code()[agency].name_vi
        problems = answer.plan.problems[:MOST_SHARES] if answer else ()
        return self.pages.page(
            request,
            "acting/plan.html",
            status_code=_WRONG if answer and answer.is_wrong else 200,
            agency=agency,
            name=name,
            answer=answer,
            problems=[tuple(map(each.sentence, Language)) for each in problems],
            reason=reason,
        )

    def _read(self, file: object) -> Answer:
        if not (isinstance(file, UploadFile) and file.filename):
            return Answer(wrong=worded("collecting.no_file"))
        content = file.file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            return Answer(wrong=worded("handed.plan_too_large"))
        with self.desk.store.reading() as session:
            calendar = calendar_of(session)
        with READING.taken():
            plan = read_plan(content, name=plain(file.filename), calendar=calendar, today=self.desk.today())
        count = len(plan.shares)
        return Answer(plan, wrong=_too_long(count) if count > MOST_SHARES else None)


def _too_long(count: int) -> Words:
    return worded("handed.plan_too_long", count=count, most=MOST_SHARES)


def _tell(request: Request, outcomes: Sequence[Outcome]) -> None:
    """Let the list say how many shares were recorded, and how many stood before."""
    kinds = [each.outcome for each in outcomes]
    counts = {"recorded": kinds.count(RECORDED), "unchanged": kinds.count(UNCHANGED)}
    said = [say("handed.plan_recorded", language, **counts) for language in Language]
    request.session[TOLD] = [RECORDED if counts["recorded"] else UNCHANGED, *said, HandDown.name]
