"""The whole Government on one edition: time, memory and size, in a process of its own (make test-deep)."""

import os
from pathlib import Path

import pytest

from benchmarks.processes import measured, peak_memory
from benchmarks.report.register import fill
from models import Store

SIDE = "benchmarks.report.side"


@pytest.mark.skipif(os.environ.get("DONDOC_DEEP") != "1", reason="takes a minute: make test-deep")
def test_ten_thousand_assignments_in_all_formats(tmp_path: Path) -> None:
    answers = {name: filled(tmp_path, name, 10_000, 500) for name in ("time", "memory")}
    made = measured(SIDE, str(answers["time"]), str(tmp_path / "time"))
    assert (made.answer["assignments"], made.answer["late"], made.answer["agencies"]) == (10_000, 500, 56)
    assert made.process < 20
    assert made.answer["sizes"]["docx"] < 5_000_000
    assert peak_memory(SIDE, str(answers["memory"]), str(tmp_path / "memory")) < 500


def test_the_benchmark_makes_the_edition_it_says(tmp_path: Path) -> None:
    made = measured(SIDE, str(filled(tmp_path, "small", 60, 20)), str(tmp_path / "small"))
    assert (made.answer["new"], made.answer["assignments"], made.answer["late"]) == (True, 60, 20)
    assert sorted(made.answer["sizes"]) == ["csv", "docx", "json", "pdf", "xlsx"]


def filled(folder: Path, name: str, assignments: int, late: int) -> Path:
    path = folder / f"{name}.db"
    store = Store(f"sqlite:///{path}")
    fill(store, assignments=assignments, late=late)
    store.close()
    return path
