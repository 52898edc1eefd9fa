"""What an explanation is, and how its sentences are put together in one language or in both."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.answer_tables import ObstacleAnswer
from models.assignment_tables import Batch, Decision, Progress, TaskRevision
from models.raised_tables import Indicator, IndicatorValue, Obstacle
from models.status_table import StatusRow
from models.story import Story
from rules.reference import Reference
from rules.status import CompletionLevel
from texts import Language, SaidError, date_text, instant_text, say

Saying = Callable[[Language], str]
Telling = tuple[Saying, Saying, Saying]
Located = TaskRevision | Progress | Obstacle | Indicator | IndicatorValue


@dataclass(frozen=True)
class Case:
    """What the steps look at; `row` is None when the assignment is not counted that day."""

    story: Story
    row: StatusRow | None
    reference: Reference
    as_of: date
    level: CompletionLevel
    window: int


@dataclass(frozen=True)
class ExplainedStep:
    """One step: what holds, why, and where it stands written (file, sheet and cell; a decision; a law)."""

    what: str
    why: str
    source: str


@dataclass(frozen=True)
class Explanation:
    """The whole derivation of one assignment's status; `status` is None when it is not counted that day."""

    assignment: str
    status: str | None
    steps: Sequence[ExplainedStep]


class UnknownAssignmentError(SaidError):
    """No assignment had this code at the instant asked about; the message says so."""

    def __init__(self, code: str, known_at: datetime) -> None:
        """Name the code and the instant."""
        super().__init__("explain.unknown_assignment", code=code, known_at=instant_text(known_at))


def saying(name: str, /, **values: object) -> Saying:
    """Return the sentence `explain.<name>`; dates are worded, and values that are sayings speak its language."""
    return lambda language: say(f"explain.{name}", language, **{key: _said(v, language) for key, v in values.items()})


def working_days(count: int) -> Saying:
    """Say a number of working days."""
    return saying("working_day_one" if count == 1 else "working_days", count=count)


def in_both(sentence: Saying) -> str:
    """Return the Vietnamese sentence and, unless it is the same, the English one beside it."""
    vi, en = sentence(Language.VI), sentence(Language.EN)
    return vi if vi == en else f"{vi} / {en}"


def listed(sayings: Iterable[Saying]) -> Saying:
    """Say one after the other, with commas between."""
    known = list(sayings)
    return lambda language: ", ".join(each(language) for each in known)


def entry(key: str, /, **values: object) -> Saying:
    """Return the sentence `key` of another topic ("status.overdue")."""
    return lambda language: say(key, language, **values)


def step(what: Saying, why: Saying, source: Saying, language: Language | None) -> ExplainedStep:
    """Put a step into words: in `language`, or in both."""
    word = in_both if language is None else lambda sentence: sentence(language)
    return ExplainedStep(word(what).strip(), word(why).strip(), word(source))


def cell_of(fact: Located, field: str, batch: Batch) -> Saying:
    """Say where a value stood: file, sheet and cell, or its row when the cell is not known."""
    cell = fact.cells.get(field)
    place = saying("place_cell", cell=cell) if cell else saying("place_row", row=fact.row)
    return saying("source_cell", file=batch.file, sheet=fact.sheet, place=place, batch=batch.id)


def record_of(decision: Decision | ObstacleAnswer) -> Saying:
    """Say where a decision or an answer stands written."""
    if not decision.document:
        return saying("source_decision_bare", at=decision.recorded_at)
    return saying("source_decision", document=decision.document, at=decision.recorded_at)


def _said(value: object, language: Language) -> object:
    if callable(value):
        return value(language)
    if isinstance(value, datetime):
        return instant_text(value)
    return date_text(value) if isinstance(value, date) else value
