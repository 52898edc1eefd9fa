"""Which cells are marked, and what is said at each."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from imports.problem import Problem, Severity
from imports.reading.cells import Place, column_index

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
WEIGHTS = {severity: weight for weight, severity in enumerate(Severity)}
_LETTERS = re.compile("[A-Z]{1,3}")


@dataclass
class Mark:
    """What is wrong at one cell, the gravest first."""

    problems: list[Problem] = field(default_factory=list)

    @property
    def severity(self) -> Severity:
        """The gravest severity at the cell."""
        return min((problem.severity for problem in self.problems), key=WEIGHTS.__getitem__)


@dataclass(frozen=True)
class Pointed:
    """A problem that names a row of a sheet: `number` is its place in the list, `column` None when it names none."""

    number: int
    problem: Problem
    row: int
    column: int | None


def by_weight(problems: Iterable[Problem], sheets: Sequence[str]) -> list[Problem]:
    """Return the problems as they are listed: what stops first, then in the order of the workbook."""
    order = {name: at for at, name in enumerate(sheets)}
    return sorted(problems, key=lambda p: (WEIGHTS[p.severity], order.get(p.sheet, -1), p.row or 0, _column(p) or 0))


def pointed(listed: Iterable[Problem]) -> dict[str, list[Pointed]]:
    """Return, by sheet, the problems that name a row Excel has; rows and columns count from 0."""
    found: dict[str, list[Pointed]] = {}
    for number, problem in enumerate(listed):
        if problem.row is not None and 0 < problem.row <= LAST_ROW:
            at = Pointed(number, problem, problem.row - 1, _column(problem))
            found.setdefault(problem.sheet, []).append(at)
    return found


def marks_at(places: Iterable[tuple[Place, Problem]]) -> dict[Place, Mark]:
    """Gather what is said at each cell."""
    found: dict[Place, Mark] = {}
    for place, problem in places:
        found.setdefault(place, Mark()).problems.append(problem)
    return found


def _column(problem: Problem) -> int | None:
    letters = problem.column or ""
    index = column_index(letters) if _LETTERS.fullmatch(letters) else LAST_COLUMN
    return index if index < LAST_COLUMN else None
