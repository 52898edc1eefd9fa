"""Which assignments the rows of a report are about: by the code a template gave them, else by number and words."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from imports.meaning.named_periods import named_periods, period_alone
from imports.meaning.progress_rows import ProgressRow
from imports.problem import Problem, Severity, shown
from imports.storing.referred import References
from imports.storing.same_task import TaskWords
from imports.storing.stored import Key, StoredAssignment, StoredTask
from models.succession import TakenOver, formers_of
from rules.register import Register


def concerned(agencies: set[str], successors: Mapping[str, str]) -> set[str]:
    """Return `agencies`, those whose work they took over and those who took over theirs."""
    formers = {former for former, successor in successors.items() if successor in agencies}
    return agencies | formers | {successors[agency] for agency in agencies & successors.keys()}


@dataclass(frozen=True)
class _Assumed:
    """A report counted for the period `chosen` because of its day; `several` says that it names more than one."""

    row: ProgressRow
    before: StoredAssignment
    chosen: StoredAssignment
    several: bool


class Matcher:
    """Finds the assignments a report's rows are about; the last row about one assignment counts."""

    def __init__(
        self, stored: Collection[StoredTask], register: Register, on: date, taken: Iterable[TakenOver]
    ) -> None:
        """Match with `stored` as of the day `on`; `taken` is what was taken over by decision."""
        self.on = on
        self.numbered: dict[Key, list[StoredTask]] = {}
        for task in stored:
            self.numbered.setdefault((task.document, task.number), []).append(task)
        self.successors = register.accountable(on)
        self.taken = formers_of(taken, self.successors)
        self.ended = {agency.code: agency.valid_to for agency in register.agencies if agency.code in self.successors}
        self.words = TaskWords(stored)
        self.references = References(stored, self.words)
        self.problems: list[Problem] = []
        self.said: set[Hashable] = set()
        self.assumed: list[_Assumed] = []

    def match(self, rows: Iterable[ProgressRow]) -> dict[int, tuple[StoredAssignment, ProgressRow]]:
        """Return the assignments rows are about, by their ids, each with the row that counts."""
        found: dict[int, tuple[StoredAssignment, ProgressRow]] = {}
        for row in rows:
            for assignment in self._targets(row):
                earlier = found.pop(assignment.id, None)
                if earlier is not None:
                    self._complain_of_two(earlier[1], row)
                found[assignment.id] = (assignment, row)
        return found

    def _targets(self, row: ProgressRow) -> Iterator[StoredAssignment]:
        if row.reference:
            yield from self._referred(row)
            return
        of_document = (self.numbered.get((row.document.code, key)) for key in (row.number, row.number_in_section))
        numbered = next(filter(None, of_document), [])
        for agency in row.agencies:
            tasks = [task for task in numbered if self._holders(task, agency, row)]
            if not tasks:
                self._complain_of_unknown(row, agency)
                continue
            # Lists of one document may use a number twice; the words then tell which is meant.
            task = next((task for task in tasks if self.words.may_be(row.text, task)), tasks[0])
            meant = self._meant(row, task, agency)
            for holder in self._holders(meant, agency, row) if meant else ():
                yield self._of_period(meant or task, holder, row)

    def _referred(self, row: ProgressRow) -> Sequence[StoredAssignment]:
        """Return the assignments meant by the code a template gave the row."""
        found, problem = self.references.targets(
            row,
            concerned(set(row.agencies), self.successors).union(
                *(formers for (_, to), formers in self.taken.items() if to in row.agencies)
            ),
            lambda task: (holder for agency in row.agencies for holder in self._holders(task, agency, row)),
        )
        self.problems += [problem] if problem else []
        return found

    def _meant(self, row: ProgressRow, numbered: StoredTask, agency: str) -> StoredTask | None:
        """Return the task of the agency the row's words name: its number alone may be that of another list."""
        meant = self.words.meant(row.text, numbered, lambda task: bool(self._holders(task, agency, row)))
        if meant is None:
            values = {"number": row.number, "stored": shown(numbered.text)}
            self._say(row, "task_text_differs", Severity.STOPS, shown(row.text), **values)
        elif meant is not numbered:
            values = {"number": meant.number, "stored": shown(meant.text)}
            self._say(row, "task_number_differs", Severity.TO_CONFIRM, row.number, **values)
        return meant

    def _holders(self, task: StoredTask, agency: str, row: ProgressRow) -> list[str]:
        """Return whose assignments the row is about: the agency's own, and those it took over from others.

        A row that names its agency is about that one's alone. What was proved before a merger proves nothing about
        the part of the body merged since.
        """
        has = {key[0] for key in task.standing}
        inherited = [former for former, successor in self.successors.items() if successor == agency and former in has]
        inherited += sorted(self.taken.get((task.id, agency), set()) & has)
        own = [agency] if agency in has else []
        if row.named and own:
            return own
        proved = [former for former in inherited if not self._proved_before(row, former)]
        successor = self.successors.get(agency)
        return own + proved or inherited or ([successor] if successor in has and successor else [])

    def _proved_before(self, row: ProgressRow, former: str) -> bool:
        ended = self.ended.get(former)
        return row.evidence_on is not None and ended is not None and row.evidence_on <= ended

    def _of_period(self, task: StoredTask, agency: str, row: ProgressRow) -> StoredAssignment:
        """Return the agency's assignment of the period the row names, else of the period of its day, or the nearest."""
        periods = sorted((a for a in task.standing.values() if a.agency == agency), key=lambda a: a.counts_from)
        if len(periods) == 1:
            return periods[0]
        named = self._named(task, row, [a for a in periods if a.counts_from <= self.on])
        if len(named) == 1:
            return named[0]
        begun = [assignment for assignment in periods if assignment.counts_from <= row.reports_on(self.on)]
        chosen = begun[-1] if begun else periods[0]
        if len(begun) > 1 and (row.declared_done or row.evidence_number):
            self.assumed.append(_Assumed(row, before=begun[-2], chosen=chosen, several=bool(named)))
        return chosen

    def _named(self, task: StoredTask, row: ProgressRow, periods: Sequence[StoredAssignment]) -> list[StoredAssignment]:
        """Return the assignments whose period the row names: as its deadline, in the task's words, or in the result."""
        given = named_periods(task.text)
        for names in (period_alone(row.period_text), named_periods(row.text) - given, named_periods(row.result_text)):
            found = [assignment for assignment in periods if assignment.period in names]
            if found:
                return found
        return []

    def ask_about_periods(self, reported: Collection[int]) -> None:
        """Ask about reports counted for a period by their day alone while the one before has none (ids `reported`)."""
        for assumed in self.assumed:
            if assumed.several or assumed.before.id not in reported:
                values = {"period": assumed.chosen.period, "before": assumed.before.period}
                self._say(assumed.row, "period_to_confirm", Severity.TO_CONFIRM, assumed.row.number, **values)

    def _complain_of_unknown(self, row: ProgressRow, agency: str) -> None:
        values = {"document": row.document.code, "agency": agency}
        place = (row.sheet, row.row, row.cells.get("seq", "").rstrip("0123456789") or None)
        self.problems.append(Problem("unknown_task", Severity.STOPS, *place, row.number, values))

    def _say(self, row: ProgressRow, code: str, severity: Severity, found: str, **values: object) -> None:
        column = row.cells.get("task", "").rstrip("0123456789") or None
        self._once(Problem(code, severity, row.sheet, row.row, column, found, values))

    def _complain_of_two(self, first: ProgressRow, second: ProgressRow) -> None:
        severity = Severity.NOTE if first.digest == second.digest else Severity.TO_CONFIRM
        values = {"first_row": first.row, "first_sheet": first.sheet}
        problem = Problem("reported_twice", severity, second.sheet, second.row, None, second.number, values)
        self._once(problem)

    def _once(self, problem: Problem) -> None:
        """Keep a problem unless a row about several agencies has it already."""
        key = (problem.code, problem.sheet, problem.row, problem.found, *problem.values.values())
        if key not in self.said:
            self.said.add(key)
            self.problems.append(problem)
