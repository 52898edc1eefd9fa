"""An .xlsx given back with its problems marked, every other part byte for byte as it came."""

from collections.abc import Sequence
from itertools import chain

from imports.problem import Problem
from imports.reading.cells import Place
from imports.returning.annotated.list_sheet import HEADING_ROW, Listing, list_sheet, sheet_name, table
from imports.returning.annotated.marks import by_weight, pointed
from imports.returning.annotated.notes_part import MOST_NOTES, forget_notes, write_notes
from imports.returning.annotated.office_package import OfficePackage
from imports.returning.annotated.patch import Patch
from imports.returning.annotated.sheet_part import SheetPart, deselect
from imports.returning.annotated.styles_part import Styles
from imports.returning.annotated.workbook_part import SheetEntry, WorkbookPart


def patched(content: bytes, *, file: str, problems: Sequence[Problem]) -> tuple[bytes, str]:
    """Return the workbook with its problems marked and listed, and the suffix its kind of workbook has.

    Raises HostileError, NotPatchableError, and what `reading.package.UNREADABLE` names.
    """
    package = OfficePackage(content)
    workbook = WorkbookPart(package)
    return _Patching(package, workbook, file, problems).patched(), workbook.suffix


class _Patching:
    """Marks sheet after sheet, one in memory at a time, then lists what was marked."""

    def __init__(self, package: OfficePackage, workbook: WorkbookPart, file: str, problems: Sequence[Problem]) -> None:
        self.package, self.workbook, self.file = package, workbook, file
        self.styles = Styles(package.part(workbook.styles))
        self.problems = by_weight(problems, [sheet.name for sheet in workbook.sheets])
        self.pointed = pointed(self.problems)
        self.cells: dict[int, Place] = {}
        self.most_marked = 0

    def patched(self) -> bytes:
        if self.workbook.earlier(sheet_name()) is not None:
            self._forget()
        listed = self.workbook.first_sheet(sheet_name(), heading_row=HEADING_ROW, table=table(self.problems))
        for sheet in self.workbook.sheets:
            if sheet.part != listed:
                self._mark(sheet)
        capped = MOST_NOTES if self.most_marked > MOST_NOTES else None
        self.package.put(listed, list_sheet(Listing(self.file, self.problems, self.cells, capped), self.styles))
        self.package.put(self.workbook.styles, self.styles.applied())
        self.workbook.save()
        return self.package.zipped()

    def _forget(self) -> None:
        """Take away what an earlier copy marked: what was mended since must not look wrong."""
        self.styles.forget_marks()
        for sheet in self.workbook.sheets:
            if sheet.is_worksheet:
                forget_notes(self.package, sheet.part)

    def _mark(self, entry: SheetEntry) -> None:
        problems = self.pointed.get(entry.name, []) if entry.is_worksheet else []
        if not problems:
            self._deselect(entry.part)
            return
        sheet = SheetPart(self.package.large_part(entry.part))
        marks, cells = sheet.marks(problems)
        self.cells |= cells
        self.most_marked = max(self.most_marked, len(marks))
        sheet.colour({place: mark.severity for place, mark in marks.items()}, self.styles)
        sheet.deselect()
        write_notes(self.package, entry.part, sheet, marks)
        self.package.put(entry.part, sheet.patched())

    def _deselect(self, part: str) -> None:
        head = Patch(self.package.head(part))
        if deselect(head, len(head.xml)):
            rest = memoryview(self.package.large_part(part))[len(head.xml) :]
            self.package.put(part, chain(head.pieces(), [rest]))
