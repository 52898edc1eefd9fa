"""A sweep by two workers, one killed and one cut off from the database meanwhile: `make cluster-test`.

A real PostgreSQL holds Dondoc and Prefect; each of the two process workers reaches the database and Prefect's server
through proxies of its own. While they sweep the inbox, one worker is killed with everything it runs, and the other
loses the database; then the cable is mended and another worker takes the killed one's place, as systemd would start it.
The day is then assessed, escalated and delivered by the workers. What stands at the end must equal what one process
makes of the same files with nobody in its way. Exit 0 when it does, 1 when not.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import click

from benchmarks.cluster.end_state import end_state
from benchmarks.cluster.machines import TERMINAL, Cluster, Worker, cluster, processes_of, quiet, settings, until
from benchmarks.cluster.workbooks import AS_OF, fill
from models.store import Store

SWEEP = "import_workbooks/import-workbooks"
AFTER = ("assess_status/assess-status", "escalate_lateness/escalate-lateness", "deliver_notices/deliver-notices")
_CUT_FOR, _SWEEP_EVERY, _STEP_WITHIN = 20, 8, 240
_LEASE = 10
_ALONE = """
import asyncio
from datetime import date
from flows.assess_status import assess_status
from flows.deliver_notices import deliver_notices
from flows.escalate_lateness import escalate_lateness
from flows.import_workbooks import import_workbooks
day = date.fromisoformat("{day}")
asyncio.run(import_workbooks(as_of=day, settle_seconds=0, claim_of=500))
asyncio.run(assess_status(as_of=day))
asyncio.run(escalate_lateness(as_of=day))
asyncio.run(deliver_notices())
"""


@dataclass
class Trial:
    """One disturbed sweep: where it happens, and the moments that were told."""

    made: Cluster
    data: Path
    store: Store
    files: int
    began: float = field(default_factory=time.monotonic)
    swept: list[str] = field(default_factory=list)
    _next: float = 0.0

    def say(self, told: str) -> None:
        """Tell what happened, and when."""
        click.echo(f"{time.monotonic() - self.began:6.1f} s  {told}")

    def put_away(self) -> int:
        """Say how many files were recorded or rejected and put away."""
        return sum(1 for place in ("done", "rejected") for _ in (self.data / "inbox" / place).rglob("*-?????.*.xlsx"))

    def sweep_again(self) -> bool:
        """Do what the schedule does: ask for a sweep every few seconds; answer whether every file is put away."""
        if self.put_away() >= self.files:
            return True
        if not self.swept or time.monotonic() > self._next:
            self._next = time.monotonic() + _SWEEP_EVERY
            self.swept.append(
                self.made.run(
                    SWEEP, as_of=AS_OF.isoformat(), settle_seconds=0, claim_of=self._claim_of, lease_seconds=_LEASE
                )
            )
        return False

    @property
    def _claim_of(self) -> int:
        return max(self.files // 12, 1)

    def wait_for(self, share: float) -> None:
        """Wait until a share of the files is put away, sweeping as the schedule does."""
        wanted = self.files * share
        until(lambda: self.sweep_again() or self.put_away() >= wanted, _STEP_WITHIN, f"{share:.0%} of the files")


def disturbed(trial: Trial) -> None:
    """Sweep with two workers, kill one, cut the other off, mend all, and do the rest of the day's round."""
    first, second = (trial.made.start_worker(trial.data) for _ in range(2))
    trial.wait_for(0.15)
    killed, cut = _busier_first(first, second)
    dead = killed.kill()
    told = f"{trial.put_away()} of {trial.files} files put away: a worker is killed, {len(dead)} processes"
    trial.say(f"{told}, {trial.made.mark_crashed(dead)} runs")
    until(lambda: len(processes_of(cut.process.pid)) > 1, _STEP_WITHIN, "the other worker has a run")
    trial.wait_for(0.4)
    assert cut.database is not None
    proxy = cut.database
    until(lambda: proxy.busy, _STEP_WITHIN, "the other worker uses the database", every=0.01)
    trial.say(f"{trial.put_away()} files: the other one is cut off from the database, {proxy.cut()} connections")
    time.sleep(_CUT_FOR)
    trial.say(f"{trial.put_away()} files: the cable is mended, and a third worker takes the killed one's place")
    proxy.heal()
    trial.made.start_worker(trial.data)
    until(trial.sweep_again, _STEP_WITHIN, "every file is put away")
    trial.say(f"every file is put away, in {len(trial.swept)} sweeps asked for: {_states(trial)}")
    for deployment in AFTER:
        given = {} if deployment.endswith("notices") else {"as_of": AS_OF.isoformat()}
        run = trial.made.run(deployment, **given)
        until(partial(_is_over, trial, run), _STEP_WITHIN, deployment)
        trial.say(f"{deployment}: {trial.made.state(run)[1]}")


