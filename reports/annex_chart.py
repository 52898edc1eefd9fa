"""The native bar charts of the .xlsx annex, each on a printed page of its own below the figures it draws."""

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.chart import BarChart, Reference, Series
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.text import RichText
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from reports.annex_sheet import HEADING_ROW, Grid

# In centimetres; the tallest is what fits on a landscape page with the widest sheet of the annex.
_SHORTEST, _TALLEST = 8.0, 21.0
_AROUND_THE_BARS, _BAR, _SHEET_ROW = 3.0, 0.7, 0.53
_MANY_BARS = 12
_SMALL, _USUAL = 700, 900
# Left, top, width and height of the bars beside long labels, in shares of the chart.
_LEFT, _TOP, _ACROSS, _DOWN = 0.4, 0.11, 0.57, 0.77


@dataclass(frozen=True)
class Drawn:
    """A chart: its title, which of the grid's rows it draws (from 0) and its columns (from 1) with their colours.

    `width` in centimetres. A chart of `long_labels` keeps a good part of it for them.
    """

    title: str
    rows: range
    series: Sequence[tuple[int, str]]
    stacked: bool = True
    width: int = 24
    long_labels: bool = False


def add_charts(sheet: Worksheet, grid: Grid, charts: Sequence[Drawn]) -> None:
    """Put the charts one below the other under the figures; a chart without rows is left out."""
    below = HEADING_ROW + len(grid.rows) + 3
    for drawn in charts:
        if drawn.rows:
            chart = _chart(sheet, grid, drawn)
            # The chart is printed on a page of its own: it must not be cut.
            sheet.row_breaks.append(Break(id=below))
            sheet.add_chart(chart, f"A{below + 2}")
            below += 4 + round(chart.height / _SHEET_ROW)


def _chart(sheet: Worksheet, grid: Grid, drawn: Drawn) -> BarChart:
    many = len(drawn.rows) > _MANY_BARS
    chart = BarChart()
    chart.type, chart.title = "bar", drawn.title
    if drawn.stacked:
        chart.grouping, chart.overlap = "stacked", 100
    _add_series(chart, sheet, grid, drawn, outline=not many)
    if not drawn.stacked:
        chart.dataLabels = DataLabelList(
            showVal=True, showSerName=False, showCatName=False, showLegendKey=False, showPercent=False
        )
    chart.y_axis.scaling.min = 0
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.tickLblSkip = 1
    chart.x_axis.txPr = _text(_SMALL if many else _USUAL)
    chart.gapWidth = 40
    chart.width = drawn.width
    chart.height = min(_TALLEST, max(_SHORTEST, _AROUND_THE_BARS + _BAR * len(drawn.rows)))
    chart.legend.position = "b"
    if drawn.long_labels:
        # A program that places the bars by itself wraps the labels and then leaves some out.
        place = ManualLayout(layoutTarget="inner", xMode="edge", yMode="edge", x=_LEFT, y=_TOP, w=_ACROSS, h=_DOWN)
        chart.layout = Layout(place)
    return chart


def _add_series(chart: BarChart, sheet: Worksheet, grid: Grid, drawn: Drawn, *, outline: bool) -> None:
    """Draw the columns that have something in one of the rows: a legend names only what is drawn."""
    first, last = HEADING_ROW + 1 + drawn.rows.start, HEADING_ROW + drawn.rows.stop
    kept = [
        (column, colour) for column, colour in drawn.series if any(grid.rows[row][column - 1] for row in drawn.rows)
    ]
    for column, colour in kept:
        values = Reference(sheet, min_col=column, min_row=first, max_row=last)
        series = Series(values)
        heading = f"{quote_sheetname(sheet.title)}!${get_column_letter(column)}${HEADING_ROW}"
        series.tx = SeriesLabel(strRef=StrRef(heading))
        series.graphicalProperties.solidFill = colour
        if outline:
            series.graphicalProperties.line.solidFill = "000000"
        else:
            series.graphicalProperties.line.noFill = True
        chart.append(series)
    chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))


def _text(size: int) -> RichText:
    look = CharacterProperties(sz=size)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)])
