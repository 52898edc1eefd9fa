"""The machines: a PostgreSQL for Dondoc and for Prefect, a Prefect server, and workers, each a tree of processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import httpx
import psutil

from benchmarks.cluster.postgresql import PostgreSQL, postgresql
from benchmarks.cluster.proxy import Proxy
from config.reference import load_reference_data
from config.settings import maildir
from models.reference import load_reference
from models.schema import migrate
from models.store import Store

PROJECT = Path(__file__).parents[2]
POOL = "dondoc"
_READY_WITHIN, _STOPPED_WITHIN = 150, 30
# A machine that vanished in the middle of a transaction must not hold the others up for long.
_PATIENCE = "connect_timeout=5&options=-c%20idle_in_transaction_session_timeout%3D10000"


@dataclass
class Worker:
    """A worker process and the way it reaches the rest; `database` and `server` are None where it goes direct."""

    process: subprocess.Popen[bytes]
    database: Proxy | None
    server: Proxy | None

    def kill(self) -> set[int]:
        """Kill the worker and every run it has, at once and without warning; return the processes that were."""
        for each in processes_of(self.process.pid):
            each.send_signal(signal.SIGSTOP)  # so that none sees another die
        tree = processes_of(self.process.pid)
        for each in tree:
            each.kill()
        self.process.wait()
        return {each.pid for each in tree}


@dataclass
class Cluster:
    """One PostgreSQL with `dondoc` and `prefect` in it, and a Prefect server that knows every deployment."""

    folder: Path
    postgresql: PostgreSQL
    server: subprocess.Popen[bytes]
    port: int
    workers: list[Worker] = field(default_factory=list)

    @property
    def api(self) -> str:
        """The server's API, reached direct."""
        return f"http://127.0.0.1:{self.port}/api"

    def database(self, name: str, proxy: Proxy | None = None) -> str:
        """Return the URL of one of the databases, direct or through a proxy."""
        direct = self.postgresql.admin.url.set(database=name).render_as_string(hide_password=False)
        if proxy is None:
            return direct
        return f"postgresql+psycopg://postgres@127.0.0.1:{proxy.port}/{name}?sslmode=disable&{_PATIENCE}"

    def make_store(self, name: str) -> Store:
        """Make an initialised, empty database for Dondoc."""
        self.postgresql.command(f"CREATE DATABASE {name}")
        store = Store(self.database(name))
        migrate(store)
        with store.writing() as session:
            load_reference(session, load_reference_data())
        return store

    def start_worker(self, data: Path, *, limit: int = 2, proxied: bool = True, name: str = "dondoc") -> Worker:
        """Start a worker that may have `limit` runs at once; its settings point into `data`."""
        database = Proxy(self.postgresql.address) if proxied else None
        server = Proxy(("127.0.0.1", self.port)) if proxied else None
        api = self.api if server is None else f"http://127.0.0.1:{server.port}/api"
        environment = {**settings(data, self.database(name, database)), **quiet(self.folder), "PREFECT_API_URL": api}
        words = ["worker", "start", "--pool", POOL, "--type", "process", "--limit", str(limit)]
        process = prefect(words, environment, self.folder / f"worker-{len(self.workers)}.log")
        self.workers.append(Worker(process, database, server))
        return self.workers[-1]

    def run(self, deployment: str, **parameters: Any) -> str:
        """Ask for a run of a deployment; return its number."""
        found = httpx.get(f"{self.api}/deployments/name/{deployment}", timeout=30).raise_for_status().json()
        body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        made = httpx.post(f"{self.api}/deployments/{found['id']}/create_flow_run", json=body, timeout=30)
        return str(made.raise_for_status().json()["id"])

    def state(self, run: str) -> tuple[str, str]:
        """Return the type and the name of a run's state."""
        answer = httpx.get(f"{self.api}/flow_runs/{run}", timeout=30).raise_for_status().json()
        return str(answer["state"]["type"]), str(answer["state"]["name"])

    def mark_crashed(self, processes: set[int]) -> int:
        """Mark as crashed the runs of processes that are no more, as the automation for silent runs does in time."""
        running = {"flow_runs": {"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}}
        found = httpx.post(f"{self.api}/flow_runs/filter", json=running, timeout=30).raise_for_status().json()
        lost = [each for each in found if str(each["infrastructure_pid"]).rpartition(":")[2] in map(str, processes)]
        for each in lost:
            body = {"state": {"type": "CRASHED", "message": "killed"}, "force": True}
            httpx.post(f"{self.api}/flow_runs/{each['id']}/set_state", json=body, timeout=30).raise_for_status()
        return len(lost)


TERMINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Give a running cluster below `folder` without workers; everything it started is stopped at the end."""
    with postgresql(folder, free_port()) as database:
        port = free_port()
        own = {"PREFECT_API_DATABASE_CONNECTION_URL": database.prefect} if database.prefect else {}
        words = ["server", "start", "--host", "127.0.0.1", "--port", str(port)]
        server = prefect(words, {**quiet(folder), **own}, folder / "server.log")
        made = Cluster(folder, database, server, port)
        try:
            until(lambda: answers(f"{made.api}/health"), _READY_WITHIN, "Prefect's server")
            _deploy(made)
            yield made
        finally:
            for each in [*(worker.process for worker in made.workers), server]:
                stop(each)


def settings(data: Path, database: str) -> dict[str, str]:
    """Return a deployment's settings: everything below `data`, letters into a folder."""
    return {
        "DONDOC_DATA": str(data),
        "DONDOC_DATABASE_URL": database,
        "DONDOC_CHANNEL": maildir(data / "mail"),
        "DONDOC_INBOX": str(data / "inbox"),
        "DONDOC_REPORTS": str(data / "reports"),
    }


def quiet(folder: Path) -> dict[str, str]:
    """Return Prefect's settings: a home of its own, no telemetry, short waits."""
    return {
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",  # the trial alone says what runs, whatever the hour
        "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "2",
    }


def prefect(words: list[str], environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a command of Prefect's in a session of its own, its words going to `log`."""
    known = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "DONDOC_"))}
    with log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "prefect", "--no-prompt", *words],
            env={**known, **environment},
            stdout=out,
            stderr=out,
            cwd=PROJECT,
            start_new_session=True,
        )


