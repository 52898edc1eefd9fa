"""Whether a report's row is about the task its number names: its words against those stored."""

import re
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher

from imports.storing.stored import StoredTask
from rules.folding import fold

# Share of words in common, in order, from which two texts may be the same task worded anew …
ALIKE = 0.6
# … and from which they surely are.
SURELY_THE_SAME = 0.85
_FEWEST_WORDS_OF_A_PREFIX = 4
_WORD = re.compile(r"\w+")
Words = tuple[str, ...]


class TaskWords:
    """The words of the stored tasks, folded and without punctuation."""

    def __init__(self, tasks: Iterable[StoredTask]) -> None:
        """Hold `tasks`; their words are read when they are first compared."""
        self._tasks = list(tasks)
        self._known: dict[int, Words] = {}
        self._same: dict[tuple[str, Words], list[StoredTask]] = {}

    def meant(self, text: str, numbered: StoredTask, may_be: Callable[[StoredTask], bool]) -> StoredTask | None:
        """Return the task a row of the number of `numbered` is about; None when its words name no task for certain.

        Another task of the document is meant when `may_be` allows it and it alone has these words, or nearly these.
        A row or a task without words is taken by its number.
        """
        written, own = _words(text), self._of(numbered)
        if not written or not own or written == own:
            return numbered
        same = [task for task in self._with_words(numbered.document, written) if may_be(task)]
        if not same and likeness(written, own) >= ALIKE:
            return numbered
        alike = same or [task for task in self._others(numbered, written) if may_be(task)]
        return alike[0] if len(alike) == 1 else None

    def _of(self, task: StoredTask) -> Words:
        if task.id not in self._known:
            self._known[task.id] = _words(task.text)
        return self._known[task.id]

    def _with_words(self, document: str, words: Words) -> list[StoredTask]:
        if not self._same:
            for task in self._tasks:
                self._same.setdefault((task.document, self._of(task)), []).append(task)
        return self._same.get((document, words), [])

    def _others(self, numbered: StoredTask, written: Words) -> Iterable[StoredTask]:
        for task in self._tasks:
            if task is not numbered and task.document == numbered.document:
                words = self._of(task)
                if words and likeness(written, words, at_least=SURELY_THE_SAME) >= SURELY_THE_SAME:
                    yield task


def likeness(one: Words, other: Words, *, at_least: float = ALIKE) -> float:
    """Return how alike two texts are, 0 to 1, a beginning of some words and the whole being 1; 0 below `at_least`."""
    shorter, longer = sorted((" ".join(one), " ".join(other)), key=len)
    if len(shorter.split()) >= _FEWEST_WORDS_OF_A_PREFIX and longer.startswith(shorter):
        return 1.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    possible = matcher.real_quick_ratio() >= at_least and matcher.quick_ratio() >= at_least
    return matcher.ratio() if possible else 0.0


def _words(text: str) -> Words:
    return tuple(_WORD.findall(fold(text)))
