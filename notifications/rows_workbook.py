"""The rows of a digest as a small .xlsx: the same rows give the same bytes, and text stays text."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from notifications.attachment import Attachment
from notifications.notice import PlannedItem
from notifications.plain_text import plain
from texts import period_text, say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_A_FIXED_DAY = (1980, 1, 1, 0, 0, 0)
_FIRST_DAY = date(1899, 12, 30).toordinal()
_COLUMNS = (
    ("place", 6), ("agency", 30), ("document", 16), ("number", 9), ("period", 14), ("task", 70), ("product", 30),
    ("deadline", 20), ("effective", 14), ("state", 26), ("told", 22), ("code", 26),
)  # fmt: skip
_HEAD, _WRAPPED, _DAY, _PLAIN = 1, 2, 3, 0
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{0}</Relationships>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Times New Roman"/></font>'
    '<font><b/><sz val="11"/><name val="Times New Roman"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4">'
    '<xf applyAlignment="1"><alignment vertical="top"/></xf>'
    '<xf fontId="1" applyFont="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>'
    '<xf applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="14" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top"/></xf>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def rows_workbook(items: Sequence[PlannedItem], known: Sequence[PlannedItem], as_of: date) -> Attachment:
    """Return the workbook that travels with a digest: what it tells, then what its reader was told before."""
    sheet = "".join(_sheet(items, known))
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS.format(
            f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        ),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{escape(say("notice.sheet"))}" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _RELATIONS.format(
            f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        ),
        "xl/styles.xml": _STYLES,
        "xl/worksheets/sheet1.xml": sheet,
    }
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=3) as package:
        for name, content in parts.items():
            part = ZipInfo(name, _A_FIXED_DAY)
            part.compress_type = ZIP_DEFLATED
            package.writestr(part, content.encode())
    return Attachment(say("notice.attachment", day=as_of.isoformat()), out.getvalue(), XLSX)


def _sheet(items: Sequence[PlannedItem], known: Sequence[PlannedItem]) -> Iterator[str]:
    last, rows = chr(ord("A") + len(_COLUMNS) - 1), 1 + len(items) + len(known)
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, (_, width) in enumerate(_COLUMNS, 1)
    )
    yield (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        f'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{widths}</cols><sheetData><row>'
    )
    yield from (_text(say(f"notice.column_{name}"), _HEAD) for name, _ in _COLUMNS)
    yield "</row>"
    told_before = say("notice.told_known")
    for place, item in enumerate(items, start=1):
        yield _row(place, item, say(f"notice.told_{item.reason}"))
    for place, item in enumerate(known, start=len(items) + 1):
        yield _row(place, item, told_before)
    yield f'</sheetData><autoFilter ref="A1:{last}{rows}"/></worksheet>'


def _row(place: int, item: PlannedItem, told: str) -> str:
    return (
        f"<row>{_number(place, _PLAIN)}{_text(item.agency_name, _WRAPPED)}{_text(item.document)}{_text(item.number)}"
        f"{_text(period_text(item.period) if item.period else '')}{_text(_work(item), _WRAPPED)}"
        f"{_text(item.product, _WRAPPED)}{_text(item.deadline_text, _WRAPPED)}"
        f"{_number(item.last_good_day.toordinal() - _FIRST_DAY, _DAY)}{_text(state_of(item))}{_text(told)}"
        f"{_text(item.share_code or item.code)}</row>"
    )


def _work(item: PlannedItem) -> str:
    """Say what is to be done: the task, or what stands beside it (an obstacle to be answered, a share) and the task."""
    if item.obstacle_id:
        return say("notice.obstacle_row", by=item.raised_by, obstacle=item.obstacle, task=item.task)
    return say("notice.share_row", unit=item.unit, share=item.share, task=item.task) if item.handed_id else item.task


def state_of(item: PlannedItem) -> str:
    """Say how an item stands: late by, left, due today (working days), or how it came to its end."""
    if item.ended:
        day = item.ended_on.strftime("%d/%m/%Y") if item.ended_on else ""
        what = "obstacle_ended" if item.obstacle_id else "share_ended" if item.handed_id else "ended"
        return say(f"notice.{what}_{item.ended}", day=day, agency=item.agency_name)
    if item.days_late:
        return say("notice.days_late", days=item.days_late)
    return say("notice.days_left", days=item.days_left) if item.days_left else say("notice.due_today")


@lru_cache(maxsize=50_000)
def _text(words: str, style: int = _PLAIN) -> str:
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(plain(words))}</t></is></c>'


def _number(value: int, style: int) -> str:
    return f'<c s="{style}"><v>{value}</v></c>'
