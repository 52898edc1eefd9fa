"""Turn a judged row into work by name: with its agency, its deadline as written and what was last reported."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from models.status_table import StatusRow
from reports.facts import Work
from reports.stored import LastReport
from rules.register import Register

# What XML 1.0 cannot hold at all; a workbook's text is kept, these are not text.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOTHING = LastReport()


def cleaned(text: str) -> str:
    """Return `text` in NFC, without control characters, single line feeds and no space around it."""
    joined = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return unicodedata.normalize("NFC", _NOT_TEXT.sub("", joined)).strip()


class Namer:
    """Knows the names of the register and the last report about each assignment."""

    def __init__(self, register: Register, reports: Mapping[str, LastReport]) -> None:
        """Take the register and the last reports by assignment code."""
        self._names = {agency.code: agency.name_vi for agency in register.agencies}
        self._collectives = {collective.code: collective.names[0] for collective in register.collectives}
        self._reports = reports

    def collective(self, code: str | None) -> str:
        """Return a collective's first name; empty for none."""
        return "" if code is None else self._collectives.get(code, code)

    def works(self, rows: Iterable[StatusRow]) -> tuple[Work, ...]:
        """Return the rows as work by name, in their order."""
        return tuple(self._work(row) for row in rows)

    def _work(self, row: StatusRow) -> Work:
        reported = [self._reports[code] for code in row.parts if code in self._reports]
        last = max(reported, key=lambda report: (not report.later, report.reported_on, report.order), default=_NOTHING)
        return Work(
            code=row.code,
            document=row.document,
            number=row.number,
            period=row.period,
            agency=row.agency,
            agency_name=self._names[row.agency],
            task=cleaned(row.task),
            product=cleaned(row.product),
            deadline_text=cleaned(row.deadline_text),
            collective=self.collective(row.collective),
            original_due_on=row.original_due_on,
            due_on=row.due_on,
            effective_due_on=row.effective_due_on,
            status=row.status,
            days_late=row.days_late,
            completed_on=row.completed_on,
            reported_on=last.reported_on if last is not _NOTHING else None,
            result=cleaned(last.result or last.declared),
            evidence=cleaned(last.evidence),
            difficulty=cleaned(last.difficulty),
            proposal=cleaned(last.proposal),
            reported_later=last.later,
        )
