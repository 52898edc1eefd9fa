"""Facts → one frozen edition → .docx, .pdf, .xlsx, .json, .csv; the writers never read the store.

Imports `models`, `texts` and `rules`.
"""

from reports.edition import EditionKeptError, EditionWritten, WrittenFile, write_edition
from reports.facts import Facts
from reports.gather import ReportDaysError, gather_facts
from reports.integrity import FactsDoNotAddUpError
from reports.letterhead import Letterhead
from reports.state import EditionState, EditionStateError, Purpose

__all__ = [
    "EditionKeptError",
    "EditionState",
    "EditionStateError",
    "EditionWritten",
    "Facts",
    "FactsDoNotAddUpError",
    "Letterhead",
    "Purpose",
    "ReportDaysError",
    "WrittenFile",
    "gather_facts",
    "write_edition",
]
