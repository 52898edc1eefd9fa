"""The workbook's own part: its sheets in order, and a first sheet put before them."""

from dataclasses import dataclass

from imports.returning.annotated.office_package import OfficePackage, Relation
from imports.returning.annotated.outline import (
    MAIN,
    Element,
    NotPatchableError,
    outline,
    prefixed,
    relation_id,
    tag_prefix,
)
from imports.returning.annotated.patch import Patch
from imports.returning.annotated.xml_text import attribute_xml, text_xml

_WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_SUFFIXES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": ".xlsx",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": ".xlsm",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": ".xltx",
    "application/vnd.ms-excel.template.macroEnabled.main+xml": ".xltm",
}
_OF_A_LIST = {"_xlnm._FilterDatabase", "_xlnm.Print_Titles"}
# What follows the names a workbook defines.
_AFTER_NAMES = frozenset(
    {
        "calcPr",
        "oleSize",
        "customWorkbookViews",
        "pivotCaches",
        "smartTagPr",
        "smartTagTypes",
        "webPublishing",
        "fileRecoveryPr",
        "webPublishObjects",
        "extLst",
    }
)


@dataclass(frozen=True)
class SheetEntry:
    """A sheet: its name, its part, and whether it is a worksheet (and no chart)."""

    name: str
    part: str
    is_worksheet: bool


class WorkbookPart:
    """The main part of a package. Raises NotPatchableError and what the package raises."""

    def __init__(self, package: OfficePackage) -> None:
        """Find the part and read which sheets it has."""
        self._package = package
        mains = [relation.part for relation in package.relations() if relation.kind == "officeDocument"]
        if len(mains) != 1 or package.type_of(mains[0]) not in _SUFFIXES:
            raise NotPatchableError("its main part")
        self.part = mains[0]
        self.suffix = _SUFFIXES[package.type_of(self.part)]
        self._patch = Patch(package.part(self.part))
        self._root = outline(self._patch.xml, root="workbook", namespace=MAIN)
        related = {relation.id: relation for relation in package.relations(self.part)}
        self.styles = next((each.part for each in related.values() if each.kind == "styles"), "")
        sheets = self._root.first("sheets")
        if sheets is None or not sheets.children or self.styles not in package:
            raise NotPatchableError("no sheets or no styles")
        self._sheets, self._entries = sheets, sheets.all("sheet")
        self._prefix = tag_prefix(self._patch.xml, self._root)
        self.sheets = [_sheet(entry, related, package) for entry in self._entries]

    def earlier(self, name: str) -> int | None:
        """Return the position of a worksheet called `name`, None when there is none."""
        return next((at for at, sheet in enumerate(self.sheets) if sheet.name == name and sheet.is_worksheet), None)

    def first_sheet(self, name: str, *, heading_row: int, table: str) -> str:
        """Open the workbook at a sheet called `name` and return its part, to be put.

        It is new and the first, or the one of an earlier copy. `heading_row` is repeated on every page printed, and
        `table` ("$A$7:$H$9") can be filtered.
        """
        earlier = self.earlier(name)
        part = self._new_first(name) if earlier is None else self._reopened(earlier)
        self._open_at(earlier or 0)
        titles, filtered = f"'{name}'!${heading_row}:${heading_row}", f"'{name}'!{table}"
        about = f'localSheetId="{earlier or 0}"'
        self._define(
            f'<definedName name="_xlnm._FilterDatabase" {about} hidden="1">{text_xml(filtered)}</definedName>'
            f'<definedName name="_xlnm.Print_Titles" {about}>{text_xml(titles)}</definedName>'
        )
        return part

    def save(self) -> None:
        """Put the part back into its package."""
        self._package.put(self.part, self._patch)

    def _new_first(self, name: str) -> str:
        part = self._package.new_name(f"{self.part.rpartition('/')[0]}/worksheets/dondoc{{}}.xml".lstrip("/"))
        self._package.declare(part, _WORKSHEET_TYPE)
        related = self._package.relate(self.part, "worksheet", part)
        number = 1 + max(int(entry.attributes.get("sheetId", "0")) for entry in self._entries)
        prefix, (relation, declared) = self._prefix, relation_id(self._patch.xml, self._root)
        about = f'name="{attribute_xml(name)}" sheetId="{number}" {relation}="{related}"'
        self._patch.prepend(self._sheets, f"<{prefix}sheet{declared} {about}/>".encode())
        self._move_names()
        return part

    def _move_names(self) -> None:
        """Names that belong to a sheet tell it by its position, and every sheet moves by one."""
        for defined in self._root.grandchildren("definedNames", "definedName"):
            if "localSheetId" in defined.attributes:
                self._patch.set(defined, localSheetId=str(int(defined.attributes["localSheetId"]) + 1))

    def _define(self, defined: str) -> None:
        """Add names to those the workbook defines."""
        names, added = self._root.first("definedNames"), prefixed(defined, self._prefix)
        if names:
            self._patch.prepend(names, added.encode())
            return
        behind = next((child.start for child in self._root.children if child.name in _AFTER_NAMES), self._root.close)
        whole = f"<{self._prefix}definedNames>{added}</{self._prefix}definedNames>"
        self._patch.replace(behind, behind, whole.encode())

    def _reopened(self, at: int) -> str:
        """Make the sheet of an earlier copy visible and forget the names that belong to its list."""
        self._patch.set(self._entries[at], state=None)
        for defined in self._root.grandchildren("definedNames", "definedName"):
            about = defined.attributes
            if about.get("name") in _OF_A_LIST and about.get("localSheetId") == str(at):
                self._patch.replace(defined.start, defined.end)
        return self.sheets[at].part

    def _open_at(self, at: int) -> None:
        for view in self._root.grandchildren("bookViews", "workbookView"):
            self._patch.set(view, activeTab=str(at) if at else None, firstSheet=None)


def _sheet(entry: Element, related: dict[str, Relation], package: OfficePackage) -> SheetEntry:
    relation = related.get(entry.attributes.get("id", ""))
    if relation is None or relation.part not in package:
        raise NotPatchableError("a sheet without a part")
    return SheetEntry(entry.attributes.get("name", ""), relation.part, relation.kind == "worksheet")
