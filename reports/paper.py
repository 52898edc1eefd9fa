"""The paper before it is set: blocks of plain text that the .docx and the .pdf writers lay out alike."""

from dataclasses import dataclass
from enum import StrEnum


class Align(StrEnum):
    """How a column stands."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


class RowKind(StrEnum):
    """What a table row is."""

    ITEM = "item"
    GROUP = "group"
    TOTAL = "total"


@dataclass(frozen=True)
class Column:
    """A column: its heading, its share of the table's width and how it stands."""

    title: str
    width: int
    align: Align = Align.LEFT


@dataclass(frozen=True)
class TableRow:
    """A row of texts; a group row has one cell across the whole table.

    `breaks` says that it may go on over the page: kept whole, it could be taller than one. `shades` colour the cells
    from 0 (none) to 4 (darkest); empty for a row without colour.
    """

    cells: tuple[str, ...]
    kind: RowKind = RowKind.ITEM
    breaks: bool = False
    shades: tuple[int, ...] = ()


@dataclass(frozen=True)
class Heading:
    """A numbered heading of level 1 ("I. …") or 2 ("1. …")."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body; one that is kept stands on the page of what follows it."""

    text: str
    kept: bool = False


@dataclass(frozen=True)
class Table:
    """A table with its caption above (none when empty)."""

    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    caption: str = ""


@dataclass(frozen=True)
class Segment:
    """One kind of part of the bars: its name in the legend and the name of its pattern."""

    label: str
    pattern: str


@dataclass(frozen=True)
class Bar:
    """One stacked bar: its label and one count per segment."""

    label: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Chart:
    """Stacked bars with a caption below and an alternative text; `width` in millimetres."""

    segments: tuple[Segment, ...]
    bars: tuple[Bar, ...]
    caption: str
    alternative: str
    width: int


@dataclass(frozen=True)
class Point:
    """A point of a line: both shares of the panel, from its left and from its bottom, 0 to 1."""

    x: float
    y: float


@dataclass(frozen=True)
class Tick:
    """A mark beside an axis: where it stands, from 0 to 1, and what it says."""

    at: float
    label: str


@dataclass(frozen=True)
class Line:
    """A line through its points: `plan` is dashed and bare, `actual` full with a dot at each point."""

    label: str
    look: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Panel:
    """One field of lines with its title, the marks of both axes, and upright lines that mark days."""

    title: str
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    lines: tuple[Line, ...]
    marks: tuple[Tick, ...] = ()


@dataclass(frozen=True)
class Plot:
    """Panels of lines side by side, with a caption below and an alternative text; widths in millimetres."""

    panels: tuple[Panel, ...]
    across: int
    caption: str
    alternative: str
    width: int


Picture = Chart | Plot
Block = Heading | Paragraph | Table | Chart | Plot


@dataclass(frozen=True)
class Annex:
    """An annex on landscape pages with page numbers of its own."""

    label: str
    title: str
    with_report: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Paper:
    """A report in the form of Decree 30/2020/ND-CP, in the order in which it is read.

    `mark` says what a paper is that nobody may take for the signed one ("" for none).
    """

    governing: str
    issuing: str
    number: str
    country: str
    motto: str
    place_and_date: str
    kind: str
    subject: str
    addressed: str
    blocks: tuple[Block, ...]
    closing: str
    signing: tuple[str, ...]
    recipients_title: str
    recipients: tuple[str, ...]
    annexes: tuple[Annex, ...]
    digest: str
    language: str = "vi"
    mark: str = ""


@dataclass(frozen=True)
class Brief:
    """A page for one leader: whose, of which days, and its blocks."""

    title: str
    post: str
    days: str
    blocks: tuple[Block, ...]
    digest: str
    language: str = "vi"
