"""What the pages work with: the store, the clock and the settings; and the answers they read from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from models.explain import Explanation, explain
from models.milestones_then import milestones_then
from models.reference import read_reference
from models.status import WARNING_WORKING_DAYS, status_of
from models.status_table import Counts, StatusRow, StatusTable
from models.store import Store
from portal.question import Question, read_question
from rules.folding import fold
from rules.reference import Reference
from rules.status import CompletionLevel
from texts import Language


@dataclass(frozen=True)
class Desk:
    """The store behind the pages; `today` and `now` are asked once per request."""

    store: Store
    today: Callable[[], date]
    now: Callable[[], datetime]
    level: CompletionLevel = CompletionLevel.EVIDENCED
    warning_working_days: int = WARNING_WORKING_DAYS

    def asked(self, given: Mapping[str, str]) -> tuple[Question, Reference]:
        """Read the question in a URL against the register the store holds."""
        with self.store.reading() as session:
            reference = read_reference(session)
        return read_question(given, today=self.today(), now=self.now(), reference=reference), reference

    def table(self, question: Question) -> StatusTable:
        """Return the status table the question is about, narrowed to its agency and milestone."""
        return status_of(
            self.store,
            as_of=question.as_of,
            known_at=question.known_at,
            agency=question.agency,
            milestone=question.milestone,
            level=self.level,
            warning_working_days=self.warning_working_days,
        )

    def known_then(self, question: Question) -> Mapping[str, Counts]:
        """Return the verdicts at each milestone as known on its day, for the agency the question is about."""
        return milestones_then(
            self.store,
            as_of=question.as_of,
            known_at=question.known_at,
            agency=question.agency,
            level=self.level,
        )

    def explanation(self, code: str, question: Question, language: Language) -> Explanation:
        """Return the derivation of one assignment's status in one language."""
        return explain(
            self.store,
            code,
            as_of=question.as_of,
            known_at=question.known_at,
            level=self.level,
            warning_working_days=self.warning_working_days,
            language=language,
        )


def matching(table: StatusTable, question: Question) -> list[StatusRow]:
    """Return the rows with the status and the words asked for; words are compared without accents."""
    words = fold(question.words).split()
    return [
        row
        for row in table.rows
        if (question.status is None or row.status is question.status) and all(word in _text(row) for word in words)
    ]


def _text(row: StatusRow) -> str:
    return fold(f"{row.code} {row.number} {row.task} {row.product} {row.section}")
