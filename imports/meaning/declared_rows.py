"""Whether a report's rows say done: by their status, their percentage, or the words of their result."""

import re
from collections.abc import Sequence

from imports.layout.headings import Field
from imports.layout.rows import WrittenRow
from imports.problem import Problem, Severity
from imports.reading.cells import Value
from rules.declared import WHOLE, read_declared

_FIGURES = re.compile(r"^\s*\d{1,3}(?:[.,]\d{1,4})?\s*$")


class DeclaredReader:
    """Reads what rows declare; `problems` grows as it goes."""

    def __init__(self, rows: Sequence[WrittenRow], problems: list[Problem]) -> None:
        """Look through the percentages of `rows`: below 1 all are fractions, at 1 nobody can say."""
        numbers = (_number(row.values.get(Field.PROGRESS_PCT, "")) for row in rows)
        self._top = max((number for number in numbers if number is not None), default=WHOLE)
        self._problems = problems

    def declared(self, row: WrittenRow, *, has_proof: bool) -> tuple[bool | None, str]:
        """Return whether the row says done, and the words that say so: its status, else its percentage.

        None is said of completion when neither is given and the result says neither done nor not done.
        """
        status, percent = row.texts.get(Field.STATUS, ""), row.texts.get(Field.PROGRESS_PCT, "")
        if status:
            shown = _percent_text(row.values[Field.STATUS], fractions=True) or status
            done = self._known(row, Field.STATUS, shown)
            return not self._contradicted(row, shown) and done, shown
        if percent:
            if self._may_be_all(row):
                self._say(row, "percentage_ambiguous", Field.PROGRESS_PCT, percent)
                return False, percent
            shown = self._share(row)
            return self._known(row, Field.PROGRESS_PCT, _as_share(shown)), shown
        result = row.texts.get(Field.RESULT_NOW, "")
        done_or_not = read_declared(result)
        if done_or_not is None and has_proof:
            self._say(row, "unknown_status_word", Field.STATUS, result)
        return done_or_not, result if done_or_not is not None else ""

    def _known(self, row: WrittenRow, column: Field, words: str) -> bool:
        done = read_declared(words)
        if done is None:
            self._say(row, "unknown_status_word", column, row.texts.get(column, ""))
        return bool(done)

    def _contradicted(self, row: WrittenRow, status: str) -> bool:
        """Whether the percentage beside a status says otherwise; it is asked about."""
        percent = row.texts.get(Field.PROGRESS_PCT, "")
        if not percent or self._may_be_all(row):
            return False
        share = _as_share(self._share(row))
        said, by_share = read_declared(status), read_declared(share)
        if None in {said, by_share} or said == by_share:
            return False
        problem = row.problem("status_contradicts_percentage", Severity.TO_CONFIRM, Field.STATUS, status, percent=share)
        self._problems.append(problem)
        return True

    def _may_be_all(self, row: WrittenRow) -> bool:
        """Whether the percentage is a 1 that may be one per cent or all of it."""
        return self._top == 1 and _number(row.values[Field.PROGRESS_PCT]) == 1

    def _share(self, row: WrittenRow) -> str:
        value = _number(row.values[Field.PROGRESS_PCT])
        return row.texts[Field.PROGRESS_PCT] if value is None else _percent_text(value, fractions=self._top <= 1)

    def _say(self, row: WrittenRow, code: str, column: Field, found: str) -> None:
        self._problems.append(row.problem(code, Severity.TO_CONFIRM, column, found))


def _percent_text(value: Value, *, fractions: bool) -> str:
    """Return a numeric cell as a percentage, or nothing for text; Excel keeps 80 % as 0.8."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return f"{value * WHOLE if fractions and 0 <= value <= 1 else value:g}%"


def _as_share(written: str) -> str:
    return written if "%" in written else f"{written}%"


def _number(value: Value) -> float | None:
    """Return a number as it is, and one written as text, which is all a text table has: "0,8", "62.5"."""
    if isinstance(value, str):
        return float(value.strip().replace(",", ".")) if _FIGURES.match(value) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
