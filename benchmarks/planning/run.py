"""100,000 overdue assignments planned into digests: `python -m benchmarks.planning.run`.

For each database the register is generated, a morning is planned with nothing held back, then planned again. The
figures are those of whole calls in one process; of the second plan nothing may be new.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks.databases import ENGINES, Databases, databases
from benchmarks.figures import Findings
from benchmarks.planning.register import AS_OF, NOW, fill
from models import Store
from notifications import Plan, plan_notices
from rules.digest_policy import DigestPolicy

SIZE = 100_000
_PLANNED_IN, _AGAIN_IN = 10, 3
_NOTHING_HELD_BACK = DigestPolicy(most_items=10**9)
# A twentieth of what is assigned passes to a successor that holds the same task already, and is told once.
_MERGED = 1.03


def run(made: Databases, size: int, engines: Sequence[str]) -> Findings:
    """Measure on every database."""
    findings = Findings(f"digests of {AS_OF}")
    for engine in engines:
        url = made.fresh(engine)
        store = Store(url)
        fill(store, round(size * _MERGED / 10) * 10)
        first, planned = _timed(store)
        again, nothing = _timed(store)
        told = sum(len(notice.items) for notice in planned.notices)
        findings.add(f"{engine}: assignments told", [told], "")
        findings.add(f"{engine}: digests", [planned.new], "")
        findings.add(f"{engine}: planned", [first])
        findings.add(f"{engine}: planned again", [again])
        findings.check(f"{engine}: told", told, size, at_least=True)
        findings.check(f"{engine}: planned, s", first, _PLANNED_IN)
        findings.check(f"{engine}: planned again, s", again, _AGAIN_IN)
        findings.check(f"{engine}: new the second time", nothing.new, 1)
        store.close()
        made.drop(url)
    return findings


def _timed(store: Store) -> tuple[float, Plan]:
    started = time.perf_counter()
    plan = plan_notices(store, as_of=AS_OF, now=NOW, policy=_NOTHING_HELD_BACK)
    return time.perf_counter() - started, plan


@click.command(help=__doc__)
@click.option("--size", default=SIZE, show_default=True, help="How many assignments are told.")
@click.option("--engine", "engines", type=click.Choice(ENGINES), multiple=True, help="The database; both by default.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def main(size: int, engines: tuple[str, ...], *, as_json: bool) -> None:
    """Run the benchmark; exit 1 when a promise is not kept."""
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder, databases(Path(folder)) as made:
        findings = run(made, size, engines or ENGINES)
    findings.print(as_json=as_json)
    sys.exit(0 if findings.kept else 1)


if __name__ == "__main__":
    main()
