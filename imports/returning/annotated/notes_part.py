"""The notes of a sheet: those it has stay, ours come beside or below them."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from functools import cache

from imports.problem import Severity
from imports.reading.cells import Place, address, column_index
from imports.returning.annotated.marks import WEIGHTS, Mark
from imports.returning.annotated.note_shapes import Grid, Shape, with_shapes, without_shapes
from imports.returning.annotated.office_package import OfficePackage
from imports.returning.annotated.outline import MAIN, Element, NotPatchableError, outline, prefixed, tag_prefix
from imports.returning.annotated.patch import Patch
from imports.returning.annotated.sheet_part import SheetPart
from imports.returning.annotated.styles_part import COLOURS
from imports.returning.annotated.xml_text import LONGEST_TEXT, text_xml
from texts import Language, both

AUTHOR = b"Dondoc"
# More would make the workbook slow to open; every problem stands in the list.
MOST_NOTES = 500
_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_CONVERSATION = b"tc="
_MORE, _LONGEST_HEADING = "…", 60
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_NEW = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<comments xmlns="{MAIN}"><authors></authors><commentList></commentList></comments>'
)
_FONT = '<sz val="9"/><color indexed="81"/><rFont val="Tahoma"/><family val="2"/>'


Said = tuple[str, str]


def write_notes(package: OfficePackage, part: str, sheet: SheetPart, marks: Mapping[Place, Mark]) -> None:
    """Say at each marked cell, in a note, what is wrong with it; at the gravest `MOST_NOTES` cells of the sheet."""
    notes = _Notes(package, part)
    chosen = sorted(marks, key=lambda place: (WEIGHTS[marks[place].severity], place))[:MOST_NOTES]
    shapes = []
    for place in sorted(chosen):
        said = _said(marks[place])
        if notes.add(address(*place), said):
            shapes.append(Shape(place, "\n".join("\n".join(each) for each in said), COLOURS[marks[place].severity]))
    notes.save()
    if shapes:
        _draw(package, part, sheet, shapes)


def forget_notes(package: OfficePackage, part: str) -> None:
    """Take our notes from a sheet: those of an earlier copy."""
    if not any(relation.kind == "comments" for relation in package.relations(part)):
        return
    notes = _Notes(package, part)
    gone = notes.forget()
    notes.save()
    for relation in package.relations(part):
        if relation.kind == "vmlDrawing" and gone:
            package.put(relation.part, [without_shapes(package.part(relation.part), gone)])


def heading(severity: Severity) -> str:
    """Return how grave a problem is, as a heading in both languages."""
    return both(f"cli.severity_{severity}").capitalize()


@cache
def _headings() -> tuple[bytes, ...]:
    return tuple(heading(severity).encode() for severity in Severity)


class _Notes:
    """The notes part of a sheet, made when it has none."""

    def __init__(self, package: OfficePackage, sheet: str) -> None:
        self._package = package
        related = [relation.part for relation in package.relations(sheet) if relation.kind == "comments"]
        if len(related) > 1:
            raise NotPatchableError("two notes parts")
        self._part = related[0] if related else _new_part(package, sheet)
        self._patch = Patch(package.part(self._part) if related else _NEW.encode())
        root = outline(self._patch.xml, root="comments", namespace=MAIN)
        authors, notes = root.first("authors"), root.first("commentList")
        if authors is None or notes is None:
            raise NotPatchableError("notes of an unknown shape")
        self._prefix, self._list = tag_prefix(self._patch.xml, root), notes
        self._authors = [self._patch.xml[author.inside : author.close] for author in authors.all("author")]
        self._present = {note.attributes.get("ref", ""): note for note in notes.all("comment")}
        if AUTHOR not in self._authors:
            self._authors.append(AUTHOR)
            self._patch.append(authors, self._written(f"<author>{AUTHOR.decode()}</author>"))

    def add(self, cell: str, said: Sequence[Said]) -> bool:
        """Say something at a cell; return whether that is a new note, which needs a box of its own."""
        present = self._present.get(cell)
        if present is not None:
            self._add_to(present, said)
            return False
        author = self._authors.index(AUTHOR)
        note = f'<comment ref="{cell}" authorId="{author}"><text>{_runs(said)}</text></comment>'
        self._patch.append(self._list, self._written(note))
        return True

    def forget(self) -> set[Place]:
        """Take our notes away and return the cells they were at."""
        ours = {cell: note for cell, note in self._present.items() if self._is_ours(note)}
        for note in ours.values():
            self._patch.replace(note.start, note.end)
        found = (_CELL.fullmatch(cell) for cell in ours)
        return {(int(cell[2]) - 1, column_index(cell[1])) for cell in found if cell}

    def save(self) -> None:
        self._package.put(self._part, self._patch)

    def _add_to(self, note: Element, said: Sequence[Said]) -> None:
        """Say more below what a person's note says; a conversation is left alone."""
        text = note.first("text")
        if text is None or self._author(note).startswith(_CONVERSATION):
            return
        plain = text.first("t")
        if plain is not None:  # beside runs it would not be shown
            self._patch.replace(plain.start, plain.start, self._written("<r>"))
            self._patch.replace(plain.end, plain.end, self._written("</r>"))
        self._patch.append(text, self._written(_run("\n\n") + _runs(said)))

    def _is_ours(self, note: Element) -> bool:
        """Whether a note says what ours say; who wrote it is lost when LibreOffice saves a workbook."""
        texts = (self._patch.xml[text.inside : text.close] for text in note.below("t"))
        return b"".join(texts).startswith(_headings())

    def _author(self, note: Element) -> bytes:
        number = note.attributes.get("authorId", "")
        return self._authors[int(number)] if number.isdecimal() and int(number) < len(self._authors) else b""

    def _written(self, xml: str) -> bytes:
        return prefixed(xml, self._prefix).encode()


