"""An edition in short: its figures in sentences, what moved since the one before, the words of a change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.edition_tables import Edition
from reports import narrative
from reports.changes import Change
from reports.correction import changed_text, value_text
from reports.editions import facts_of
from reports.moved import since
from reports.wording import written_in
from rules.status import Status
from texts import Language

CHANGES_SHOWN = 100


@dataclass(frozen=True)
class ChangeLine:
    """One change in words: what, from what, to what."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Short:
    """The figures of an edition in one language; `changes` are those that differ from the edition before, cut."""

    sentences: Sequence[str]
    parts: Sequence[tuple[Status, int]]
    total: int
    changed: int
    changes: Sequence[ChangeLine]


def short_of(edition: Edition, language: Language) -> Short:
    """Return an edition in short."""
    facts, changes = facts_of(edition), [Change(**each) for each in edition.changes]
    with written_in(language):
        sentences = [*narrative.totals(facts), since(facts)]
    lines = lines_of(changes, language)[:CHANGES_SHOWN]
    return Short(sentences, list(facts.totals.parts()), facts.totals.total, len(changes), lines)


def lines_of(changes: Iterable[Change], language: Language) -> list[ChangeLine]:
    """Return changes in words, figures first."""
    with written_in(language):
        return [
            ChangeLine(changed_text(each), value_text(each.before), value_text(each.after))
            for each in sorted(changes, key=lambda change: not change.is_figure)
        ]
