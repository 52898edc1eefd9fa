"""Rows of indicators → targets with their unit and day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from imports.layout.headings import Field
from imports.layout.rows import WrittenRow
from imports.meaning.assignment_rows import TaskRow
from imports.meaning.context import Context
from imports.meaning.days import ImpossibleDayError, read_day
from imports.meaning.digests import digest_of
from imports.meaning.documents import DocumentRef, slug
from imports.problem import Problem, Severity, shown, stops
from imports.reading.cells import Value
from rules.amount import Amount, Direction, read_amount
from rules.deadline import read_deadline
from rules.folding import fold
from texts import number_text

# The columns an indicator is defined by.
DEFINED = frozenset({Field.INDICATOR, Field.UNIT, Field.BASELINE, Field.TARGET, Field.DIRECTION})
# The columns its values are read from.
OBSERVED = frozenset({Field.INDICATOR, Field.UNIT, Field.ACTUAL, Field.OBSERVED_ON})
_SHARE_NAMES = frozenset({"%", "phan tram", "ty le", "ti le", "ty le %", "ti le %", "ty le (%)", "ti le (%)"})
_NAME_DIGITS = 8
_DECIMALS_SHOWN = 3


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator as a workbook gives it, for each of `agencies` (None: for the document as a whole).

    `task` is the number of the task in whose row it stands, or empty. Numbers are in `unit`.
    """

    document: DocumentRef
    task: str
    agencies: tuple[str | None, ...]
    number: str
    name: str
    unit: str
    baseline: float | None
    direction: Direction
    target: float | None
    target_text: str
    target_on: date | None
    sheet: str
    row: int
    cells: dict[str, str]
    digest: str

    def code_of(self, agency: str | None) -> str:
        """Return the indicator's code, e.g. 07-CT-TTg.CT-3fa9c1d2.BYT: by its name, so that numbers may change."""
        named = sha256(name_key(self.name).encode()).hexdigest()[:_NAME_DIGITS]
        parts = (slug(self.document.code), slug(self.task), f"CT-{named}", agency or "")
        return ".".join(part for part in parts if part)


