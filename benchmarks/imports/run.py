"""Imports side by side in one run: `python -m benchmarks.imports.run`, or `make bench-imports`.

Every measurement is a fresh process; the contenders take turns, so that a machine that slows down slows all of them.
Ratios compare the calls, modules already imported; the whole processes' times stand beside them.
"""

import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import click

from benchmarks.databases import ENGINES, SQLITE, Databases, databases
from benchmarks.figures import Findings
from benchmarks.imports.workbook import write_annex, write_flat
from benchmarks.processes import Measured, measured, peak_memory, whole_process

ROWS, SMALL_ROWS = 100_000, 200
_DONDOC, _OPENPYXL, _DJANGO = (f"benchmarks.imports.{side}_side" for side in ("dondoc", "openpyxl", "django"))
_PLAIN_XML = {"OPENPYXL_DEFUSEDXML": "False"}
_FULL, _AGAIN, _SAVED_AGAIN = "full import", "the same file again", "the same rows, saved again"
_READ, _READ_PLAIN = "openpyxl reads every cell, defusedxml", "openpyxl reads every cell, without defusedxml"
_COMMAND = f"dondoc import, {SMALL_ROWS} rows, from start to exit"
_MODES = ("bulk", "default")


@dataclass
class Bench:
    """One run: `rows` at full size, `runs` of every quick contender and `django_runs` of the slow one."""

    made: Databases
    rows: int
    runs: int
    django_runs: int
    calls: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    processes: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    command: list[float] = field(default_factory=list)

    def measure(self) -> Findings:
        """Measure everything, then compare."""
        for number in range(self.runs):
            _say(f"round {number + 1} of {self.runs}")
            self._round()
        for number in range(self.django_runs):
            _say(f"django-import-export, run {number + 1} of {self.django_runs}")
            self._django(number)
        memory = {name: self._memory(name) for name in (_FULL, _READ)}
        findings = Findings(f"imports: {self.rows:,} rows × 12 columns")
        for name, seconds in self.calls.items():
            findings.add(name, seconds, processes=self.processes[name])
        findings.add(_COMMAND, self.command)
        for name, megabytes in memory.items():
            findings.add(f"{name}: peak memory, all its processes", [megabytes], "MB")
        self._compare(findings, memory[_FULL])
        return findings

    def _round(self) -> None:
        annex = self._annex(self.rows)
        self._keep(_READ, measured(_OPENPYXL, str(annex)))
        for engine in ENGINES:
            url = self.made.fresh(engine)
            self._import(_FULL, engine, annex, url, "recorded")
            self._import(_AGAIN, engine, annex, url, "unchanged")
            self._import(_SAVED_AGAIN, engine, self._annex(self.rows, saved_again=True), url, "unchanged")
            self.made.drop(url)
        self._keep(_READ_PLAIN, measured(_OPENPYXL, str(annex), **_PLAIN_XML))
        for size in self._smaller_sizes():
            for engine in ENGINES:
                url = self.made.fresh(engine)
                self._import(_size_name(size), engine, self._annex(size), url, "recorded")
                self.made.drop(url)
        self._command()

    def _import(self, name: str, engine: str, file: Path, url: str, outcome: str) -> None:
        found = measured(_DONDOC, str(file), url)
        assert found.answer["outcome"] == outcome, f"{name}: {found.answer}"
        self._keep(f"{name}, {engine}", found)

    def _command(self) -> None:
        url = self.made.fresh(SQLITE)
        words = (sys.executable, "-m", "cli.main", "import", str(self._annex(SMALL_ROWS)), "--database", url)
        self.command.append(whole_process(*words))
        self.made.drop(url)

    def _django(self, number: int) -> None:
        flat = self.made.folder / "flat.xlsx"
        if not flat.exists():
            write_flat(flat, self.rows)
        for mode in _MODES:
            found = measured(_DJANGO, str(flat), str(self.made.folder / f"django_{mode}_{number}.db"), mode)
            assert found.answer["rows"] == self.rows, found.answer
            self._keep(_django_name(mode), found)
            self.calls[_django_name(mode) + ", preview before it"].append(found.answer["preview"])

    def _memory(self, name: str) -> float:
        _say(f"memory: {name}")
        annex = str(self._annex(self.rows))
        if name == _READ:
            return peak_memory(_OPENPYXL, annex)
        return peak_memory(_DONDOC, annex, self.made.fresh(SQLITE))

    def _annex(self, rows: int, *, saved_again: bool = False) -> Path:
        """Return the annex of `rows`, written once; both savings have one name, as an office's next upload would."""
        path = self.made.folder / ("saved_again" if saved_again else "annex") / f"annex-{rows}.xlsx"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            write_annex(path, rows, saved_again=saved_again)
        return path

    def _smaller_sizes(self) -> tuple[int, ...]:
        return (self.rows // 100, self.rows // 10)

    def _keep(self, name: str, found: Measured) -> None:
        self.calls[name].append(found.call)
        self.processes[name].append(found.process)

    def _compare(self, findings: Findings, megabytes: float) -> None:
        call = {name: median(seconds) for name, seconds in self.calls.items()}
        for engine in ENGINES:
            for name, limit in ((_FULL, 0.9), (_AGAIN, 0.05), (_SAVED_AGAIN, 0.6)):
                own = call[f"{name}, {engine}"]
                findings.check(f"{name} ÷ openpyxl reading, {engine}", own / call[_READ], limit)
                findings.check("    the same ÷ openpyxl without defusedxml", own / call[_READ_PLAIN])
                if name != _FULL:
                    findings.check("    the same ÷ full import", own / call[f"{_FULL}, {engine}"])
        findings.check("peak memory over all processes, MB", megabytes, 500)
        for mode, limit in (("bulk", 6), ("default", 15)):
            if _django_name(mode) in call:
                own, django = call[f"{_FULL}, {SQLITE}"], call[_django_name(mode)]
                # The full import is a preview, too: it is what recording rests on.
                whole = django + call[_django_name(mode) + ", preview before it"]
                name = f"{_django_name(mode)} with its preview ÷ full import, {SQLITE}"
                findings.check(name, whole / own, limit, at_least=True)
                findings.check("    the same without its preview ÷ full import", django / own)
        for engine in ENGINES:
            self._compare_rows(findings, call, engine)
        findings.check(f"{_COMMAND}, s", median(self.command), 1.0)

    def _compare_rows(self, findings: Findings, call: dict[str, float], engine: str) -> None:
        """Compare what one row more costs: the reader's process, paid once, is no cost of a row."""
        sizes = (*self._smaller_sizes(), self.rows)
        seconds = [call[f"{_size_name(size)}, {engine}"] for size in sizes[:2]] + [call[f"{_FULL}, {engine}"]]
        for size, took in zip(sizes, seconds, strict=True):
            findings.check(f"µs per row at {size:,} rows, {engine}", took / size * 1e6)
        first, second = ((seconds[at + 1] - seconds[at]) / (sizes[at + 1] - sizes[at]) for at in (0, 1))
        findings.check(
            f"a row more between {sizes[1]:,} and {sizes[2]:,} ÷ between {sizes[0]:,} and {sizes[1]:,}, {engine}",
            second / first,
            1.2,
        )


def _size_name(size: int) -> str:
    return f"full import, {size:,} rows"


def _django_name(mode: str) -> str:
    return f"django-import-export, {mode}"


def _say(what: str) -> None:
    click.echo(what, err=True)


@click.command(help=__doc__)
@click.option("--rows", default=ROWS, show_default=True, help="Rows at full size; a tenth and a hundredth beside it.")
@click.option("--runs", default=5, show_default=True, help="Runs of each contender; the median counts.")
@click.option("--django-runs", default=1, show_default=True, help="Runs of django-import-export; 0: none.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def main(rows: int, runs: int, django_runs: int, *, as_json: bool) -> None:
    """Run the benchmark; exit 1 when a promise is not kept."""
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder, databases(Path(folder)) as made:
        findings = Bench(made, rows, runs, django_runs).measure()
    findings.print(as_json=as_json)
    sys.exit(0 if findings.kept else 1)


if __name__ == "__main__":
    main()
