"""The day of the document that proves a result, where a report has a column of its own for it."""

from collections.abc import Iterable

from imports.layout.headings import Field
from imports.layout.tables import Table
from imports.layout.written_row import WrittenRow
from rules.layout import heading_words

_ITS_DAY = frozenset({"ngay van ban", "ngay thang van ban"})


def join_evidence_day(table: Table, rows: Iterable[WrittenRow]) -> None:
    """Join "Ngày văn bản" to the evidence beside it, unless it is the day of the document that assigned the work."""
    column = table.columns.get(Field.ASSIGNED_DATE)
    if column is None or Field.EVIDENCE not in table.columns or Field.ASSIGNING_DOC in table.columns:
        return
    if heading_words(table.headings.get(column, "")) in _ITS_DAY:
        for row in rows:
            number, day = row.texts.get(Field.EVIDENCE), row.texts.get(Field.ASSIGNED_DATE)
            if number and day:
                row.replace({Field.EVIDENCE: f"{number} ngày {day}"})
