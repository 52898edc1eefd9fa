"""The Word file held to its schema where the writers make XML themselves: order, nesting, references, one id each.

The order of the children is that of ECMA-376 part 1 (CT_PPr, CT_RPr, CT_TblPr, CT_TcPr, CT_SectPr), written out here;
the standard's own schema files are not shipped with the project.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from tests.reports.conftest import Written

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
    "lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
    "tblBorders": "top left start bottom right end insideH insideV",
    "tblCellMar": "top left start bottom right end",
}
MAY_HOLD = {"tbl": "tblPr tblGrid tr", "tr": "tblPrEx trPr tc", "tc": "tcPr p tbl", "body": "p tbl sectPr"}


@pytest.fixture(scope="module")
def package(written: Written) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(written.file("docx")) as opened:
        yield opened


def parts(package: zipfile.ZipFile) -> Iterator[tuple[str, ET.Element]]:
    for name in package.namelist():
        if name.startswith("word/") and name.endswith(".xml"):
            yield name, ET.fromstring(package.read(name))  # noqa: S314 - our own file


def local(element: ET.Element) -> str:
    return element.tag.removeprefix(W)


@pytest.mark.parametrize("kind", ORDER)
def test_properties_stand_in_the_order_of_the_schema(package: zipfile.ZipFile, kind: str) -> None:
    allowed = ORDER[kind].split()
    seen = 0
    for name, root in parts(package):
        for element in root.iter(W + kind):
            children = [local(child) for child in element]
            places = [allowed.index(child) for child in children]
            assert places == sorted(places), f"{name}: {children}"
            seen += bool(children)
    assert seen


@pytest.mark.parametrize("kind", MAY_HOLD)
def test_tables_hold_only_what_tables_hold_and_cells_end_with_a_paragraph(package: zipfile.ZipFile, kind: str) -> None:
    document = dict(parts(package))["word/document.xml"]
    found = list(document.iter(W + kind))
    assert found
    for element in found:
        assert {local(child) for child in element} <= set(MAY_HOLD[kind].split())
        assert kind != "tc" or local(element[-1]) == "p"
    if kind == "tbl":
        widths = {len(list(table.find(W + "tblGrid") or ())) for table in found}
        assert min(widths) > 1
        for table in found:
            columns = len(list(table.iter(W + "gridCol")))
            for row in table.iter(W + "tr"):
                spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.iter(W + "tc")]
                assert columns == sum(1 if span is None else int(span.get(W + "val", "1")) for span in spans)


def test_every_part_named_is_there_and_every_drawing_has_its_own_id(package: zipfile.ZipFile) -> None:
    names = set(package.namelist())
    for name in names:
        if not name.endswith(".rels"):
            continue
        folder = posixpath.dirname(posixpath.dirname(name))
        for relation in ET.fromstring(package.read(name)).iter(_REL):  # noqa: S314 - our own file
            if relation.get("TargetMode") != "External":
                target = relation.get("Target", "")
                assert posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/") in names
    document = dict(parts(package))["word/document.xml"]
    ids = [element.get("id") for element in document.iter() if element.tag.endswith("}docPr")]
    assert len(ids) == len(set(ids)) >= 4
    kinds = ET.fromstring(package.read("[Content_Types].xml"))  # noqa: S314 - our own file
    overrides = {element.get("PartName", "").lstrip("/") for element in kinds if element.tag.endswith("Override")}
    endings = {element.get("Extension") for element in kinds if element.tag.endswith("Default")}
    assert all(name in overrides or name.rpartition(".")[2] in endings for name in names)
