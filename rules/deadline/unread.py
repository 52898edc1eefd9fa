"""The step that says which words nobody read: a reading that has one must be confirmed."""

from collections.abc import Iterable

from rules.deadline.answer import Step
from rules.deadline.phrase import Phrase, Span


def unread_steps(phrase: Phrase, read: Iterable[Span]) -> tuple[Step, ...]:
    """Return one step naming the words outside the spans `read` that could change the meaning, or none."""
    words = phrase.unread(read)
    return (Step("unread", {"words": words}),) if words else ()
