"""The native charts of the .xlsx annex: which rows and parts are drawn, and that each fits its page."""

import io
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from models import Store
from models.reference import register_of
from reports.annex import annex_of
from reports.charts import central, provinces
from reports.counts import SHOWN
from reports.wording import status_text
from tests.reports.conftest import Written
from tests.reports.ledger import Q2, Ledger, august

# In centimetres: what an A4 landscape page holds of a sheet as wide as the counts by agency.
TALLEST, ROW = 21, 0.53


@pytest.fixture(scope="module")
def book(written: Written) -> openpyxl.Workbook:
    return openpyxl.load_workbook(written.file("xlsx"))


def charts(sheet: Worksheet) -> list[Any]:
    return list(getattr(sheet, "_charts"))  # noqa: B009 - no public list


def labels(sheet: Worksheet, chart: Any) -> list[object]:
    """Return the labels of the bars, read from the cells the chart names."""
    name, cells = chart.series[0].cat.numRef.f.rsplit("!", 1)
    assert name.strip("'") == sheet.title
    return [row[0].value for row in sheet[cells.replace("$", "")]]


def parts(sheet: Worksheet, chart: Any) -> list[object]:
    """Return the legend, read from the headings the chart names."""
    return [sheet[series.tx.strRef.f.rsplit("!", 1)[1].replace("$", "")].value for series in chart.series]


def test_the_centre_and_the_provinces_are_drawn_apart(book: openpyxl.Workbook, written: Written) -> None:
    assert {sheet.title: len(charts(sheet)) for sheet in book.worksheets if charts(sheet)} == {
        "Tổng hợp": 1,
        "Theo cơ quan": 2,
        "Theo mốc": 1,
        "So với kế hoạch": 1,
    }
    sheet = book["Theo cơ quan"]
    groups = [labels(sheet, chart) for chart in charts(sheet)]
    assert groups == [[agency.name for agency in own(written.facts)] for own in (central, provinces)]


def test_a_legend_names_only_what_is_drawn(book: openpyxl.Workbook, written: Written) -> None:
    sheet = book["Theo cơ quan"]
    for chart, own in zip(charts(sheet), (central, provinces), strict=True):
        drawn = [s for s in SHOWN if any(agency.counts.of(s) for agency in own(written.facts))]
        assert parts(sheet, chart) == [status_text(status) for status in drawn]
        assert len(drawn) < len(SHOWN)


def test_all_provinces_have_their_label_no_outline_and_a_page(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        codes = [a.code for a in register_of(session).agencies if a.code.startswith("T") and a.code[1:].isdecimal()]
        Ledger(session).duty("BCA", *codes, due=Q2)
    facts = august(sqlite_store)
    sheet = openpyxl.load_workbook(io.BytesIO(annex_of(facts, made_at=facts.known_at)))["Theo cơ quan"]
    ministry, localities = charts(sheet)
    assert len(labels(sheet, localities)) == len(codes) == 34
    assert localities.x_axis.tickLblSkip == 1
    assert all(series.graphicalProperties.line.noFill for series in localities.series)
    assert not any(series.graphicalProperties.line.noFill for series in ministry.series)
    assert centimetres(localities) <= TALLEST
    # In rows of the sheet, from 0: the first chart ends above the page break, the second stands below it.
    breaks = [each.id for each in sheet.row_breaks.brk]
    assert breaks[0] <= top(ministry) < top(ministry) + centimetres(ministry) / ROW < breaks[1] <= top(localities)


def top(chart: Any) -> int:
    return int(chart.anchor._from.row)  # noqa: SLF001 - no public place


def centimetres(chart: Any) -> float:
    return float(chart.anchor.ext.height) / 360_000
