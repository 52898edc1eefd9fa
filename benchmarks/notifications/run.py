"""Digests through the outbox beside plain smtplib: `python -m benchmarks.notifications.run`, or `make bench-notices`.

In each round three contenders hand the same letters to the same SMTP server process: smtplib over one connection
(the finished bytes, nothing else), Dondoc's outbox with its default e-mail channel through Apprise (claim, compose,
send, record with a durable commit for each letter), and Apprise's stock `mailto` with a fresh object per letter.
"""

import smtplib
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import click

from benchmarks.databases import ENGINES, Databases, databases
from benchmarks.figures import Findings
from benchmarks.notifications.digests import NOW, enqueue, letters
from models import Store
from notifications import deliver
from notifications.channel import Channel
from notifications.message import Sender, compose
from notifications.notice import NoticeState

SENDER = Sender("don-doc@dondoc.example")
_RATIO = 3.0


@contextmanager
def server() -> Iterator[int]:
    """Run the SMTP server in a process of its own and give its port."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.notifications.server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own command
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def plain(port: int, messages: Sequence[tuple[str, bytes]]) -> float:
    """Send finished bytes over one connection; return the seconds."""
    started = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as smtp:
        for address, message in messages:
            smtp.sendmail(SENDER.address, [address], message)
    return time.perf_counter() - started


def ours(made: Databases, engine: str, port: int, count: int, *, workbook: bool) -> float:
    """Deliver a full outbox in a fresh database; return the seconds."""
    url = made.fresh(engine)
    store = Store(url)
    enqueue(store, count, workbook=workbook)
    channel = f"thu://127.0.0.1:{port}?from={SENDER.address}&tls=no"
    started = time.perf_counter()
    done = deliver(store, channel=channel, now=lambda: NOW)
    took = time.perf_counter() - started
    assert (done.accepted, done.pending) == (count, 0), "not every letter was taken"
    store.close()
    made.drop(url)
    return took


def stock(port: int, count: int) -> float:
    """Send letters through Apprise's own `mailto`; return the seconds."""
    channel = Channel(f"mailto://127.0.0.1:{port}?from={SENDER.address}")
    started = time.perf_counter()
    for letter in letters(count, workbook=False):
        assert channel.send(letter).state is NoticeState.ACCEPTED
    return time.perf_counter() - started


def run(made: Databases, count: int, few: int, engines: Sequence[str], runs: int) -> Findings:
    """Measure everything in turn, `runs` times after one round that is not counted."""
    findings = Findings(f"{count:,} digests to one SMTP server")
    took: dict[str, list[float]] = defaultdict(list)
    with server() as port:
        for number in range(runs + 1):
            if number == 1:
                took.clear()
            for workbook, which in ((False, "text and HTML"), (True, "with a workbook of 8 KB")):
                finished = [(each.address, _crlf(compose(each, SENDER))) for each in letters(count, workbook=workbook)]
                took[f"{which}: smtplib, one connection"].append(plain(port, finished))
                for engine in engines:
                    seconds = ours(made, engine, port, count, workbook=workbook)
                    took[f"{which}: Dondoc, {engine}"].append(seconds)
            took[f"text and HTML: Apprise mailto, {few} letters"].append(stock(port, few))
    for name, times in took.items():
        findings.add(name, times)
    for which in ("text and HTML", "with a workbook of 8 KB"):
        for engine in engines:
            ratio = median(took[f"{which}: Dondoc, {engine}"]) / median(took[f"{which}: smtplib, one connection"])
            findings.check(f"{which}: Dondoc, {engine} ÷ smtplib", ratio, _RATIO)
    each = median(took[f"text and HTML: Apprise mailto, {few} letters"]) / few
    plain_each = median(took["text and HTML: smtplib, one connection"]) / count
    findings.check("text and HTML: Apprise mailto ÷ smtplib, per letter", each / plain_each)
    return findings


def _crlf(message: bytes) -> bytes:
    return message.replace(b"\n", b"\r\n")


@click.command(help=__doc__)
@click.option("--letters", "count", default=1000, show_default=True, help="How many digests.")
@click.option("--stock-letters", "few", default=50, show_default=True, help="How many of them through `mailto`.")
@click.option("--engine", "engines", type=click.Choice(ENGINES), multiple=True, help="The database; both by default.")
@click.option("--runs", default=5, show_default=True, help="Runs of each; the median counts.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def main(count: int, few: int, engines: tuple[str, ...], runs: int, *, as_json: bool) -> None:
    """Run the benchmark; exit 1 when a promise is not kept."""
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder, databases(Path(folder)) as made:
        findings = run(made, count, few, engines or ENGINES, runs)
    findings.print(as_json=as_json)
    sys.exit(0 if findings.kept else 1)


if __name__ == "__main__":
    main()