def _busier_first(*workers: Worker) -> list[Worker]:
    return sorted(workers, key=lambda each: len(processes_of(each.process.pid)), reverse=True)


def _is_over(trial: Trial, run: str) -> bool:
    return trial.made.state(run)[0] in TERMINAL


def _states(trial: Trial) -> str:
    names = [trial.made.state(run)[1] for run in trial.swept]
    return ", ".join(f"{name} {names.count(name)}" for name in dict.fromkeys(names))


def clean(made: Cluster, data: Path, url: str) -> None:
    """Do the same in one process with nobody in its way."""
    environment = {**settings(data, url), **quiet(made.folder), "PREFECT_API_URL": made.api, "PATH": os.environ["PATH"]}
    subprocess.run([sys.executable, "-c", _ALONE.format(day=AS_OF)], env=environment, check=True)  # noqa: S603 - ours


def compared(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Print the two ends side by side; say whether they are equal."""
    click.echo(f"{'':20} {'disturbed':>10} {'clean':>10}")
    for name, value in one.items():
        same = value == other[name]
        click.echo(f"{name:20} {len(value):>10} {len(other[name]):>10}  {'equal' if same else 'DIFFERENT'}")
        if not same:
            left, right = (set(value.items() if isinstance(value, dict) else value) for value in (value, other[name]))
            click.echo(f"  only disturbed: {sorted(left - right)[:5]}\n  only clean: {sorted(right - left)[:5]}")
    return one == other


@click.command(help=__doc__)
@click.option("--annexes", default=48, show_default=True, help="How many annexes.")
@click.option("--reports", default=24, show_default=True, help="How many reports on them.")
@click.option("--rows", default=20, show_default=True, help="Rows in each.")
@click.option("--keep", is_flag=True, help="Leave the folder with its logs.")
def main(annexes: int, reports: int, rows: int, *, keep: bool) -> None:
    """Run the trial; exit 1 when the ends differ."""
    folder = Path(tempfile.mkdtemp(prefix="dondoc-cluster-"))
    try:
        ends = _ends(folder, annexes, reports, rows)
    finally:
        if keep:
            click.echo(f"logs: {folder}")
        else:
            shutil.rmtree(folder)
    sys.exit(0 if compared(*ends) else 1)


def _ends(folder: Path, annexes: int, reports: int, rows: int) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    with cluster(folder) as made:
        ends = {}
        files = fill(folder / "inbox", annexes=annexes, reports=reports, rows=rows)
        for name in ("dondoc", "alone"):
            data = folder / name
            shutil.copytree(folder / "inbox", data / "inbox")
            store = made.make_store(name)
            if name == "dondoc":
                disturbed(Trial(made, data, store, files))
            else:
                clean(made, data, made.database(name))
            ends[name] = end_state(store, data, AS_OF)
            store.close()
    return ends["dondoc"], ends["alone"]


if __name__ == "__main__":
    main()
