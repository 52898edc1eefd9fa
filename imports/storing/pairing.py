"""Which stored task each row of an annex is: by what stays the same, in this order, inside one document.

1. Number and content are as stored: nothing changed.
2. The content is as stored under another number, or the words are: the row was moved. Words that several tasks have
   need the same leads, or the same number, beside them.
3. The number and a lead are as stored and the words surely the same; then a lead, and words nowhere else so alike and
   surely the same, unless the row at the task's number may be it; then the number and a lead, and words that may be
   the same.
4. What is left may still be a stored task that is missing: alike in words under a shared lead, or with its number. It
   is a `Doubt`: taken as new, and asked about.

An agency's own rows are never tasks that others hold and it does not: ministries word their common duties alike, and a
list sent by one takes nothing from another.

Numbers that stand in a text (a year, a decree) are part of what a task is: other numbers are never surely the same.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from imports.meaning.assignment_rows import TaskRow
from imports.storing.nearest import Leads, Nearest, digits, held_by, leads_of, share_a_lead
from imports.storing.same_task import ALIKE, SURELY_THE_SAME, Alphabet, likeness, shared
from imports.storing.stored import StoredTask

# Beyond so many comparisons of a document's left-over rows with its left-over tasks (half a second), words are compared
# no more: such rows pair by number or by equal words, the others are new.
MOST_COMPARISONS = 4_000_000
# So many words alone name a task that no other row and no other task has.
_FEWEST_WORDS_ALONE = 6


@dataclass(frozen=True)
class Doubt:
    """A row and a stored task that may be one: their words are so alike, 0 to 1."""

    row: TaskRow
    task: StoredTask
    likeness: float


@dataclass
class Pairs:
    """The rows with the tasks they are, those that are new, and what is in doubt.

    `same` has the content stored. `doubts` are of new rows; `unsure` of reworded ones that are the task by number and
    lead alone. `uncompared` counts the rows whose words were compared with no task, for there were too many.
    """

    same: list[tuple[TaskRow, StoredTask]] = field(default_factory=list)
    reworded: list[tuple[TaskRow, StoredTask]] = field(default_factory=list)
    new: list[TaskRow] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    unsure: list[Doubt] = field(default_factory=list)
    uncompared: int = 0


def pair(
    rows: Sequence[TaskRow],
    stored: Iterable[StoredTask],
    fill_in: Callable[[Collection[StoredTask]], None],
    agency: str | None = None,
) -> Pairs:
    """Pair `rows`, of `agency` (None: several), with the `stored` tasks of their documents.

    `fill_in` reads what tasks left over say.
    """
    pairs = Pairs()
    # Withdrawn tasks come after those that stand: a row is one of them only when it is nothing else.
    free = {task.id: task for task in sorted(stored, key=lambda task: not task.stands) if task.wording is not None}
    left = _same_content(rows, free, pairs)
    if left and free:
        documents = {row.document.code for row in left}
        fill_in([task for task in free.values() if task.document in documents])
        left = _Left(left, free, pairs, agency).pair()
    pairs.new = left
    return pairs


def _same_content(rows: Sequence[TaskRow], free: dict[int, StoredTask], pairs: Pairs) -> list[TaskRow]:
    """Pair the rows whose content is stored, at their number or elsewhere; return the others."""
    by_number: dict[tuple[str, str], StoredTask] = {}
    for task in free.values():
        by_number.setdefault((task.document, task.number), task)
    left = []
    for row in rows:
        at = by_number.get((row.document.code, row.number))
        if at is not None and at.digest == row.digest and at.whole:
            pairs.same.append((row, at))
            del free[at.id]
        else:
            left.append(row)
    if not left or not free:
        return left
    content: dict[Hashable, list[StoredTask]] = defaultdict(list)
    for task in reversed(free.values()):
        if task.whole:
            content[task.document, task.digest].append(task)
    return _taken(left, content, lambda row: (row.document.code, row.digest), free, pairs.same)


def _taken(
    rows: Sequence[TaskRow],
    tasks: Mapping[Hashable, list[StoredTask]],
    key: Callable[[TaskRow], Hashable],
    free: dict[int, StoredTask],
    into: list[tuple[TaskRow, StoredTask]],
) -> list[TaskRow]:
    """Pair each row with a free task of its key, in order; return the rows without one. `tasks` are last first."""
    left = []
    for row in rows:
        waiting = tasks.get(key(row), [])
        while waiting and waiting[-1].id not in free:
            waiting.pop()
        if waiting:
            task = waiting.pop()
            del free[task.id]
            into.append((row, task))
        else:
            left.append(row)
    return left


class _Left:
    """Pairs what is left when the contents that are stored are paired."""

    def __init__(self, rows: list[TaskRow], free: dict[int, StoredTask], pairs: Pairs, agency: str | None) -> None:
        self.rows, self.free, self.pairs, self.agency = rows, free, pairs, agency
        self.alphabet = Alphabet()
        self.leads: dict[str, Leads] = {}

    def pair(self) -> list[TaskRow]:
        """Return the rows that are new."""
        self._same_words()
        self._numbered(SURELY_THE_SAME)
        self._moved_and_reworded()
        self._numbered(ALIKE)
        self._doubts()
        return self.rows

    def _same_words(self) -> None:
        rows, tasks = self._words_of_row, self._words_of_task
        self._take(lambda row: (*rows(row), row.number, leads_of(row)), lambda t: (*tasks(t), t.number, held_by(t)))
        self._take(lambda row: (*rows(row), leads_of(row)), lambda t: (*tasks(t), held_by(t)))
        self._take(lambda row: (*rows(row), row.number), lambda t: (*tasks(t), t.number))
        alone = self._words_of_one()
        self._take(lambda row: rows(row) if rows(row) in alone else None, tasks)

    def _take(self, row_key: Callable[[TaskRow], Hashable], task_key: Callable[[StoredTask], Hashable]) -> None:
        waiting: dict[Hashable, list[StoredTask]] = defaultdict(list)
        for task in reversed(self.free.values()):
            if self._words_of_task(task)[1]:
                for whose in self._open_to(task):
                    waiting[whose, task_key(task)].append(task)
        self.rows = _taken(
            self.rows, waiting, lambda row: (self._is_own(row), row_key(row)), self.free, self.pairs.reworded
        )

    def _is_own(self, row: TaskRow) -> bool:
        """Whether the row is the sender's own, or nobody's in the sender's list: no task of others."""
        return self.agency is not None and (self.agency in leads_of(row) or not row.assignments)

    def _open_to(self, task: StoredTask) -> tuple[bool, ...]:
        """Return which rows the task may be: the sender's own (true) only when the sender holds it, or nobody."""
        holders = held_by(task)
        return (True, False) if not holders or self.agency in holders else (False,)

    def _words_of_row(self, row: TaskRow) -> tuple[str, str]:
        return row.document.code, self.alphabet.letters(row.text)

    def _words_of_task(self, task: StoredTask) -> tuple[str, str]:
        return task.document, self.alphabet.letters(task.text)

    def _words_of_one(self) -> set[tuple[str, str]]:
        """Return the words that one row and one task alone have, and that are long enough to name it."""
        often: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for row in self.rows:
            often[self._words_of_row(row)][0] += 1
        for task in self.free.values():
            often[self._words_of_task(task)][1] += 1
        return {words for words, times in often.items() if times == [1, 1] and len(words[1]) >= _FEWEST_WORDS_ALONE}

    def _numbered(self, at_least: float) -> None:
        """Pair rows with the tasks of their number when a lead is the same and the words are so alike.

        Without words, or with other leads and words surely the same, the number decides as well.
        """
        waiting: dict[Hashable, list[StoredTask]] = defaultdict(list)
        for task in reversed(self.free.values()):
            for whose in self._open_to(task):
                waiting[whose, task.document, task.number].append(task)

        def same(row: TaskRow) -> Hashable:
            key = (self._is_own(row), row.document.code, row.number)
            task = next((task for task in reversed(waiting.get(key, [])) if task.id in self.free), None)
            return key if task is not None and self._is_numbered(row, task, at_least) else None

        found: list[tuple[TaskRow, StoredTask]] = []
        self.rows = _taken(self.rows, waiting, same, self.free, found)
        self.pairs.reworded += found
        if at_least < SURELY_THE_SAME:
            self.pairs.unsure += [self._doubt(row, task) for row, task in found if self._is_unsure(row, task)]

    def _is_unsure(self, row: TaskRow, task: StoredTask) -> bool:
        written, own = self.alphabet.letters(row.text), self.alphabet.letters(task.text)
        sure = likeness(written, own) >= SURELY_THE_SAME and digits(row.text) == digits(task.text)
        return bool(written and own) and not sure

    def _is_numbered(self, row: TaskRow, task: StoredTask, at_least: float) -> bool:
        written, own = self.alphabet.letters(row.text), self.alphabet.letters(task.text)
        if not written or not own:
            return at_least < SURELY_THE_SAME
        sure = shared(written, own, at_least=SURELY_THE_SAME) > 0 and digits(row.text) == digits(task.text)
        if at_least == SURELY_THE_SAME or not share_a_lead(leads_of(row), held_by(task)):
            return sure
        return sure or likeness(written, own, at_least=at_least) > 0

    def _moved_and_reworded(self) -> None:
        """Pair what shares a lead and has surely the same words, the most alike first."""
        blocks: dict[tuple[str, str], tuple[list[TaskRow], list[StoredTask]]] = defaultdict(lambda: ([], []))
        for row in self.rows:
            blocks[row.document.code, digits(row.text)][0].append(row)
        for task in self.free.values():
            if task.stands:
                blocks[task.document, digits(task.text)][1].append(task)
        found: dict[int, StoredTask] = {}
        for rows, tasks in blocks.values():
            if rows and tasks:
                block = Nearest(self.alphabet, tasks)
                if block.comparisons(rows) > MOST_COMPARISONS:
                    self.pairs.uncompared += len(rows)
                else:
                    found |= block.best(rows, SURELY_THE_SAME)
        at_its_number = {(row.document.code, row.number): row for row in self.rows if id(row) not in found}
        self._pair_found({id_: task for id_, task in found.items() if not self._goes_on_at(task, at_its_number)})

    def _goes_on_at(self, task: StoredTask, rows: Mapping[tuple[str, str], TaskRow]) -> bool:
        """Whether the row left over at the task's own number may be the task: of work split in two it keeps the number.

        Such a row is the task, and asked about, before another is for its words.
        """
        row = rows.get((task.document, task.number))
        return (
            row is not None
            and self._is_own(row) in self._open_to(task)
            and share_a_lead(leads_of(row), held_by(task))
            and likeness(self.alphabet.letters(row.text), self.alphabet.letters(task.text)) > 0
        )

    def _pair_found(self, found: Mapping[int, StoredTask]) -> None:
        for row in self.rows:
            if id(row) in found:
                self.pairs.reworded.append((row, found[id(row)]))
                del self.free[found[id(row)].id]
        self.rows = [row for row in self.rows if id(row) not in found]

    def _doubts(self) -> None:
        """Find the missing tasks that rows taken as new may be: alike in words under a shared lead, or by number."""
        paired = {task.document for _, task in (*self.pairs.same, *self.pairs.reworded)}
        for document in dict.fromkeys(row.document.code for row in self.rows):
            rows = [row for row in self.rows if row.document.code == document]
            tasks = [task for task in self.free.values() if task.stands and task.document == document]
            near = self._near(rows, tasks)
            found = near | (self._of_its_number(rows, near, tasks) if document in paired else {})
            self.pairs.doubts += [self._doubt(row, found[id(row)]) for row in rows if id(row) in found]

    def _near(self, rows: Sequence[TaskRow], tasks: Sequence[StoredTask]) -> dict[int, StoredTask]:
        block = Nearest(self.alphabet, tasks)
        if block.comparisons(rows) <= MOST_COMPARISONS:
            return block.best(rows, ALIKE)
        self.pairs.uncompared = max(self.pairs.uncompared, len(rows))
        return {}

    def _of_its_number(
        self, rows: Iterable[TaskRow], near: Mapping[int, StoredTask], tasks: Iterable[StoredTask]
    ) -> dict[int, StoredTask]:
        """Return by `id` of the row the missing task with its number and a lead of it, or words like its own."""
        taken = {task.id for task in near.values()}
        numbered: dict[str, list[StoredTask]] = defaultdict(list)
        for task in tasks:
            if task.id not in taken:
                numbered[task.number].append(task)
        found: dict[int, StoredTask] = {}
        for row in rows:
            waiting = [] if id(row) in near else numbered[row.number]
            may_be = next((task for task in waiting if self._may_be(row, task)), None)
            if may_be is not None:
                found[id(row)] = may_be
                waiting.remove(may_be)
        return found

    def _may_be(self, row: TaskRow, task: StoredTask) -> bool:
        letters = self.alphabet.letters
        return share_a_lead(leads_of(row), held_by(task)) or likeness(letters(row.text), letters(task.text)) > 0

    def _doubt(self, row: TaskRow, task: StoredTask) -> Doubt:
        letters = self.alphabet.letters
        return Doubt(row, task, shared(letters(row.text), letters(task.text), at_least=0))
