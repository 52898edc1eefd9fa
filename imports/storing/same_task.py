"""Whether two texts are the words of one task: each word is one letter, and what two texts share in order counts.

The figures were measured on the 66 tasks of Directive 07 and on 1,320 rewordings of each kind, made by chance. Two
different tasks share at most 0.875 ("Phối hợp cấp giấy khai sinh…", "Chủ trì cấp giấy khai sinh…"; of one lead at most
0.667, and 99 % of all pairs below 0.34). With a tenth of its words changed, dropped or added, 99 % of the rewordings
stay at 0.9 or above; with two fifths, 99.8 % at 0.6 or above.
"""

import re
from collections.abc import Callable, Iterable

from rapidfuzz.distance import Indel

from imports.storing.stored import StoredTask
from rules.folding import fold

# Share of words in common, in order, from which two texts may be the same task worded anew …
ALIKE = 0.6
# … and from which they surely are.
SURELY_THE_SAME = 0.9
FEWEST_WORDS_OF_A_PREFIX = 4
_WORD = re.compile(r"\w+")
# Letters for words: the planes after the surrogates; a second million of words would use them again.
_FIRST_LETTER, _LETTERS = 0xE000, 0x100000


class _Letters(dict[str, str]):
    """The letter of each word met so far."""

    def __missing__(self, word: str) -> str:
        self[word] = chr(_FIRST_LETTER + len(self) % _LETTERS)
        return self[word]


class Alphabet:
    """Turns texts into strings of one letter per word, folded and without punctuation."""

    def __init__(self) -> None:
        """Know no word yet."""
        self._letters = _Letters()
        self._read: dict[str, str] = {}

    def letters(self, text: str) -> str:
        """Return the words of `text`, a letter each; the same word is the same letter in every text."""
        found = self._read.get(text)
        if found is None:
            words = _WORD.findall(fold(text))
            found = self._read[text] = "".join(map(self._letters.__getitem__, words))
        return found


class TaskWords:
    """The words of the stored tasks, against which the rows of a report are read."""

    def __init__(self, tasks: Iterable[StoredTask]) -> None:
        """Hold `tasks`; their words are read when they are first compared."""
        self._tasks = list(tasks)
        self._alphabet = Alphabet()
        self._same: dict[tuple[str, str], list[StoredTask]] = {}

    def meant(self, text: str, numbered: StoredTask, allowed: Callable[[StoredTask], bool]) -> StoredTask | None:
        """Return the task a row of the number of `numbered` is about; None when its words name no task for certain.

        Another task of the document is meant when it is `allowed` and it alone has these words, or nearly these.
        A row or a task without words is taken by its number.
        """
        written, own = self._alphabet.letters(text), self._of(numbered)
        if not written or not own or written == own:
            return numbered
        same = [task for task in self._with_words(numbered.document, written) if allowed(task)]
        if not same and likeness(written, own) >= ALIKE:
            return numbered
        alike = same or [task for task in self._others(numbered, written) if allowed(task)]
        return alike[0] if len(alike) == 1 else None

    def may_be(self, text: str, task: StoredTask) -> bool:
        """Whether `text` may be the words of `task`; a row or a task without words may be anything."""
        written, own = self._alphabet.letters(text), self._of(task)
        return not written or not own or likeness(written, own) >= ALIKE

    def named(self, document: str, number: str, text: str) -> list[StoredTask]:
        """Return the tasks of a document that have exactly this number and these words."""
        written = self._alphabet.letters(text)
        return [task for task in self._with_words(document, written) if written and task.number == number]

    def _of(self, task: StoredTask) -> str:
        return self._alphabet.letters(task.text)

    def _with_words(self, document: str, words: str) -> list[StoredTask]:
        if not self._same:
            for task in self._tasks:
                self._same.setdefault((task.document, self._of(task)), []).append(task)
        return self._same.get((document, words), [])

    def _others(self, numbered: StoredTask, written: str) -> Iterable[StoredTask]:
        for task in self._tasks:
            if task is not numbered and task.document == numbered.document:
                words = self._of(task)
                if words and likeness(written, words, at_least=SURELY_THE_SAME):
                    yield task


def likeness(one: str, other: str, *, at_least: float = ALIKE) -> float:
    """Return how alike two strings of letters are, 0 to 1; 0 below `at_least`.

    A beginning of some words and the whole are 1: reports shorten the tasks they are about.
    """
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= FEWEST_WORDS_OF_A_PREFIX and longer.startswith(shorter):
        return 1.0
    return shared(one, other, at_least=at_least)


def shared(one: str, other: str, *, at_least: float = ALIKE) -> float:
    """Return the share of letters two strings have in common, in order, 0 to 1; 0 below `at_least`."""
    return Indel.normalized_similarity(one, other, score_cutoff=at_least)
