"""Where every row of a sheet went: read, or set aside with its reason. Nothing is dropped without a line."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Aside(StrEnum):
    """Why a row that holds something is not read as a row of work."""

    TITLE = "title"
    HEADER = "header"
    REPEATED_HEADER = "repeated_header"
    COLUMN_NUMBERS = "column_numbers"
    GROUP = "group"
    TOTAL = "total"
    FOOTER = "footer"
    OTHER_COLUMNS = "other_columns"
    NOT_UNDERSTOOD = "not_understood"
    WITHOUT_NUMBER = "without_number"
    TABLE_SET_ASIDE = "table_set_aside"
    NO_TABLE = "no_table"
    HIDDEN_SHEET = "hidden_sheet"


@dataclass(frozen=True)
class SheetAccount:
    """The rows of one sheet that hold something: `filled` = `read` + all set `aside`, by reason.

    A row that continues the one above counts as read.
    """

    sheet: str
    filled: int
    read: int
    aside: Mapping[Aside, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return {"sheet": self.sheet, "filled": self.filled, "read": self.read, "aside": dict(self.aside)}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "SheetAccount":
        """Return the account `as_dict` gave."""
        aside = {Aside(reason): count for reason, count in kept["aside"].items()}
        return cls(kept["sheet"], kept["filled"], kept["read"], aside)


def account(sheet: str, filled: Collection[int], read: Collection[int], aside: Mapping[int, Aside]) -> SheetAccount:
    """Return the account of a sheet: its rows that hold something, those read, and each other with its reason."""
    reasons = Counter(aside.values())
    assert len(read) + reasons.total() == len(filled), f"{sheet}: a row is neither read nor set aside"
    return SheetAccount(sheet, len(filled), len(read), dict(sorted(reasons.items())))
