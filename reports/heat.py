"""The heat map: how many working days each agency was late, by the month in which the work, or its step, was due."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from reports.facts import Facts
from reports.paper import Align, Column, RowKind, Table, TableRow
from reports.wording import number_text, worded

# The months shown one by one; all before them stand together.
_MONTHS = 12
# The first day count of each darker shade.
_SHADES = (1, 21, 101, 501)

Days = Mapping[str, int]


def heat_of(facts: Facts) -> Mapping[str, Days]:
    """Return the working days late by agency code and month ("2025-08"), of work overdue or completed late.

    Late by less than a working day counts as none.
    """
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for work in (*facts.late, *facts.done_late):
        if work.days_late and work.good_until:
            found[work.agency][f"{work.good_until:%Y-%m}"] += work.days_late
    return {agency.code: found[agency.code] for agency in facts.agencies if found[agency.code]}


def heat_table(facts: Facts, number: int) -> Table:
    """Return the heat map as a table: agencies down, months across, darker for more; the rows add up to the totals."""
    heat = heat_of(facts)
    known = sorted({month for days in heat.values() for month in days})
    shown, before = known[-_MONTHS:], known[:-_MONTHS]
    months = [*([worded("heat_before", month=_named(shown[0]))] if before else []), *map(_named, shown)]
    columns = (
        Column(worded("column_order"), 5, Align.CENTRE),
        Column(worded("column_agency"), 32),
        *(Column(month, 7, Align.CENTRE) for month in months),
        Column(worded("row_total"), 9, Align.CENTRE),
    )
    rows = [
        _row(str(order), facts.name_of(agency), _cells(days, shown, before))
        for order, (agency, days) in enumerate(heat.items(), start=1)
    ]
    sums: Counter[str] = Counter()
    for days in heat.values():
        sums.update(days)
    total = _row("", worded("row_total"), _cells(sums, shown, before))
    return Table(columns, (*rows, TableRow(total.cells, RowKind.TOTAL)), worded("table_heat", number=number))


def _named(month: str) -> str:
    year, number = month.split("-")
    return f"{number}/{year}"


def _cells(days: Days, shown: Iterable[str], before: Iterable[str]) -> list[int]:
    earlier = list(before)
    return [*([sum(days.get(m, 0) for m in earlier)] if earlier else []), *(days.get(m, 0) for m in shown)]


def _row(order: str, label: str, days: list[int]) -> TableRow:
    cells = (order, label, *(number_text(each) if each else "" for each in days), number_text(sum(days)))
    return TableRow(cells, shades=(0, 0, *map(_shade, days), 0))


def _shade(days: int) -> int:
    return sum(days >= first for first in _SHADES)
