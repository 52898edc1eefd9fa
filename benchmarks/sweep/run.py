"""A sweep of many workbooks by one worker and by two: `python -m benchmarks.sweep.run`.

Each workbook is the annex of a decision of its own. A PostgreSQL holds Dondoc and Prefect; the workers take one run at
a time each. Told are workbooks per second and the share of one processor that the workers, the database and Prefect's
server took; checked is that every workbook was recorded and none twice, and that two workers do at least 1.3 times what
one does, unless one keeps the processors busy already.
"""

import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click
import psutil
from sqlalchemy import func, select

from benchmarks.cluster.machines import TERMINAL, Cluster, cluster, processes_of, stop
from benchmarks.cluster.run import SWEEP
from benchmarks.cluster.workbooks import AS_OF, fill
from benchmarks.figures import Findings
from models.assignment_tables import Batch, Task
from models.store import Store

WORKBOOKS, ROWS = 10_000, 100
_TIMES, _BUSY, _OTHERS = 1.3, 0.85, 0.15


@dataclass(frozen=True)
class Swept:
    """What one sweep took: seconds from the first file's leaving the inbox to the last one's, and processors used."""

    seconds: float
    workers: float
    database: float
    server: float
    whole: float
    left: int
    doubled: int

    @property
    def ours(self) -> float:
        """The share of the machine that the sweep kept busy."""
        return (self.workers + self.database + self.server) / (os.cpu_count() or 1)

    @property
    def others(self) -> float:
        """The share of the machine that something else kept busy."""
        return self.whole - self.ours


def swept(made: Cluster, inbox: Path, count: int, workbooks: int, rows: int, claim_of: int) -> Swept:
    """Sweep a copy of `inbox` into a fresh database by `count` workers."""
    data = made.folder / f"by-{count}"
    shutil.copytree(inbox, data / "inbox", copy_function=os.link)
    store = made.make_store(f"by_{count}")
    workers = [made.start_worker(data, limit=1, proxied=False, name=f"by_{count}").process for _ in range(count)]
    run = made.run(SWEEP, as_of=AS_OF.isoformat(), settle_seconds=0, claim_of=claim_of)
    _until((data / "inbox" / "taking").exists)
    parts = [[each.pid for each in workers], [made.postgresql.pid], [made.server.pid]]
    before, busy, began = [_seconds(part) for part in parts], _machine(), time.monotonic()
    _until(lambda: _recorded(store) >= workbooks and not any((data / "inbox" / "taking").iterdir()))
    took = time.monotonic() - began
    of_workers, of_database, of_server = (
        (_seconds(part) - then) / took for part, then in zip(parts, before, strict=True)
    )
    whole = (_machine() - busy) / took / (os.cpu_count() or 1)
    _until(lambda: made.state(run)[0] in TERMINAL)  # a run that is cut short keeps its slot from the next
    for each in workers:
        stop(each)
    left, doubled = _lost_or_doubled(store, workbooks, rows)
    store.close()
    return Swept(took, of_workers, of_database, of_server, whole, left, doubled)


def _lost_or_doubled(store: Store, workbooks: int, rows: int) -> tuple[int, int]:
    with store.reading() as session:
        batches, files = session.execute(select(func.count(), func.count(Batch.sha256.distinct()))).one()  # type: ignore[attr-defined]
        tasks = session.scalar(select(func.count()).select_from(Task)) or 0
    return workbooks * rows - tasks, batches - files


def _recorded(store: Store) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(Batch)) or 0


def _seconds(leaders: list[int]) -> float:
    """Return the processor seconds of processes and all they started, those that ended included."""
    return sum(_of_one(each) for leader in leaders for each in processes_of(leader))


def _of_one(process: psutil.Process) -> float:
    try:
        t = process.cpu_times()
    except psutil.NoSuchProcess:  # it ended since it was listed: its parent counts it
        return 0.0
    return float(t.user + t.system + t.children_user + t.children_system)


def _machine() -> float:
    """Return the processor seconds this machine has spent on anything."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    idle = int(fields[3]) + int(fields[4])
    return (sum(map(int, fields[:8])) - idle) / os.sysconf("SC_CLK_TCK")


def _until(done: object, every: float = 0.5) -> None:
    assert callable(done)
    while not done():
        time.sleep(every)


def found(sweeps: dict[int, Swept], workbooks: int) -> Findings:
    """Say what the sweeps came to, and what was promised."""
    findings = Findings(f"a sweep of {workbooks} workbooks")
    for count, each in sweeps.items():
        name = f"{count} worker{'s' * (count > 1)}"
        findings.add(f"{name}: workbooks per second", [workbooks / each.seconds], "/s")
        findings.add(f"{name}: whole sweep", [each.seconds])
        findings.add(f"{name}: processors used by the workers", [each.workers], "")
        findings.add(f"{name}: processors used by the database", [each.database], "")
        findings.add(f"{name}: processors used by Prefect's server", [each.server], "")
        for part, used in (("workers", each.workers), ("database", each.database), ("server", each.server)):
            spent = 1000 * used * each.seconds / workbooks
            findings.add(f"{name}: processor time of the {part} per workbook", [spent], "ms")
        findings.add(f"{name}: share of the machine the sweep kept busy", [each.ours], "")
        findings.add(f"{name}: share of the machine others kept busy", [each.others], "")
        findings.check(f"{name}: rows lost", abs(each.left), 1)
        findings.check(f"{name}: workbooks recorded twice", each.doubled, 1)
    if {1, 2} <= sweeps.keys():
        times = sweeps[1].seconds / sweeps[2].seconds
        quiet = max(each.others for each in sweeps.values()) < _OTHERS
        held = quiet and sweeps[1].ours < _BUSY
        told = "two workers against one" + ("" if quiet else ", on a machine that others kept busy: no answer")
        findings.check(told, times, _TIMES if held else None, at_least=True)
    return findings


@click.command(help=__doc__)
@click.option("--workbooks", default=WORKBOOKS, show_default=True)
@click.option("--rows", default=ROWS, show_default=True)
@click.option("--workers", default="1,2", show_default=True, help="How many workers, commas between.")
@click.option("--claim-of", default=50, show_default=True, help="Workbooks in a claim.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def main(workbooks: int, rows: int, workers: str, claim_of: int, *, as_json: bool) -> None:
    """Run the benchmark; exit 1 when a promise is not kept."""
    with tempfile.TemporaryDirectory(prefix="dondoc-sweep-") as folder, cluster(Path(folder)) as made:
        inbox = made.folder / "inbox"
        fill(inbox, annexes=workbooks, reports=0, rows=rows)
        sweeps = {count: swept(made, inbox, count, workbooks, rows, claim_of) for count in map(int, workers.split(","))}
    findings = found(sweeps, workbooks)
    findings.print(as_json=as_json)
    sys.exit(0 if findings.kept else 1)


if __name__ == "__main__":
    main()
