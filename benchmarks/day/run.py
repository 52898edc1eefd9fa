"""24 hours of the schedules of `prefect.yaml`, one run after another: `python -m benchmarks.day.run`.

Every run that the crons of a working day start is made in this one process, in the order of the clock, over a register
with a few thousand assignments; new workbooks arrive during the day. Told are memory and open files after the first
hour and at the end: what grows in a day would fill a machine in a month. A run in its own process, as workers start it,
gives everything back anyway; `dondoc portal` and `dondoc up` are processes that stay.
"""

import asyncio
import gc
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path

import click
import yaml

from benchmarks.cluster.machines import quiet, settings
from benchmarks.cluster.workbooks import AS_OF, fill
from benchmarks.figures import Findings
from cli.init import initialise
from config.reference import load_reference_data

_MINUTES = 24 * 60
# One growth in a hundred is the allocator's; ten megabytes are a tenth of what one import takes for a moment.
_MEGABYTES, _FILES = 25, 5
_WARM_AFTER = 10 * 60
_BYTES = 1_000_000


def due(minute: int, cron: str) -> bool:
    """Whether a cron of minute, hour, any day and weekdays starts a run in a minute of the day."""
    minutes, hours, days, months, weekdays = cron.split()
    assert months == "*"
    day = datetime.combine(AS_OF, time(minute // 60, minute % 60), UTC)
    fits = ((minutes, day.minute), (hours, day.hour), (days, day.day), (weekdays, day.isoweekday() % 7))
    return all(_fits(field, value) for field, value in fits)


def _fits(field: str, value: int) -> bool:
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        low, high = (0, 59) if span == "*" else (int(first), int(last or first))
        if low <= value <= high and (value - low) % int(step or 1) == 0:
            return True
    return False


def runs_of_the_day(deployments: list[dict[str, object]]) -> Iterator[tuple[int, str]]:
    """Yield the minute and the entrypoint of every run of the day, in order."""
    for minute in range(_MINUTES):
        for entry in deployments:
            schedules = entry["schedules"]
            assert isinstance(schedules, list)
            for schedule in schedules:
                if due(minute, schedule["cron"]):
                    yield minute, str(entry["entrypoint"])


def lived_through(folder: Path, workbooks: int) -> Findings:
    """Live through the day; say what it came to."""
    from cli.serving import DEPLOYMENTS, flow_at  # noqa: PLC0415 - Prefect reads its settings when it is imported

    runs = list(runs_of_the_day(yaml.safe_load(DEPLOYMENTS.read_text("utf-8"))["deployments"]))
    arriving = sorted(path for path in (folder / "arriving").rglob("*.xlsx"))[:workbooks]
    findings, counts, at_first = Findings("24 hours of schedules"), Counter[str](), (0.0, 0)
    for done, (minute, entrypoint) in enumerate(runs):
        if minute >= _WARM_AFTER and at_first == (0.0, 0):
            at_first = _held()
        if entrypoint.endswith("import_workbooks") and arriving:
            for _ in range(max(workbooks // 60, 1)):
                _arrive(folder, arriving)
        name = entrypoint.rpartition(".")[2]
        given = {"as_of": AS_OF} if name in {"import_workbooks", "daily_round", "monthly_report"} else {}
        asyncio.run(flow_at(entrypoint)(**given, return_state=True))  # type: ignore[arg-type]
        counts[name] += 1
        if done % 20 == 0:
            click.echo(f"{minute // 60:02}:{minute % 60:02} {done}/{len(runs)} {_held()}", err=True)
    at_end = _held()
    findings.add("runs", [len(runs)], "")
    for name, count in counts.items():
        findings.add(f"  {name}", [count], "")
    findings.add("memory after the first morning runs", [at_first[0]], "MB")
    findings.add("memory at the end", [at_end[0]], "MB")
    findings.add("open files after the first morning runs", [at_first[1]], "")
    findings.add("open files at the end", [at_end[1]], "")
    findings.check("memory gained, MB", at_end[0] - at_first[0], _MEGABYTES)
    findings.check("open files gained", at_end[1] - at_first[1], _FILES)
    return findings


def _arrive(folder: Path, arriving: list[Path]) -> None:
    if arriving:
        file = arriving.pop(0)
        place = folder / "dondoc" / "inbox" / file.parent.name
        place.mkdir(parents=True, exist_ok=True)
        shutil.move(file, place)
        os.utime(place / file.name, (0, 0))


def _held() -> tuple[float, int]:
    """Return the memory of this process in megabytes and how many files it has open."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _BYTES, len(list(Path("/proc/self/fd").iterdir()))


@click.command(help=__doc__)
@click.option("--workbooks", default=60, show_default=True, help="How many arrive during the day.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def main(workbooks: int, *, as_json: bool) -> None:
    """Run the benchmark; exit 1 when something grew."""
    with tempfile.TemporaryDirectory(prefix="dondoc-day-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'dondoc' / 'dondoc.db'}"
        (folder / "dondoc").mkdir()
        server = {
            "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
        }
        os.environ.update({**quiet(folder), **settings(folder / "dondoc", url), **server})
        initialise(url, load_reference_data())
        fill(folder / "arriving", annexes=workbooks, reports=0, rows=50)
        findings = lived_through(folder, workbooks)
    findings.print(as_json=as_json)
    sys.exit(0 if findings.kept else 1)


if __name__ == "__main__":
    main()
