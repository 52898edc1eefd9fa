"""What is wrong with a workbook, as values: nothing here is ever raised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from texts import Language, say

_FOUND_SHOWN = 120
_NOTHING_FOUND = "—"


class Severity(StrEnum):
    """How much a problem weighs: `stops` refuses the whole workbook, `to_confirm` asks a person, `note` informs."""

    STOPS = "stops"
    TO_CONFIRM = "to_confirm"
    NOTE = "note"


@dataclass(frozen=True)
class Problem:
    """One thing to mend: `row` as Excel shows it, `column` its letter, `found` what stood there, shortened."""

    code: str
    severity: Severity
    sheet: str = ""
    row: int | None = None
    column: str | None = None
    found: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """Say, in Vietnamese and English, what was found, where, and what to do."""
        return " / ".join(self.sentence(language) for language in Language)

    def sentence(self, language: Language) -> str:
        """Say the same in one language."""
        place = {"sheet": self.sheet, "row": self.row or "", "column": self.column or ""}
        return say(f"problem.{self.code}", language, **{**place, "found": self.found or _NOTHING_FOUND, **self.values})

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON tells it: its fields, without `values`, and its message."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "found": self.found,
            "message": self.message,
        }


def stops(code: str, found: str = "", **values: Any) -> Problem:
    """Return a problem of the whole workbook that refuses it."""
    return Problem(code, Severity.STOPS, found=shown(found), values=values)


def stopping(problems: Iterable[Problem]) -> bool:
    """Whether some problem refuses the whole workbook."""
    return any(problem.severity is Severity.STOPS for problem in problems)


def asks_for_mending(problems: Iterable[Problem]) -> bool:
    """Whether somebody must mend or confirm something, so that a copy is worth giving back."""
    return any(problem.severity is not Severity.NOTE for problem in problems)


def shown(text: str) -> str:
    """Return `text` in one line, short enough for a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= _FOUND_SHOWN else f"{line[: _FOUND_SHOWN - 1]}…"
