"""One assignment's whole story: how it stands, why, and everything recorded about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from models.beside_story import BesideStory, beside_story
from models.chosen_rows import row_of
from models.explain import UnknownAssignmentError, tell
from models.explanation import Case, ExplainedStep, step
from models.handed import HandedRow, RolledUp, handed_of, rolled_up
from models.newest import newest_of
from models.status_table import StatusRow
from models.story import Story, story_of
from portal.desk import Desk
from portal.looking.question import Question
from portal.looking.tables import about
from rules.access import Visitor
from rules.reference import Reference
from texts import Language


@dataclass(frozen=True)
class One:
    """An assignment on a day; `row` is None when it is not counted then. `steps` in both languages, side by side.

    `seen` is the mark of its newest facts, for the forms beside the story; `shares` are those that stand of what the
    visitor's own agency handed down.
    """

    story: Story
    row: StatusRow | None
    agency: str
    steps: Sequence[tuple[ExplainedStep, ExplainedStep]]
    beside: BesideStory
    seen: str
    shares: Sequence[HandedRow]

    @property
    def together(self) -> RolledUp:
        """The shares rolled up."""
        return rolled_up(self.shares)


def one_of(desk: Desk, code: str, question: Question, reference: Reference, visitor: Visitor) -> One:
    """Return the story of `code`; raises UnknownAssignmentError when there is none, or none for this visitor."""
    with desk.store.reading() as session:
        story = story_of(session, code, known_at=question.known_at)
        if story is None:
            raise UnknownAssignmentError(code, question.known_at)
        row = row_of(session, about(desk, question), reference, story) if story.dates.standing else None
        agency = row.agency if row else _accountable(story, reference, question.as_of)
        if not visitor.sees(agency):
            raise UnknownAssignmentError(code, question.known_at)
        case = Case(story, row, reference, question.as_of, desk.level, desk.warning_working_days)
        told = list(tell(session, case, question.known_at))
        steps = [(step(*each, Language.VI), step(*each, Language.EN)) for each in told]
        beside = beside_story(session, code, row, as_of=question.as_of, known_at=question.known_at)
        shares = _shares(session, code, question, visitor)
        return One(story, row, agency, steps, beside, _seen(session, story, question), shares)


def _seen(session: Session, story: Story, question: Question) -> str:
    assert story.assignment.id is not None
    return newest_of(session, story.assignment.id, known_at=question.known_at).mark


def _shares(session: Session, code: str, question: Question, visitor: Visitor) -> Sequence[HandedRow]:
    if visitor.agency is None:
        return []
    return handed_of(
        session, as_of=question.as_of, known_at=question.known_at, assignments=[code], agency=visitor.agency
    )


def _accountable(story: Story, reference: Reference, as_of: date) -> str:
    given_to = story.held_by(as_of) or story.assignment.agency_code
    return reference.register.accountable(as_of).get(given_to, given_to)
