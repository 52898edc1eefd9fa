"""What an explanation is, and how its sentences are put together in one language or in both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.assignment_tables import Batch, Decision, Progress, TaskRevision
from texts import Language, SaidError, date_text, instant_text, say

Saying = Callable[[Language], str]


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


def saying(entry: str, **values: object) -> Saying:
    """Return the sentence `explain.<entry>`; dates are worded, and values that are sayings speak its language."""
    return lambda language: say(
        f"explain.{entry}", language, **{name: _said(v, language) for name, v in values.items()}
    )


def in_both(sentence: Saying) -> str:
    """Return the Vietnamese sentence and, unless it is the same, the English one beside it."""
    vi, en = sentence(Language.VI), sentence(Language.EN)
    return vi if vi == en else f"{vi} / {en}"


def step(what: Saying, why: Saying, source: Saying, language: Language | None) -> ExplainedStep:
    """Put a step into words: in `language`, or in both."""
    word = in_both if language is None else lambda sentence: sentence(language)
    return ExplainedStep(word(what).strip(), word(why).strip(), word(source))


def cell_of(fact: TaskRevision | Progress, field: str, batch: Batch) -> Saying:
    """Say where a value stood: file, sheet and cell, or its row when the cell is not known."""
    cell = fact.cells.get(field)
    place = saying("place_cell", cell=cell) if cell else saying("place_row", row=fact.row)
    return saying("source_cell", file=batch.file, sheet=fact.sheet, place=place, batch=batch.id)


def record_of(decision: Decision) -> Saying:
    """Say where a decision stands written."""
    if not decision.document:
        return saying("source_decision_bare", at=decision.recorded_at)
    return saying("source_decision", document=decision.document, at=decision.recorded_at)


def _said(value: object, language: Language) -> object:
    if callable(value):
        return value(language)
    if isinstance(value, datetime):
        return instant_text(value)
    return date_text(value) if isinstance(value, date) else value