@dataclass
class IndicatorReader:
    """Reads the definitions of indicators; `problems` grows as it goes."""

    context: Context
    problems: list[Problem] = field(default_factory=list)

    def read(self, rows: Iterable[WrittenRow], beside: Iterable[tuple[WrittenRow, str]] = ()) -> list[IndicatorRow]:
        """Return the indicators of `rows`, and of rows that stand `beside` the task of a number, each once."""
        pairs = [*((row, "") for row in rows), *beside]
        found = [self._indicator(row, task) for row, task in pairs if row.texts.get(Field.INDICATOR)]
        return list(self._once_each([indicator for indicator in found if indicator]))

    def _indicator(self, row: WrittenRow, task: str) -> IndicatorRow | None:
        document = self.context.documents.of_row(row.texts.get(Field.ASSIGNING_DOC, ""), None)
        if document is None:
            if not any(problem.code == "no_document" for problem in self.problems):
                self.problems.append(stops("no_document"))
            return None
        target, baseline = self._amount(row, Field.TARGET), None
        if row.texts.get(Field.BASELINE):
            baseline = self._amount(row, Field.BASELINE)
        unit = row.texts.get(Field.UNIT, "") or (target.unit if target else "")
        if target and target.unit and not same_unit(target.unit, unit):
            self._say(row, "unit_differs", Severity.TO_CONFIRM, Field.TARGET, target.unit, unit=unit)
        values: dict[str, Any] = {
            "number": row.number,
            "name": row.texts[Field.INDICATOR],
            "unit": unit,
            "baseline": baseline.value if baseline else None,
            "direction": _direction(row.texts.get(Field.DIRECTION, ""), target, baseline),
            "target": target.value if target else None,
            "target_text": row.texts.get(Field.TARGET, ""),
            "target_on": self._target_on(row, document),
        }
        agencies = self._agencies(row, document)
        values |= {"digest": digest_of(*values.values()), "sheet": row.sheet, "row": row.row, "cells": row.cells}
        return IndicatorRow(document, task, agencies, **values)

    def _agencies(self, row: WrittenRow, document: DocumentRef) -> tuple[str | None, ...]:
        lead = row.texts.get(Field.LEAD, "")
        if not lead:
            return (self.context.agency,)
        holders = tuple(holder.agency for holder in self.context.leads(document.issued_on).read(lead).holders)
        if not holders:
            self._say(row, "indicator_without_agency", Severity.TO_CONFIRM, Field.LEAD)
        return holders or (None,)

    def _amount(self, row: WrittenRow, column: Field) -> Amount | None:
        amount = amount_of(row, column)
        if amount is None:
            code = "target_unread" if column is Field.TARGET else "number_unread"
            self._say(row, code, Severity.TO_CONFIRM, column)
        elif amount.needs_confirmation:
            self.problems.append(number_to_confirm(row, column, amount))
        return amount

    def _target_on(self, row: WrittenRow, document: DocumentRef) -> date | None:
        """Return the target's day; of a table without any, none."""
        text = row.texts.get(Field.DEADLINE, "")
        if not text:
            return None
        try:
            day = read_day(row.values[Field.DEADLINE])
        except ImpossibleDayError:
            self._say(row, "impossible_date", Severity.STOPS, Field.DEADLINE)
            return None
        read = read_deadline(text, document_on=document.issued_on, calendar=self.context.calendar)
        if day is None and (read.due_on is None or read.needs_confirmation):
            self._say(row, "target_day_unread", Severity.TO_CONFIRM, Field.DEADLINE)
            return None
        return day or read.due_on

    def _once_each(self, indicators: Sequence[IndicatorRow]) -> Iterator[IndicatorRow]:
        first: dict[str, IndicatorRow] = {}
        for indicator in indicators:
            kept = [first.setdefault(indicator.code_of(agency), indicator) for agency in indicator.agencies]
            twice = next((other for other in kept if other is not indicator), None)
            if twice is None:
                yield indicator
                continue
            severity = Severity.NOTE if twice.digest == indicator.digest else Severity.TO_CONFIRM
            place = (indicator.sheet, indicator.row, None, shown(indicator.name))
            values = {"first_row": twice.row, "first_sheet": twice.sheet}
            self.problems.append(Problem("indicator_twice", severity, *place, values))

    def _say(
        self, row: WrittenRow, code: str, severity: Severity, column: Field, found: str | None = None, **values: Any
    ) -> None:
        self.problems.append(row.problem(code, severity, column, found, **values))


def beside_tasks(rows: Iterable[WrittenRow], tasks: Iterable[TaskRow]) -> list[tuple[WrittenRow, str]]:
    """Return the rows of an annex that give an indicator, each with the number under which its task is kept."""
    numbers = {(task.sheet, task.row): task.number for task in tasks}
    beside = ((row, numbers.get((row.sheet, row.row), "")) for row in rows if row.texts.get(Field.INDICATOR))
    return [(row, number) for row, number in beside if number]


def amount_of(row: WrittenRow, column: Field) -> Amount | None:
    """Return the amount a cell holds: a number as it is, a text as people write amounts; None for neither."""
    value: Value = row.values.get(column, "")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Amount(float(value))
    return read_amount(row.texts.get(column, ""))


def number_to_confirm(row: WrittenRow, column: Field, amount: Amount) -> Problem:
    """Ask about a number whose separators can be read in two ways."""
    read_as = number_text(amount.value, _DECIMALS_SHOWN)
    return row.problem("number_to_confirm", Severity.TO_CONFIRM, column, read_as=read_as)


def name_key(name: str) -> str:
    """Return the form in which two spellings of an indicator's name compare equal."""
    return fold(name).strip(" .;:")


def same_unit(one: str, other: str) -> bool:
    """Whether two units are the same; one that is not given is."""
    units = {"%" if fold(unit) in _SHARE_NAMES else fold(unit) for unit in (one, other) if unit}
    return len(units) < 2  # noqa: PLR2004 - two units that differ


def _direction(text: str, target: Amount | None, baseline: Amount | None) -> Direction:
    """Return which way is better: as said, as the target's bound says, or from the baseline to the target."""
    words = fold(text)
    if words:
        return Direction.DOWN if "giam" in words or words == "down" else Direction.UP
    if target and target.direction:
        return target.direction
    falls = target is not None and baseline is not None and target.value < baseline.value
    return Direction.DOWN if falls else Direction.UP
