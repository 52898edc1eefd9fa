"""A national register's answers beside hand-written SQL: `python -m benchmarks.status.run`, or `make bench-status`.

For each size and database the register is generated, then the product and the hand-written statement answer in turn,
warm and in one process; their answers must be the same.
"""

import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import click

from benchmarks.databases import ENGINES, Databases, databases
from benchmarks.figures import Findings
from benchmarks.status import handwritten
from benchmarks.status.register import AS_OF, KNOWN_AT, fill
from models import Store, status_of
from models.question import Question
from models.reference import calendar_of, succession_of
from models.scorecard import scorecard_of
from models.status import WARNING_WORKING_DAYS
from models.status_totals import StatusTotals, Tally, totals_of
from rules.status import AskedAbout, CompletionLevel, Status

SIZES = (10_000, 100_000, 1_000_000)
AN_AGENCY = "C00010"  # a commune: it took over from nobody
_SCORECARD_UP_TO = 10_000  # it lists the register twice in Python
_ASKED: dict[str, Any] = {"as_of": AS_OF, "known_at": KNOWN_AT}
_OVERDUE_MILLISECONDS, _RATIO, _GROWTH = 50, 1.5, 1.2


@dataclass
class Bench:
    """One register in one database, asked `runs` times."""

    store: Store
    runs: int
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def measure(self, size: int) -> None:
        """Let the product and the hand-written statements answer in turn, after one round that is not counted."""
        for number in range(self.runs + 1):
            if number == 1:
                self.took.clear()
            for per_agency, name in ((False, "totals"), (True, "agencies")):
                ours = self._timed(name, partial(totals_of, self.store, **_ASKED, per_agency=per_agency))
                theirs = self._timed(f"{name} by hand", partial(self._totals_by_hand, per_agency=per_agency))
                assert _counted(ours) == theirs, f"{name}: the answers differ"
            listed = self._timed("overdue", self._overdue)
            assert listed == self._timed("overdue by hand", self._overdue_by_hand), "overdue: the answers differ"
        if size <= _SCORECARD_UP_TO:
            self._timed("scorecard", lambda: scorecard_of(self.store, **_ASKED))

    def _timed(self, name: str, work: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        answer = work()
        self.took[name].append(time.perf_counter() - started)
        return answer

    def _totals_by_hand(self, *, per_agency: bool) -> Counter[Tally]:
        with self.store.reading() as session:
            return handwritten.totals(session, self._question(None), per_agency=per_agency)

    def _overdue(self) -> list[str]:
        rows = status_of(self.store, **_ASKED, agency=AN_AGENCY).rows
        return sorted(row.code for row in rows if row.status is Status.OVERDUE)

    def _overdue_by_hand(self) -> list[str]:
        with self.store.reading() as session:
            return handwritten.overdue_of(session, self._question(AN_AGENCY))

    def _question(self, agency: str | None) -> Question:
        with self.store.reading() as session:
            window = AskedAbout(AS_OF, calendar_of(session).add_working_days(AS_OF, WARNING_WORKING_DAYS))
            return Question(window, KNOWN_AT, CompletionLevel.EVIDENCED, succession_of(session), agency)


def _counted(totals: StatusTotals) -> Counter[Tally]:
    return Counter({replace(tally, count=0): tally.count for tally in totals.tallies})


def run(made: Databases, sizes: Sequence[int], engines: Sequence[str], runs: int) -> Findings:
    """Measure every size on every database, smallest first."""
    findings = Findings(f"status of a national register as of {AS_OF}")
    for engine in engines:
        totals: dict[int, float] = {}
        by_hand: dict[int, float] = {}
        for size in sizes:
            url = made.fresh(engine)
            store = Store(url)
            click.echo(f"{engine}: {size:,} assignments", err=True)
            started = time.perf_counter()
            fill(store, size)
            findings.add(f"{size:,}, {engine}: generated", [time.perf_counter() - started])
            bench = Bench(store, runs)
            bench.measure(size)
            store.close()
            made.drop(url)
            _tell(findings, bench, f"{size:,}, {engine}")
            totals[size] = median(bench.took["totals"])
            by_hand[size] = median(bench.took["totals by hand"])
        _compare_growth(findings, totals, by_hand, engine)
    return findings


def _tell(findings: Findings, bench: Bench, where: str) -> None:
    for name, seconds in bench.took.items():
        if name.startswith("overdue"):
            findings.add(f"{where}: {name}, one agency", [1000 * each for each in seconds], "ms")
        else:
            findings.add(f"{where}: {name}", seconds)
    took = {name: median(seconds) for name, seconds in bench.took.items()}
    findings.check(f"{where}: totals ÷ by hand", took["totals"] / took["totals by hand"], _RATIO)
    findings.check(f"{where}: agencies ÷ by hand", took["agencies"] / took["agencies by hand"], _RATIO)
    findings.check(f"{where}: overdue list of one agency, ms", 1000 * took["overdue"], _OVERDUE_MILLISECONDS)


def _compare_growth(findings: Findings, totals: dict[int, float], by_hand: dict[int, float], engine: str) -> None:
    """Compare what an assignment costs in the smallest and the largest register; by hand beside, and step by step."""
    sizes = list(totals)
    for smaller, larger in [*pairwise(sizes), (sizes[0], sizes[-1])] if len(sizes) > 1 else ():
        limit = _GROWTH if (smaller, larger) == (sizes[0], sizes[-1]) else None
        what = f"totals per assignment at {larger:,} ÷ at {smaller:,}"
        findings.check(f"{engine}: {what}", _growth(totals, smaller, larger), limit)
        findings.check(f"{engine}: by hand, {what}", _growth(by_hand, smaller, larger))


def _growth(took: dict[int, float], smaller: int, larger: int) -> float:
    return (took[larger] / larger) / (took[smaller] / smaller)


@click.command(help=__doc__)
@click.option("--size", "sizes", type=int, multiple=True, help="How many assignments; may be given several times.")
@click.option("--engine", "engines", type=click.Choice(ENGINES), multiple=True, help="The database; both by default.")
@click.option("--runs", default=5, show_default=True, help="Runs of each; the median counts.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def main(sizes: tuple[int, ...], engines: tuple[str, ...], runs: int, *, as_json: bool) -> None:
    """Run the benchmark; exit 1 when a promise is not kept."""
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder, databases(Path(folder)) as made:
        findings = run(made, sorted(sizes or SIZES), engines or ENGINES, runs)
    findings.print(as_json=as_json)
    sys.exit(0 if findings.kept else 1)


if __name__ == "__main__":
    main()