def _said(mark: Mark) -> list[Said]:
    """Return a heading and two sentences for each problem, as far as a note holds them."""
    said: list[Said] = []
    room = LONGEST_TEXT - len(_MORE)
    for problem in mark.problems:
        body = "\n".join(problem.sentence(language) for language in Language)
        room -= len(body) + _LONGEST_HEADING
        if room < 0:
            return [*said, (_MORE, "")]
        said.append((heading(problem.severity), body))
    return said


def _runs(said: Sequence[Said]) -> str:
    gaps = ("", *["\n\n"] * len(said))
    return "".join(
        _run(gap + head, bold=True) + _run(f"\n{body}") for gap, (head, body) in zip(gaps, said, strict=False)
    )


def _run(text: str, *, bold: bool = False) -> str:
    marks = "<b/>" if bold else ""
    return f'<r><rPr>{marks}{_FONT}</rPr><t xml:space="preserve">{text_xml(text)}</t></r>'


def _new_part(package: OfficePackage, sheet: str) -> str:
    part = package.new_name(f"{_folder(sheet)}comments-dondoc{{}}.xml")
    package.declare(part, _TYPE)
    package.relate(sheet, "comments", part)
    return part


def _draw(package: OfficePackage, part: str, sheet: SheetPart, shapes: list[Shape]) -> None:
    """Put the boxes of new notes into the sheet's drawing of notes."""
    related = {relation.id: relation.part for relation in package.relations(part)}
    grid = Grid(sheet.width, sheet.height)
    if sheet.notes_drawing is not None:
        drawing = related[sheet.notes_drawing]
        package.put(drawing, [with_shapes(package.part(drawing), shapes, grid)])
        return
    drawing = package.new_name(f"{_folder(part)}drawings/vmlDrawing-dondoc{{}}.vml")
    package.declare_all("vml", _DRAWING_TYPE)
    sheet.link_notes(package.relate(part, "vmlDrawing", drawing))
    package.put(drawing, [with_shapes(None, shapes, grid)])


def _folder(sheet: str) -> str:
    """Return the folder above that of a sheet, with its slash."""
    folder = posixpath.dirname(posixpath.dirname(sheet))
    return f"{folder}/" if folder else ""
