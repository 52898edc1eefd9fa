"""What a workbook is read against: the register, the calendar, the documents known, and what the caller said."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from imports.meaning.documents import Documents
from rules.calendar import WorkingCalendar
from rules.leads import LeadReader
from rules.register import Register


@dataclass(frozen=True)
class Context:
    """`today` is the day of the import; `agency` the one the caller named, by its code."""

    register: Register
    calendar: WorkingCalendar
    documents: Documents
    today: date
    agency: str | None = None

    @cached_property
    def _readers(self) -> dict[date, LeadReader]:
        return {}

    def leads(self, on: date) -> LeadReader:
        """Return the reader of lead cells in documents of the day `on`."""
        if on not in self._readers:
            self._readers[on] = LeadReader(self.register, on)
        return self._readers[on]
