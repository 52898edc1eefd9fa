"""Indicators and their values against the store: what is new, what differs, what cannot be matched."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from sqlalchemy import func, select
from sqlmodel import Session, col

from imports.meaning.indicator_rows import IndicatorRow, name_key, same_unit
from imports.meaning.indicator_values import IndicatorValueRow
from imports.problem import Problem, Severity, shown
from imports.storing.stored import FOREVER
from models.assignment_tables import Document
from models.raised_tables import Indicator, IndicatorValue
from models.status_query import live_batches
from rules.register import Register
from texts import number_text

_SHARE, _WHOLE = "%", 100
_DECIMALS_SHOWN = 3


@dataclass(frozen=True)
class DefinedIndicator:
    """An indicator to append for one agency: `replaces` says that the store has it with other content."""

    row: IndicatorRow
    agency: str | None
    replaces: bool


@dataclass(frozen=True)
class ObservedValue:
    """A value to append, in the indicator's unit: `replaces` says that the day had another one."""

    indicator_id: int
    code: str
    row: IndicatorValueRow
    value: float
    unit: str
    replaces: bool


@dataclass(frozen=True)
class Measures:
    """What recording would append of indicators. Rows are counted: new + changed + unchanged is all understood.

    `withdrawn` are the ids of the stored indicators that a later workbook of the same list leaves out.
    """

    defined: tuple[DefinedIndicator, ...] = ()
    observed: tuple[ObservedValue, ...] = ()
    unchanged: int = 0
    withdrawn: tuple[int, ...] = ()

    @property
    def any(self) -> bool:
        """Whether recording would append something."""
        return bool(self.defined or self.observed or self.withdrawn)

    @property
    def new(self) -> int:
        """Count the rows with something the store does not have."""
        return len(self._rows(replaces=False))

    @property
    def changed(self) -> int:
        """Count the rows that only replace something."""
        return len(self._rows(replaces=True) - self._rows(replaces=False))

    def _rows(self, *, replaces: bool) -> set[int]:
        defined = {id(entry.row) for entry in self.defined if entry.replaces is replaces}
        return defined | {id(entry.row) for entry in self.observed if entry.replaces is replaces}


@dataclass
class MeasureComparison:
    """The measures found and what cannot be matched."""

    measures: Measures
    problems: list[Problem] = field(default_factory=list)


def stored_indicators(session: Session, *, known_at: datetime) -> list[tuple[Indicator, Document]]:
    """Return every indicator that stands, as last defined by `known_at` (aware), with its document, oldest first."""
    live = col(Indicator.batch_id).in_(live_batches(known_at))
    newest = select(func.max(col(Indicator.id))).where(live).group_by(col(Indicator.code))
    query = (
        select(Indicator, Document)
        .join(Document, col(Document.id) == col(Indicator.document_id))
        .where(col(Indicator.id).in_(newest), col(Indicator.standing))
        .order_by(col(Indicator.id))
    )
    return [(indicator, document) for indicator, document in session.execute(query)]


def compare_indicators(session: Session, rows: Sequence[IndicatorRow]) -> MeasureComparison:
    """Compare the indicators of an annex with those stored of its documents."""
    documents = {row.document.code for row in rows}
    stored = stored_indicators(session, known_at=FOREVER) if rows else []
    known = {indicator.code: indicator.digest for indicator, document in stored if document.code in documents}
    defined = tuple(
        DefinedIndicator(row, agency, code in known)
        for row in rows
        for agency in row.agencies
        if known.get(code := row.code_of(agency)) != row.digest
    )
    touched = {id(entry.row) for entry in defined}
    gone = _left_out(session, rows, [indicator for indicator, document in stored if document.code in documents])
    unchanged = sum(id(row) not in touched for row in rows)
    withdrawn = tuple(indicator.id for indicator in gone if indicator.id is not None)
    problems = [_withdrawal(gone, rows[0])] if gone else []
    return MeasureComparison(Measures(defined, unchanged=unchanged, withdrawn=withdrawn), problems)


def _left_out(session: Session, rows: Sequence[IndicatorRow], stored: Sequence[Indicator]) -> list[Indicator]:
    """Return the stored indicators of the same list that these rows leave out.

    One list are those that one workbook gave together: what a workbook shares none with is another one's to withdraw.
    """
    listed = {row.code_of(agency) for row in rows for agency in row.agencies}
    missing = [indicator for indicator in stored if indicator.code not in listed]
    if not missing:
        return []
    live = col(Indicator.batch_id).in_(live_batches(FOREVER))
    given = session.execute(select(Indicator.batch_id, Indicator.code).where(live))  # type: ignore[call-overload]
    batches: dict[int, set[str]] = {}
    for batch, code in given:
        batches.setdefault(batch, set()).add(code)
    continued = set().union(*(codes for codes in batches.values() if codes & listed))
    return [indicator for indicator in missing if indicator.code in continued]


def _withdrawal(gone: Sequence[Indicator], row: IndicatorRow) -> Problem:
    names = shown("; ".join(indicator.name for indicator in gone))
    values = {"count": len(gone), "document": row.document.code}
    return Problem("indicators_withdrawn", Severity.TO_CONFIRM, row.sheet, None, None, names, values)


