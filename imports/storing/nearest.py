"""The stored task most alike in words to a row, among those that share a lead with it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush

from rapidfuzz import process
from rapidfuzz.distance import Indel

from imports.meaning.assignment_rows import TaskRow
from imports.storing.same_task import Alphabet
from imports.storing.stored import StoredTask

_DIGITS = re.compile(r"\d+")
Leads = frozenset[str]


class Nearest:
    """Tasks among which rows look for the one most alike that shares a lead."""

    def __init__(self, alphabet: Alphabet, tasks: Sequence[StoredTask]) -> None:
        """Hold `tasks`, whose words and assignments are filled in."""
        self.letters = alphabet.letters
        self.by_id = {task.id: task for task in tasks}
        self.by_leads: dict[Leads, list[StoredTask]] = defaultdict(list)
        for task in tasks:
            self.by_leads[held_by(task)].append(task)
        self.choices: dict[Leads, dict[int, str | None]] = {}

    def comparisons(self, rows: Iterable[TaskRow]) -> int:
        """Count the comparisons the rows need."""
        often = Counter(leads_of(row) for row in rows)
        return sum(times * sum(map(len, self._among(leads))) for leads, times in often.items())

    def best(self, rows: Sequence[TaskRow], at_least: float) -> dict[int, StoredTask]:
        """Return by `id` of the row the task most alike; each task once, to the row most alike."""
        found: dict[int, StoredTask] = {}
        waiting = [(-score, at, task) for at, row in enumerate(rows) for score, task in self._nearest(row, at_least)]
        heapify(waiting)
        while waiting:
            _, at, task = heappop(waiting)
            row = rows[at]
            if self._is_free(task):
                found[id(row)] = self.by_id[task]
                self._take(task)
            else:
                for score, other in self._nearest(row, at_least):
                    heappush(waiting, (-score, at, other))
        return found

    def _nearest(self, row: TaskRow, at_least: float) -> list[tuple[float, int]]:
        """Return the free task most alike with its likeness, or nothing."""
        written = self.letters(row.text)
        choices = self._choices(leads_of(row))
        near = process.extractOne(written, choices, scorer=Indel.normalized_similarity, score_cutoff=at_least)
        return [(near[1], near[2])] if near and written else []

    def _choices(self, leads: Leads) -> dict[int, str | None]:
        if leads not in self.choices:
            tasks = (task for those in self._among(leads) for task in those)
            self.choices[leads] = {task.id: self.letters(task.text) or None for task in tasks}
        return self.choices[leads]

    def _among(self, leads: Leads) -> list[list[StoredTask]]:
        return [those for held, those in self.by_leads.items() if share_a_lead(leads, held)]

    def _is_free(self, task: int) -> bool:
        return any(choices.get(task) is not None for choices in self.choices.values())

    def _take(self, task: int) -> None:
        for choices in self.choices.values():
            if task in choices:
                choices[task] = None


def leads_of(row: TaskRow) -> Leads:
    """Return whom the row makes accountable."""
    return frozenset(assignment.agency for assignment in row.assignments)


def held_by(task: StoredTask) -> Leads:
    """Return who is accountable, or, for a task that was withdrawn, who ever was."""
    return frozenset(agency for agency, _ in (task.standing if task.stands else task.ever))


def share_a_lead(one: Leads, other: Leads) -> bool:
    """Whether the two name one agency in common, or none at all."""
    return bool(one & other) or not (one or other)


def digits(text: str) -> str:
    """Return the numbers that stand in a text, in order."""
    return " ".join(_DIGITS.findall(text))
