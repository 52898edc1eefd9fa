"""`Matter`: one assignment with the facts somebody needs to decide about it, and who may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session
from starlette.exceptions import HTTPException

from models.assignment_tables import Progress
from models.newest import Newest, newest_of
from models.reference import calendar_of, register_of
from models.story import Story, story_of
from rules.access import Visitor
from rules.calendar import WorkingCalendar
from rules.register import Register
from rules.status import CompletionLevel


@dataclass(frozen=True)
class Matter:
    """An assignment as it is decided about: its words, its days, what was reported last.

    `agency` is accountable on the day; `days_late` are working days after the last good day, 0 for work that is done or
    not late. `report` is the newest that declares it done, else the newest. `granted` counts its extensions.
    `newest` is what somebody who looks at it now has seen.
    """

    code: str
    agency: str
    agency_name: str
    document: str
    number: str
    period: str
    task: str
    product: str
    deadline_text: str
    original_due_on: date | None
    due_on: date | None
    effective_due_on: date | None
    days_late: int
    completed_on: date | None
    report: Progress | None
    granted: int
    newest: Newest


@dataclass(frozen=True)
class Desktop:
    """What every matter of one request is read with."""

    session: Session
    day: date
    now: datetime
    level: CompletionLevel
    register: Register
    calendar: WorkingCalendar
    successors: Mapping[str, str]

    def matter(self, code: str, visitor: Visitor, *, also: str | None = None) -> Matter:
        """Return one assignment; raises HTTPException 404 for one that is not there or not the visitor's to see.

        `also` is another agency that may see it: one that must answer what stands in its way.
        """
        story = story_of(self.session, code, known_at=self.now)
        if story is None:
            raise HTTPException(404)
        agency = self._holder(story)
        if not (visitor.sees(agency) or (also is not None and visitor.sees(also))):
            raise HTTPException(404)
        return self._matter(story, agency)

    def _holder(self, story: Story) -> str:
        given_to = story.held_by(self.day) or story.assignment.agency_code
        return self.successors.get(given_to, given_to)

    def _newest(self, story: Story) -> Newest:
        assert story.assignment.id is not None
        return newest_of(self.session, story.assignment.id, known_at=self.now)

    def _matter(self, story: Story, agency: str) -> Matter:
        due_on, done_on, wording = story.due_on, story.completed_on(self.level), story.wording
        good_day = self.calendar.effective(due_on) or due_on if due_on else None
        late = good_day is not None and done_on is None and good_day < self.day
        return Matter(
            code=story.assignment.code,
            agency=agency,
            agency_name=self.register.by_code()[agency].name_vi,
            document=story.document.code,
            number=wording.number or story.task.number,
            period=story.assignment.period,
            task=wording.text,
            product=wording.product,
            deadline_text=wording.deadline_text,
            original_due_on=story.dates.original_due_on,
            due_on=due_on,
            effective_due_on=good_day,
            days_late=self.calendar.working_days_between(good_day, self.day) if late and good_day else 0,
            completed_on=done_on,
            report=story.last_declared or story.last_report,
            newest=self._newest(story),
            granted=sum(decision.action == "extend" for decision in story.decisions),
        )


def desktop(session: Session, *, day: date, now: datetime, level: CompletionLevel) -> Desktop:
    """Read what matters of a day are read with."""
    register = register_of(session)
    return Desktop(session, day, now, level, register, calendar_of(session), register.accountable(day))
