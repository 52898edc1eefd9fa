"""The drawing of a sheet's notes: an old kind of XML without which Excel shows no note."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from math import ceil

from imports.reading.cells import Place
from imports.returning.annotated.marks import LAST_COLUMN, LAST_ROW
from imports.returning.annotated.outline import NotPatchableError

_NAMESPACES = (
    ' xmlns:v="urn:schemas-microsoft-com:vml"',
    ' xmlns:o="urn:schemas-microsoft-com:office:office"',
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"',
)
_NEW = f'<xml{"".join(_NAMESPACES)}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
_KIND = (
    '<v:shapetype{declared} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape{declared} id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;'
    'margin-top:2pt;width:{width}pt;height:{height}pt;z-index:{number};visibility:hidden" fillcolor="{colour}" '
    'o:insetmode="auto">'
    '<v:fill color2="{colour}"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_ROOT = re.compile(rb"<xml(?=[\s>])[^<>]*>")
_ANY_SHAPE = re.compile(rb"<(\w+:)shape\s(?:[^<]|<(?!/\1shape>))*</\1shape>")
_SHAPE_ROW, _SHAPE_COLUMN = re.compile(rb":Row>(\d{1,7})<"), re.compile(rb":Column>(\d{1,5})<")
_NUMBER = re.compile(rb"_x0000_s(\d{1,9})")
_FIRST_NUMBER = 1025
_WIDTH, _LETTERS_IN_A_LINE, _LINE, _MARGIN = 380, 62, 15, 14
_PIXELS_PER_CHARACTER, _PIXELS_PER_POINT = 7, 4 / 3
_POINTS_PER_PIXEL = 3 / 4
_FURTHEST = 400


@dataclass(frozen=True)
class Shape:
    """The box of one note: its cell, its text and its colour, AARRGGBB."""

    place: Place
    text: str
    colour: str


@dataclass(frozen=True)
class Grid:
    """How wide columns are, in characters, and how high rows are, in points."""

    width: Callable[[int], float]
    height: Callable[[int], float]


def with_shapes(drawing: bytes | None, shapes: list[Shape], grid: Grid) -> bytes:
    """Return the drawing with a box for each note more. Raises NotPatchableError for one written in another way."""
    drawing = _NEW.encode() if drawing is None else drawing
    root, end = _ROOT.search(drawing), drawing.rfind(b"</xml>")
    if root is None or end < root.end():
        raise NotPatchableError("a drawing of an unknown shape")
    declared = "".join(each for each in _NAMESPACES if each.strip().encode() not in root[0])
    first = max([_FIRST_NUMBER - 1, *map(int, _NUMBER.findall(drawing))]) + 1
    kind = "" if b'id="_x0000_t202"' in drawing else _KIND.format(declared=declared)
    drawn = "".join(_drawn(first + at, shape, grid, declared) for at, shape in enumerate(shapes))
    return drawing[:end] + (kind + drawn).encode() + drawing[end:]


def without_shapes(drawing: bytes, places: Collection[Place]) -> bytes:
    """Return the drawing without the boxes of the notes at `places`."""
    return _ANY_SHAPE.sub(lambda shape: b"" if _place(shape[0]) in places else shape[0], drawing)


def _place(shape: bytes) -> Place | None:
    row, column = _SHAPE_ROW.search(shape), _SHAPE_COLUMN.search(shape)
    return (int(row[1]), int(column[1])) if row and column else None


def _drawn(number: int, shape: Shape, grid: Grid, declared: str) -> str:
    row, column = shape.place
    lines = sum(ceil(max(1, len(line)) / _LETTERS_IN_A_LINE) for line in shape.text.split("\n"))
    height = min(lines * _LINE + _MARGIN, _FURTHEST)
    left = min(column + 1, LAST_COLUMN - 1)
    right, right_rest = _reached(left, 15 + _WIDTH, lambda at: grid.width(at) * _PIXELS_PER_CHARACTER + 5, LAST_COLUMN)
    top = max(row - 1, 0)
    bottom, bottom_rest = _reached(top, 10 + height, lambda at: grid.height(at) * _PIXELS_PER_POINT, LAST_ROW)
    return _SHAPE.format(
        declared=declared,
        number=number,
        width=round(_WIDTH * _POINTS_PER_PIXEL),
        height=round(height * _POINTS_PER_PIXEL),
        colour=f"#{shape.colour[-6:].lower()}",
        anchor=f"{left}, 15, {top}, 10, {right}, {right_rest}, {bottom}, {bottom_rest}",
        row=row,
        column=column,
    )


def _reached(first: int, pixels: float, size: Callable[[int], float], beyond: int) -> tuple[int, int]:
    """Return in which column or row, counted from `first`, so many pixels end, and how many of them lie in it."""
    for at in range(first, min(first + _FURTHEST, beyond - 1)):
        own = size(at)
        if pixels < own:
            return at, round(pixels)
        pixels -= own
    return min(first + _FURTHEST, beyond - 1), 0
