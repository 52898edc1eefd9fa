"""The styles of a workbook: those of marked cells, each the cell's own with another fill, and those of our sheet."""

import re

from imports.problem import Severity
from imports.returning.annotated.outline import MAIN, Element, NotPatchableError, outline, prefixed, tag_prefix
from imports.returning.annotated.patch import Patch, with_attributes

# Each one step beside a colour of Excel's palette, so that only our own marks have it.
COLOURS = {Severity.STOPS: "FFFEC7CE", Severity.TO_CONFIRM: "FFFEE699", Severity.NOTE: "FFDDEBF6"}
_SECTIONS = ("fonts", "fills", "borders", "cellXfs")
_DARK = "FF1F1F1F"
_LIGHT_THEME_COLOURS, _LIGHT_INDEXED_COLOURS = {"0", "2"}, {"1", "9"}
_LIGHT_FROM = 150
# What Excel can count.
_MOST_STYLES = 64_000


class Styles:
    """The styles part, to which fonts, fills, borders and cell styles are added; what it has keeps its number."""

    def __init__(self, xml: bytes) -> None:
        """Read what there is. Raises NotPatchableError when a section is missing."""
        self._patch = Patch(xml)
        root = outline(xml, root="styleSheet", namespace=MAIN)
        self._prefix = tag_prefix(xml, root)
        self._sections: dict[str, Element] = {}
        for name in _SECTIONS:
            section = root.first(name)
            if section is None or not section.children:
                raise NotPatchableError(f"styles without {name}")
            self._sections[name] = section
        self._counts = {name: len(section.children) for name, section in self._sections.items()}
        self._known: dict[tuple[str, str], int] = {}
        self._marked: dict[tuple[int, Severity], int] = {}
        if self._counts["fills"] == 1:  # the first two are Excel's own
            self._add("fills", '<fill><patternFill patternType="gray125"/></fill>')

    def forget_marks(self) -> None:
        """Take our colours from the cells that have them: the marks of an earlier copy."""
        fills = self._sections["fills"].children
        ours = {str(number) for number, fill in enumerate(fills) if self._is_ours(fill)}
        for style in self._sections["cellXfs"].children:
            if style.attributes.get("fillId") in ours:
                self._patch.set(style, fillId="0")

    def font(
        self, size: int, colour: str = _DARK, *, bold: bool = False, italic: bool = False, underlined: bool = False
    ) -> int:
        """Return the number of a font of `size` points."""
        marks = "<b/>" * bold + "<i/>" * italic + "<u/>" * underlined
        face = '<name val="Times New Roman"/><family val="1"/>'
        return self._add("fonts", f'<font>{marks}<sz val="{size}"/><color rgb="{colour}"/>{face}</font>')

    def fill(self, colour: str) -> int:
        """Return the number of a fill of one colour, given as AARRGGBB."""
        pattern = f'<patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor indexed="64"/></patternFill>'
        return self._add("fills", f"<fill>{pattern}</fill>")

    def border(self, colour: str) -> int:
        """Return the number of a thin border on all sides."""
        sides = "".join(
            f'<{side} style="thin"><color rgb="{colour}"/></{side}>' for side in ("left", "right", "top", "bottom")
        )
        return self._add("borders", f"<border>{sides}<diagonal/></border>")

    def text(self, *, font: int, fill: int = 0, border: int = 0, across: str = "left", down: str = "top") -> int:
        """Return the number of a style for texts, which wrap and never become formulas."""
        about = f'numFmtId="49" fontId="{font}" fillId="{fill}" borderId="{border}" quotePrefix="1"'
        applied = 'applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"'
        indent = ' indent="1"' if across == "left" and border else ""
        alignment = f'<alignment horizontal="{across}" vertical="{down}" wrapText="1"{indent}/>'
        return self._add("cellXfs", f"<xf {about} {applied}>{alignment}</xf>")

    def marked(self, style: int, severity: Severity) -> int:
        """Return the number of the cell style `style` with the fill of `severity` and a font that can be read on it."""
        key = (style, severity)
        if key not in self._marked:
            self._marked[key] = self._derived(style, severity)
        return self._marked[key]

    def applied(self) -> Patch:
        """Return the part with what was added to it."""
        if self._counts["cellXfs"] > _MOST_STYLES:
            raise NotPatchableError("more styles than Excel counts")
        for name, section in self._sections.items():
            self._patch.set(section, count=str(self._counts[name]))
        return self._patch

    def _is_ours(self, fill: Element) -> bool:
        written = self._patch.xml[fill.start : fill.end].upper()
        return any(f'"{colour}"'.encode() in written for colour in COLOURS.values())

    def _derived(self, style: int, severity: Severity) -> int:
        styles = self._sections["cellXfs"].children
        if style >= len(styles):
            raise NotPatchableError(f"style {style}")
        source = styles[style]
        changed = {"fillId": str(self.fill(COLOURS[severity])), "applyFill": "1"}
        font = self._readable(int(source.attributes.get("fontId", "0")))
        if font is not None:
            changed |= {"fontId": str(font), "applyFont": "1"}
        tag = with_attributes(self._patch.xml[source.start : source.inside], changed)
        return self._append("cellXfs", tag + self._patch.xml[source.inside : source.end])

    def _readable(self, number: int) -> int | None:
        """Return a dark copy of a font too light for our fills, None for a font that can stay."""
        fonts = self._sections["fonts"].children
        font = fonts[number] if number < len(fonts) else None
        colour = font.first("color") if font else None
        if font is None or colour is None or not _is_light(colour.attributes):
            return None
        xml = self._patch.xml
        dark = f'<{self._prefix}color rgb="{_DARK}"/>'.encode()
        return self._add_bytes("fonts", xml[font.start : colour.start] + dark + xml[colour.end : font.end])

    def _add(self, section: str, xml: str) -> int:
        return self._add_bytes(section, prefixed(xml, self._prefix).encode())

    def _add_bytes(self, section: str, xml: bytes) -> int:
        key = (section, xml.decode("latin-1"))
        if key not in self._known:
            self._known[key] = self._append(section, xml)
        return self._known[key]

    def _append(self, section: str, xml: bytes) -> int:
        self._patch.append(self._sections[section], xml)
        self._counts[section] += 1
        return self._counts[section] - 1


def _is_light(colour: dict[str, str]) -> bool:
    red_green_blue = colour.get("rgb", "")[-6:]
    if re.fullmatch("[0-9A-Fa-f]{6}", red_green_blue):
        red, green, blue = bytes.fromhex(red_green_blue)
        return (red * 299 + green * 587 + blue * 114) // 1000 > _LIGHT_FROM
    return colour.get("theme") in _LIGHT_THEME_COLOURS or colour.get("indexed") in _LIGHT_INDEXED_COLOURS
