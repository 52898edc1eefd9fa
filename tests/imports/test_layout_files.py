"""A deployment adds headings and layouts in `config/layouts` alone: `dondoc init` loads them, imports use them."""

import shutil
from pathlib import Path

import pytest

from config.reference import load_reference_data
from config.table_layouts import HERE, load_layouts
from imports.layout.headings import MEASURES, PROGRESS, Field
from models import Store
from models.reference import layouts_of, load_reference
from rules.layout import Layout, TableKind
from tests.imports.workbooks import annex, checked, codes, task

SHIPPED = HERE / "layouts"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of the shipped layouts to change."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "layouts"))


def load(store: Store, folder: Path) -> None:
    """Load the reference data with the layouts of `folder`, as `dondoc init` does."""
    reference = load_reference_data()
    with store.writing() as session:
        load_reference(session, type(reference)(**{**vars(reference), "layouts": load_layouts(folder)}))


def test_the_store_gives_back_the_layouts_that_went_in(store: Store) -> None:
    with store.reading() as session:
        assert layouts_of(session) == load_layouts()


def test_a_heading_added_to_a_file_is_known(store: Store, folder: Path) -> None:
    headings = ("STT", "Đầu việc", "Nơi làm", "Xong trước")
    content = annex([1, "Việc", "Bộ Y tế", "2025"], headings=headings)
    assert codes(checked(content, store)) == ["no_table"]
    file = folder / "assignments.toml"
    text = file.read_text(encoding="utf-8")
    for field, heading in (("task", "Đầu việc"), ("lead", "Nơi làm"), ("deadline", "Xong trước")):
        text = text.replace(f"\n{field} = [", f'\n{field} = ["{heading}", ', 1)
    file.write_text(text, encoding="utf-8")
    load(store, folder)
    (row,) = checked(content, store).tasks
    assert (row.text, row.lead_text, row.deadline_text) == ("Việc", "Bộ Y tế", "2025")


def test_a_layout_added_as_a_file_is_used(store: Store, folder: Path) -> None:
    headings = 'seq = ["Ref."]\ntask = ["Action item"]\nlead = ["Owner"]'
    text = f'kind = "assignments"\nneeds = [["task"], ["lead"]]\n[headings]\n{headings}\n'
    (folder / "english.toml").write_text(text, encoding="utf-8")
    load(store, folder)
    content = annex(["NV-1", "Việc", "Bộ Y tế"], headings=("Ref.", "Action item", "Owner"))
    assert [(row.number, row.lead_text) for row in checked(content, store).tasks] == [("NV-1", "Bộ Y tế")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('kind = "letters"\nneeds = []\n[headings]\n', "letters"),
        ('kind = "progress"\nneeds = [["mood"]]\n[headings]\n', "mood"),
        ('kind = "progress"\nneeds = []\n[headings]\nmood = ["Tâm trạng"]\n', "mood"),
        ('kind = "progress"\nneeds = []\n', "headings"),
        ('kind = "progress"\nneeds = []\n[headings]\ntask = ["Việc"]\nnote = ["VIỆC:"]\n', "VIỆC:"),
        ('kind = "progress"\nneeds = []\n[headings]\nseq = ["#"]\n', "#"),
        ("kind = ", "end of document"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(folder: Path, text: str, said: str) -> None:
    (folder / "wrong.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"wrong\.toml") as wrong:
        load_layouts(folder)
    assert said in str(wrong.value)


def test_the_shipped_layouts_ask_for_what_the_readers_rest_on() -> None:
    layouts = {layout.code: layout for layout in load_layouts()}
    assert {layout.kind for layout in layouts.values()} == set(TableKind)
    assert layouts["assignments"].never == layouts["progress"].marks == layouts["progress"].needs[1] == PROGRESS
    assert layouts["indicators"].needs[1] == MEASURES
    assert {field for layout in layouts.values() for field in layout.headings} == set(Field)


def test_a_layout_fits_by_its_fields_alone() -> None:
    layout = Layout(
        "x", TableKind.PROGRESS, {}, (frozenset({Field.TASK, Field.SEQ}), PROGRESS), frozenset({Field.UNIT})
    )
    assert layout.fits({Field.SEQ, Field.STATUS})
    assert not layout.fits({Field.SEQ, Field.LEAD})
    assert not layout.fits({Field.STATUS})
    assert not layout.fits({Field.SEQ, Field.STATUS, Field.UNIT})


def test_an_unchanged_annex_is_read_the_same_whoever_loaded_the_layouts(store: Store, folder: Path) -> None:
    before = checked(annex(task(1)), store).tasks
    load(store, folder)
    assert [row.digest for row in checked(annex(task(1)), store).tasks] == [row.digest for row in before]
