"""`/api/v1`, what can be read: how the assignments stand, one of them, the register."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, Field
from starlette.exceptions import HTTPException

from models.chosen_rows import chosen_rows, row_of
from models.explain import UnknownAssignmentError, explain
from models.reference import read_reference
from models.standings import Asked, Stand, Wordings, runs_of
from models.status_answer import assignments_answer
from models.status_table import StatusRow
from models.status_totals import totals_of
from models.story import story_of
from portal.api import answers
from portal.api.access import Reading
from portal.desk import Desk
from portal.looking.tables import kept_of
from rules.access import Caller
from rules.folding import fold
from rules.reference import Reference
from rules.status import Status
from texts import SaidError

_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_NUMBER = 2**31 - 1
_MOST = 1000
_AGENCY = Field(None, max_length=40, description="Code of an accountable agency.")


class Then(BaseModel):
    """The moment a question is about."""

    as_of: date | None = Field(None, description="The day asked about, 1900 to 2200; by default today in Hanoi.")
    known_at: AwareDatetime | None = Field(None, description="What had been recorded by then; by default now.")


class Whose(Then):
    """The moment, and one agency or all."""

    agency: str | None = _AGENCY


class Listed(Whose):
    """Which assignments, and which page of them."""

    milestone: str | None = Field(None, max_length=40)
    status: list[Status] = Field(default_factory=list, description="Any of these; all when there are none.")
    q: str = Field("", max_length=200, description="Words, without accents.")
    limit: int = Field(500, ge=1, le=_MOST)
    cursor: str | None = Field(None, max_length=200, description="`next` of the page before.")


class BadQuestionError(SaidError):
    """A value of the question means nothing."""


def routes(desk: Desk) -> APIRouter:
    """Return the routes that read."""
    router = APIRouter()
    ask = _Asking(desk)

    @router.get("/status")
    def status(caller: Reading, question: Annotated[Whose, Query()]) -> answers.StatusAnswer:
        """Count the assignments by status, by agency and by milestone.

        How a milestone stood as known then: ask with its day as `as_of` and `known_at`.
        """
        return ask.status(caller, question)

    @router.get("/assignments")
    def assignments(caller: Reading, question: Annotated[Listed, Query()]) -> answers.AssignmentsAnswer:
        """List the assignments, a page at a time; all pages of one list show what was known at its first."""
        return ask.listed(caller, question)

    @router.get("/assignments/{code}")
    def assignment(
        caller: Reading, code: Annotated[str, Path(max_length=200)], question: Annotated[Then, Query()]
    ) -> answers.AssignmentAnswer:
        """Give one assignment and the derivation of its status, every step with its source."""
        return ask.one(caller, code, question)

    @router.get("/agencies")
    def agencies(_caller: Reading) -> answers.AgenciesAnswer:
        """List the agencies that can be accountable, abolished ones with their successor."""
        known = ask.reference().register.agencies
        kept = [
            answers.Agency(
                code=each.code, name=each.name_vi, kind=each.kind, valid_from=each.valid_from, valid_to=each.valid_to,
                successor=each.successor,
            )
            for each in known
        ]  # fmt: skip
        return answers.AgenciesAnswer(agencies=kept)

    @router.get("/milestones")
    def milestones(_caller: Reading) -> answers.MilestonesAnswer:
        """List the days on which the programme is judged."""
        known = ask.reference().milestones
        return answers.MilestonesAnswer(milestones=[answers.Milestone.model_validate(each) for each in known])

    return router


class _Asking:
    """What the routes ask the store; a program held to an agency asks about that agency alone."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def reference(self) -> Reference:
        with self._desk.store.reading() as session:
            return read_reference(session)

    def status(self, caller: Caller, question: Whose) -> answers.StatusAnswer:
        names = {each.code: each.name_vi for each in self.reference().register.agencies}
        table = totals_of(
            self._desk.store,
            as_of=self._day(question.as_of),
            known_at=self._known(question.known_at),
            agency=self._agency(caller, question.agency),
            level=self._desk.level,
            warning_working_days=self._desk.warning_working_days,
        )
        by_agency, by_milestone = table.by_agency(), table.by_milestone()
        return answers.StatusAnswer(
            as_of=table.as_of,
            known_at=table.known_at,
            totals=answers.Counts(**table.totals()),
            agencies=[answers.AgencyCounts(agency=code, name=names[code], **by_agency[code]) for code in by_agency],
            milestones=[answers.MilestoneCounts(milestone=code, **by_milestone[code]) for code in by_milestone],
        )

    def listed(self, caller: Caller, question: Listed) -> answers.AssignmentsAnswer:
        start, known_at = _read_cursor(question.cursor) if question.cursor else (0, question.known_at)
        whose, end, kept = self._agency(caller, question.agency), start + question.limit, kept_of(self._desk)
        about = self._about(question.as_of, known_at)
        with self._desk.store.reading() as session:
            reference = kept.reference()
            table = kept.at(about.as_of, about.known_at, then=known_at is not None)
            found = _narrowed(table.of(whose), question, kept.wordings)
            rows = chosen_rows(session, about, reference, found[start:end]).values()
        return answers.AssignmentsAnswer(
            as_of=about.as_of,
            known_at=about.known_at,
            total=len(found),
            assignments=_assignments(rows),
            next=_cursor(end, about.known_at) if end < len(found) else None,
        )

    def one(self, caller: Caller, code: str, question: Then) -> answers.AssignmentAnswer:
        about = self._about(question.as_of, question.known_at)
        with self._desk.store.reading() as session:
            story, reference = story_of(session, code, known_at=about.known_at), read_reference(session)
            given_to = (story.held_by(about.as_of) or story.assignment.agency_code) if story else ""
            holder = reference.register.accountable(about.as_of).get(given_to, given_to)
            if story is None or not caller.sees(holder):
                raise UnknownAssignmentError(code, about.known_at)
            row = row_of(session, about, reference, story)
        told = explain(
            self._desk.store,
            code,
            as_of=about.as_of,
            known_at=about.known_at,
            level=about.level,
            warning_working_days=about.window,
        )
        return answers.AssignmentAnswer(
            as_of=about.as_of,
            known_at=about.known_at,
            assignment=next(iter(_assignments([row] if row and told.status else [])), None),
            steps=[answers.ExplainedStep.model_validate(each) for each in told.steps],
        )

    def _about(self, as_of: date | None, known_at: datetime | None) -> Asked:
        desk = self._desk
        return Asked(self._day(as_of), self._known(known_at), desk.level, desk.warning_working_days)

    def _agency(self, caller: Caller, agency: str | None) -> str | None:
        known = agency is None or any(each.code == agency for each in self.reference().register.agencies)
        if not known or (agency and not caller.sees(agency)):
            raise HTTPException(404)
        return agency or caller.agency

    def _day(self, as_of: date | None) -> date:
        day = as_of or self._desk.today()
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise BadQuestionError("api.bad_day", found=day.isoformat())
        return day

    def _known(self, known_at: datetime | None) -> datetime:
        instant = known_at or self._desk.now()
        if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
            raise BadQuestionError("api.bad_instant", found=instant.isoformat())
        return instant


def _narrowed(stands: Sequence[Stand], question: Listed, wordings: Wordings) -> Sequence[Stand]:
    if question.status:
        stands = [row for row in stands if row.status in question.status]
    if question.milestone is not None:
        stands = [row for row in stands if row.milestone == question.milestone]
    words = list(dict.fromkeys(fold(question.q).split()))
    return wordings.holding(words, runs_of(stands)) if words else stands


def _assignments(rows: Iterable[StatusRow]) -> list[answers.Assignment]:
    return [answers.Assignment(**_renamed(each)) for each in assignments_answer(rows)]


def _renamed(told: dict[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in answers.Assignment.model_fields}


def _cursor(start: int, known_at: datetime) -> str:
    return urlsafe_b64encode(f"{start} {known_at.isoformat()}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[int, datetime]:
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        start, known_at = text.split(" ")
        found = int(start), datetime.fromisoformat(known_at)
    except ValueError:
        found = -1, datetime.min  # noqa: DTZ901 - refused below
    if not 0 <= found[0] <= _NUMBER or found[1].tzinfo is None:
        raise BadQuestionError("api.bad_cursor", found=cursor)
    return found