def compare_values(session: Session, rows: Sequence[IndicatorValueRow], register: Register) -> MeasureComparison:
    """Match the values of a report with the indicators they are of; the last row about one indicator and day counts."""
    matcher = _Matcher(stored_indicators(session, known_at=FOREVER) if rows else [], register)
    found = matcher.match(rows)
    known = _known_values(session, {value.indicator_id for value in found})
    observed = tuple(
        ObservedValue(value.indicator_id, value.code, value.row, value.value, value.unit, stored is not None)
        for value in found
        if (stored := known.get((value.code, value.row.observed_on))) != (value.value, value.unit)
    )
    touched = {id(value.row) for value in observed}
    unchanged = sum(id(row) not in touched for row in rows)
    return MeasureComparison(Measures(observed=observed, unchanged=unchanged), matcher.problems)


class _Matcher:
    """Finds the indicators that values are of."""

    def __init__(self, stored: Sequence[tuple[Indicator, Document]], register: Register) -> None:
        self.by_code = {indicator.code: indicator for indicator, _ in stored}
        self.by_name: dict[str, list[tuple[Indicator, str]]] = {}
        for indicator, document in stored:
            self.by_name.setdefault(name_key(indicator.name), []).append((indicator, document.code))
        self.successors_on = cache(register.accountable)
        self.problems: list[Problem] = []

    def match(self, rows: Sequence[IndicatorValueRow]) -> list[ObservedValue]:
        found: dict[tuple[str, object], ObservedValue] = {}
        for row in rows:
            indicator = self._indicator(row)
            value = self._value(row, indicator) if indicator else None
            if indicator is None or value is None or indicator.id is None:
                continue
            earlier = found.pop((indicator.code, row.observed_on), None)
            if earlier is not None:
                first, sheet = earlier.row.row, earlier.row.sheet
                self._say(row, "value_given_twice", Severity.TO_CONFIRM, row.name, first_row=first, first_sheet=sheet)
            unit = indicator.unit or row.unit
            entry = ObservedValue(indicator.id, indicator.code, row, value, unit, replaces=False)
            found[indicator.code, row.observed_on] = entry
        return list(found.values())

    def _indicator(self, row: IndicatorValueRow) -> Indicator | None:
        """Return the indicator of the row's code, else the one of its agency (or of nobody's alone) with its name."""
        concerned = self._concerned(row)
        if row.reference:
            known = self.by_code.get(row.reference)
            if known is None or known.agency_code not in concerned:
                self._say(row, "unknown_reference", Severity.STOPS, row.reference, "reference", agency=row.agency)
                return None
            if name_key(known.name) != name_key(row.name):
                self._say(row, "indicator_name_differs", Severity.TO_CONFIRM, row.name, stored=shown(known.name))
            return known
        named = [pair for pair in self.by_name.get(name_key(row.name), []) if row.document in {None, pair[1]}]
        for agencies in ({row.agency}, concerned):
            mine = [indicator for indicator, _ in named if indicator.agency_code in agencies]
            if len(mine) == 1:
                return mine[0]
        self._say(row, "unknown_indicator", Severity.STOPS, row.name, agency=row.agency)
        return None

    def _concerned(self, row: IndicatorValueRow) -> Collection[str | None]:
        """Return the agency, those whose work it took over, and None: indicators of the document as a whole."""
        successors = self.successors_on(row.observed_on)
        return {row.agency, None, *(former for former, agency in successors.items() if agency == row.agency)}

    def _value(self, row: IndicatorValueRow, indicator: Indicator) -> float | None:
        """Return the value in the indicator's unit: 40/61 is a share of 61, or 40 where the target is 61."""
        amount, unit = row.amount, indicator.unit
        for given in (row.unit, amount.unit):
            if unit and not same_unit(given, unit):
                self._say(row, "unit_differs", Severity.STOPS, given, "unit", unit=unit)
                return None
        share = unit != "" and same_unit(unit, _SHARE)
        if amount.whole is not None and not share and amount.whole != indicator.target:
            self._say(row, "number_unread", Severity.TO_CONFIRM, row.value_text, "actual")
            return None
        if share and amount.whole is not None:
            return amount.value / amount.whole * _WHOLE
        if share and not amount.unit and 0 < amount.value <= 1 < (indicator.target or 0):
            read_as = f"{number_text(amount.value, _DECIMALS_SHOWN)}%"
            self._say(row, "number_to_confirm", Severity.TO_CONFIRM, row.value_text, "actual", read_as=read_as)
        return amount.value

    def _say(
        self, row: IndicatorValueRow, code: str, severity: Severity, found: str, at: str = "indicator", **values: object
    ) -> None:
        column = row.cells.get(at, "").rstrip("0123456789") or None
        self.problems.append(Problem(code, severity, row.sheet, row.row, column, shown(found), values))


def _known_values(session: Session, indicators: Collection[int]) -> dict[tuple[str, object], tuple[float, str]]:
    """Return the newest live value of each day of the indicators (any row of their code), with its unit."""
    return {(code, value.observed_on): (value.value, value.unit) for code, value in _values(session, indicators)}


def _values(session: Session, indicators: Collection[int]) -> Iterator[tuple[str, IndicatorValue]]:
    if not indicators:
        return
    codes = select(col(Indicator.code)).where(col(Indicator.id).in_(sorted(indicators)))
    query = (
        select(col(Indicator.code), IndicatorValue)
        .join(Indicator, col(Indicator.id) == col(IndicatorValue.indicator_id))
        .where(col(Indicator.code).in_(codes), col(IndicatorValue.batch_id).in_(live_batches(FOREVER)))
        .order_by(col(IndicatorValue.id))
    )
    yield from ((code, value) for code, value in session.execute(query))
