"""A selection of assignments: the rows behind one figure, and the words of the command that opens them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from models.clear_duties import clears_of
from models.status_table import StatusRow, StatusTable
from rules.completeness import Clear
from rules.status import Flag, Status


@dataclass(frozen=True)
class Selection:
    """Which rows count; every part that is given must hold.

    `statuses` holds for any of them; `unclear` for rows that leave it unclear, and of `Clear` all six for rows that
    leave something unclear; `late_from` for at least so many working days late.
    """

    agency: str | None = None
    statuses: tuple[Status, ...] = ()
    flag: Flag | None = None
    unclear: tuple[Clear, ...] = ()
    late_from: int = 0

    def holds(self, row: StatusRow, heads: Mapping[str, int]) -> bool:
        """Whether a row is selected; `heads` counts the posts registered as head of each agency."""
        return (
            self.agency in {None, row.agency}
            and (not self.statuses or row.status in self.statuses)
            and (self.flag is None or self.flag in row.flags)
            and row.days_late >= self.late_from
            and (not self.unclear or not all(clears_of(row, heads)[each] for each in self.unclear))
        )

    def narrowed(self, table: StatusTable, heads: Mapping[str, int]) -> StatusTable:
        """Return the table with the selected rows alone."""
        return replace(table, rows=[row for row in table.rows if self.holds(row, heads)])

    def command(self, *, as_of: date, known_at: datetime) -> str:
        """Return the `dondoc status` command that lists exactly these rows."""
        words = ["dondoc status", f"--as-of {as_of}", f"--known-at {known_at.isoformat()}"]
        words += [f"--agency {self.agency}"] if self.agency else []
        words += [f"--status {status}" for status in self.statuses]
        words += [f"--flag {self.flag}"] if self.flag else []
        words += [f"--unclear {clear}" for clear in self.unclear]
        return " ".join(words + ([f"--late-from {self.late_from}"] if self.late_from else []))
