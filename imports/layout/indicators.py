"""A table of indicators as written: its rows are read like rows of work, the indicator standing for the task."""

import re
from collections.abc import Collection

from imports.layout.headings import Field
from imports.layout.rows import TableRows, written_rows
from imports.layout.tables import Table

_WHEN = re.compile(r"(?:quý|tháng|năm|ngày)\b.*\d{4}", re.IGNORECASE | re.DOTALL)


def indicator_rows(table: Table, fields: Collection[Field] = frozenset(Field)) -> TableRows:
    """Return the indicators of `table` in order; without a column of deadlines the target's heading gives the day."""
    answer = written_rows(table, fields)
    when = _WHEN.search(table.headings.get(table.columns.get(Field.TARGET, -1), ""))
    if when and Field.DEADLINE not in table.columns:
        for row in answer.rows:
            row.give(Field.DEADLINE, " ".join(when[0].split()), like=Field.TARGET)
    return answer
