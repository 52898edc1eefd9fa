"""Rows of indicators in a report → what they were observed to be."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from imports.layout.headings import Field
from imports.layout.rows import WrittenRow
from imports.meaning.context import Context
from imports.meaning.days import ImpossibleDayError, read_day
from imports.meaning.indicator_rows import amount_of, number_to_confirm
from imports.problem import Problem, Severity, stops
from rules.amount import Amount


@dataclass(frozen=True)
class IndicatorValueRow:
    """The value of one indicator on a day; `reference` is the code a template gave the row.

    `document` is the code of the document the row or the report is about, None when none is named.
    """

    document: str | None
    agency: str
    reference: str
    name: str
    amount: Amount
    value_text: str
    unit: str
    observed_on: date
    sheet: str
    row: int
    cells: dict[str, str]


@dataclass
class IndicatorValueReader:
    """Reads the values of indicators; `problems` grows as it goes."""

    context: Context
    agency: str | None
    reported_on: date
    problems: list[Problem] = field(default_factory=list)

    def read(self, rows: Sequence[WrittenRow]) -> list[IndicatorValueRow]:
        """Return the values given; a row without one is left out with a note."""
        return [value for row in rows if row.texts.get(Field.INDICATOR) and (value := self._value(row))]

    def _value(self, row: WrittenRow) -> IndicatorValueRow | None:
        name, agency = row.texts[Field.INDICATOR], self._agency(row)
        if not row.texts.get(Field.ACTUAL):
            self._say(row, "no_value_given", Severity.NOTE, Field.INDICATOR)
            return None
        amount, observed_on = amount_of(row, Field.ACTUAL), self._observed_on(row)
        if amount is None:
            self._say(row, "number_unread", Severity.TO_CONFIRM, Field.ACTUAL)
        if amount is None or observed_on is None or agency is None:
            return None
        if amount.needs_confirmation:
            self.problems.append(number_to_confirm(row, Field.ACTUAL, amount))
        document = self.context.documents.of_row(row.texts.get(Field.ASSIGNING_DOC, ""), None)
        return IndicatorValueRow(
            document=document.code if document else None,
            agency=agency,
            reference=row.texts.get(Field.REFERENCE, ""),
            name=name,
            amount=amount,
            value_text=row.texts[Field.ACTUAL],
            unit=row.texts.get(Field.UNIT, "") or amount.unit,
            observed_on=observed_on,
            sheet=row.sheet,
            row=row.row,
            cells=row.cells,
        )

    def _agency(self, row: WrittenRow) -> str | None:
        """Return whose value it is: the one agency the row names, else the reporter's."""
        lead = row.texts.get(Field.LEAD, "")
        holders = self.context.leads(self.reported_on).read(lead).holders if lead else ()
        if len(holders) == 1:
            return holders[0].agency
        if self.agency is None and not any(problem.code == "no_agency" for problem in self.problems):
            self.problems.append(stops("no_agency"))
        return self.agency

    def _observed_on(self, row: WrittenRow) -> date | None:
        """Return the day of the value: its own, else the report's; None for a day that does not exist."""
        try:
            day = read_day(row.values.get(Field.OBSERVED_ON, ""))
        except ImpossibleDayError:
            self._say(row, "impossible_date", Severity.STOPS, Field.OBSERVED_ON)
            return None
        if day is None and row.texts.get(Field.OBSERVED_ON):
            self._say(row, "unknown_day", Severity.TO_CONFIRM, Field.OBSERVED_ON)
        if day and day > self.reported_on:
            self._say(
                row, "value_day_to_confirm", Severity.TO_CONFIRM, Field.OBSERVED_ON, day=f"{self.reported_on:%d/%m/%Y}"
            )
        return day or self.reported_on

    def _say(self, row: WrittenRow, code: str, severity: Severity, column: Field, **values: Any) -> None:
        self.problems.append(row.problem(code, severity, column, **values))
