"""The report of a whole Government in all formats: `python -m benchmarks.report.run` (about two minutes).

Every measurement is a fresh process on a fresh copy of the same database, so that nothing was frozen before.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

import click

from benchmarks.figures import Findings
from benchmarks.processes import Measured, measured, peak_memory
from benchmarks.report.register import AGENCIES, fill
from models import Store

_SIDE = "benchmarks.report.side"
_FULL_LATE = 500
_SECONDS, _MEGABYTES, _DOCX_MEGABYTES, _GROWTH = 20, 500, 5, 2.2
_BYTES = 1_000_000


@click.command()
@click.option("--assignments", default=10_000, show_default=True)
@click.option("--runs", default=3, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def main(assignments: int, runs: int, *, as_json: bool) -> None:
    """Measure, compare with what is promised, and print."""
    with tempfile.TemporaryDirectory(prefix="dondoc-report-") as folder:
        findings = _measure(Path(folder), assignments, runs)
    findings.print(as_json=as_json)
    sys.exit(0 if findings.kept else 1)


def _measure(folder: Path, assignments: int, runs: int) -> Findings:
    findings = Findings(f"the report: {AGENCIES} agencies, {assignments:,} assignments, all formats")
    seconds = {}
    for late in (_FULL_LATE, 2 * _FULL_LATE):
        made = folder / f"{late}.db"
        _filled(made, assignments, late)
        found = [_run(folder, made, f"{late}-{number}") for number in range(runs)]
        assert {each.answer["late"] for each in found} == {late}
        assert {each.answer["assignments"] for each in found} == {assignments}
        assert {each.answer["agencies"] for each in found} == {AGENCIES}
        findings.add(f"{late} late by name", [each.call for each in found], processes=[each.process for each in found])
        seconds[late] = median(each.process for each in found)
        if late == _FULL_LATE:
            _check_full(findings, folder, made, found)
    findings.check("twice the late rows take, times as long", seconds[2 * _FULL_LATE] / seconds[_FULL_LATE], _GROWTH)
    return findings


def _check_full(findings: Findings, folder: Path, made: Path, found: list[Measured]) -> None:
    docx = found[0].answer["sizes"]["docx"] / _BYTES
    memory = peak_memory(_SIDE, *_words(folder, made, "memory"))
    findings.add("peak memory, all its processes", [memory], "MB")
    findings.add("size of the .docx", [docx], "MB")
    findings.check("seconds from start to exit", median(each.process for each in found), _SECONDS)
    findings.check("MB at the peak", memory, _MEGABYTES)
    findings.check("MB of .docx", docx, _DOCX_MEGABYTES)


def _filled(made: Path, assignments: int, late: int) -> None:
    store = Store(f"sqlite:///{made}")
    fill(store, assignments=assignments, late=late)
    store.close()


def _run(folder: Path, made: Path, name: str) -> Measured:
    return measured(_SIDE, *_words(folder, made, name))


def _words(folder: Path, made: Path, name: str) -> tuple[str, str]:
    copy = shutil.copy(made, folder / f"{name}.db")
    return str(copy), str(folder / name)


if __name__ == "__main__":
    main()
