"""The sheet of a template on which the values of an agency's indicators are given."""

from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from imports.returning.template_cells import Column, Grid, Look, Value, put_table, put_title, set_page, word
from imports.returning.template_progress import figure_or_text
from models.assignment_tables import Document
from models.raised_tables import Indicator
from texts import date_text, number_text

_COLUMNS = (
    Column("number", 6, Look.NUMBER),
    Column("indicator", 60),
    Column("unit", 14),
    Column("target", 18),
    Column("target_on", 16),
    Column("assigning", 30),
    Column("actual", 18, Look.FIGURE),
    Column("observed_on", 16, Look.DAY),
    Column("reference", 24, hidden=True),
)
_HEADER = 4
_DECIMALS = 2


def draw_indicators(
    workbook: Workbook, name: str, indicators: Sequence[tuple[Indicator, Document]], documents: Mapping[str, str]
) -> None:
    """Draw the sheet for the agency `name`; `documents` cites each by its code."""
    sheet = workbook.create_sheet(word("indicators_sheet"))
    put_title(sheet, [(name.upper(), Look.STRONG), (word("indicators_title"), Look.TITLE)], len(_COLUMNS) - 1)
    grid = Grid(sheet, _HEADER, _COLUMNS, len(indicators))
    put_table(grid, [_given(indicator, documents[document.code]) for indicator, document in indicators])
    grid.check("observed_on", DataValidation(type="date", operator="greaterThan", formula1="DATE(2000,1,1)"))
    # Only a warning: "40/61" and "1.234,5" are read too, whatever the language of the office's Excel.
    number = DataValidation(
        type="decimal", operator="between", formula1="-1E+15", formula2="1E+15", errorStyle="warning"
    )
    grid.check("actual", number)
    set_page(grid)


def _given(indicator: Indicator, citation: str) -> Mapping[str, Value]:
    target = "" if indicator.target is None else number_text(indicator.target, _decimals(indicator.target))
    return {
        "number": figure_or_text(indicator.number),
        "indicator": indicator.name,
        "unit": indicator.unit,
        "target": indicator.target_text or target,
        "target_on": date_text(indicator.target_on) if indicator.target_on else "",
        "assigning": citation,
        "reference": indicator.code,
    }


def _decimals(value: float) -> int:
    return 0 if value.is_integer() else _DECIMALS