def until(done: Callable[[], Any], seconds: float, what: str, every: float = 0.5) -> float:
    """Wait until `done` answers yes; return how long that took; raises TimeoutError after `seconds`."""
    started = time.monotonic()
    while not done():
        if time.monotonic() - started > seconds:
            raise TimeoutError(f"{what}: not within {seconds:g} s")
        time.sleep(every)
    return time.monotonic() - started


def answers(url: str) -> bool:
    """Whether somebody answers there."""
    try:
        with urlopen(url, timeout=2):  # noqa: S310 - this machine's own server
            return True
    except OSError:
        return False


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def processes_of(pid: int) -> list[psutil.Process]:
    """Return a process and all it started."""
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a process and all it started."""
    tree = processes_of(process.pid)
    process.terminate()
    try:
        process.wait(_STOPPED_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
    for each in tree:
        if each.is_running():
            each.kill()


def _deploy(made: Cluster) -> None:
    """Do what the runbook says: a pool, its queues by urgency, every deployment of prefect.yaml."""
    queues = [["work-queue", "create", name, "--pool", POOL] for name in ("urgent", "daily", "bulk")]
    environment = {**quiet(made.folder), "PREFECT_API_URL": made.api}
    for words in (["work-pool", "create", POOL, "--type", "process"], *queues, ["deploy", "--all"]):
        log = made.folder / "deploy.log"
        if prefect(words, environment, log).wait(_READY_WITHIN):
            raise RuntimeError(f"prefect {' '.join(words)}: {log.read_text('utf-8', 'replace')[-2000:]}")
