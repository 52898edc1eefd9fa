"""What shapes an edition's files beside its facts: letterhead, state, language, and what it corrects."""

from dataclasses import dataclass

from reports.changes import Change
from reports.letterhead import ENGLISH, USUAL, Letterhead
from reports.state import EditionState
from texts import Language


@dataclass(frozen=True)
class Form:
    """The form of an edition's files; `corrects` is the edition whose `changes` it states, for `reason`."""

    letterhead: Letterhead = USUAL
    state: EditionState = EditionState.SUBMITTED
    language: Language = Language.VI
    corrects: str = ""
    reason: str = ""
    changes: tuple[Change, ...] = ()

    @property
    def head(self) -> Letterhead:
        """The letterhead in the language of the form; one of a deployment's own stays as it is."""
        return ENGLISH if self.language is Language.EN and self.letterhead == USUAL else self.letterhead
