"""Turn a judged row into work by name: with its agency, its deadline as written and what was last reported."""

from collections.abc import Iterable, Mapping

from models.status_table import StatusRow
from reports.beside import Raised, addressee
from reports.stored import LastReport
from reports.text import cleaned
from reports.work import Work
from rules.register import Register

_NOTHING = LastReport()


class Namer:
    """Knows the names of the register and the last report about each assignment."""

    def __init__(self, register: Register, reports: Mapping[str, LastReport], raised: Raised) -> None:
        """Take the register, the last reports by assignment code, and what was raised and promised."""
        self._names = {agency.code: agency.name_vi for agency in register.agencies}
        self._collectives = {collective.code: collective.names[0] for collective in register.collectives}
        self._reports, self._raised = reports, raised
        self._obstacles = {row.assignment: row for row in raised.obstacles}

    def collective(self, code: str | None) -> str:
        """Return a collective's first name; empty for none."""
        return "" if code is None else self._collectives.get(code, code)

    def works(self, rows: Iterable[StatusRow]) -> tuple[Work, ...]:
        """Return the rows as work by name, in their order."""
        return tuple(self._work(row) for row in rows)

    def _work(self, row: StatusRow) -> Work:
        reported = [self._reports[code] for code in row.codes if code in self._reports]
        last = max(reported, key=lambda report: (not report.later, report.reported_on, report.order), default=_NOTHING)
        obstacle = next((self._obstacles[code] for code in row.codes if code in self._obstacles), None)
        step = row.open_step
        promise, state = self._raised.promises.get(row.code, (None, ""))
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
            reason=cleaned(self._raised.reason_for(row.codes)),
            committed_until=promise.commitment.until_on if promise else None,
            commitment=str(state),
            obstacle=cleaned(obstacle.obstacle.text) if obstacle else "",
            obstacle_with=addressee(obstacle, self._names) if obstacle else "",
            step=cleaned(step.name) or str(step.position) if step else "",
            step_until=row.last_good_day if step else None,
            also=tuple(code for code in row.codes if code != row.code),
        )
