"""The decision table of `rules.status` over the columns of a query."""

from typing import Any

from sqlalchemy import ColumnElement, case

from models.question import DAY, WARNING_UNTIL
from rules.status import OTHERWISE, TABLE, AskedAbout, StatusFacts


def total_facts(c: Any) -> StatusFacts:
    """Return the total facts that columns named after them hold."""
    return StatusFacts(c.nature, c.last_good_day, c.completed_on, c.cancelled_on, c.held_from, c.held_until)


def status_by(total: StatusFacts) -> ColumnElement[str]:
    """Return the status those facts give, on the day asked about."""
    asked = AskedAbout(DAY, WARNING_UNTIL)  # type: ignore[arg-type]
    return case(*((holds(total, asked), str(status)) for status, holds in TABLE), else_=str(OTHERWISE))
