"""The unit files: systemd accepts them, and a start line of each kind runs as it stands there."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from time import monotonic, sleep, time
from urllib.request import Request, urlopen

import pytest

from config.settings import maildir

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "deploy" / "systemd"
PAPERS = ROOT / "docs" / "van-hanh"
SET_UP = re.compile(r"^```bash schedules\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INSTALLED = "/opt/dondoc/.venv/bin/"
HERE = f"{Path(sys.executable).parent}/"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd-analyze")
def test_systemd_accepts_every_unit(tmp_path: Path) -> None:
    for unit in UNITS.glob("*.[st][ei][rm]*"):
        (tmp_path / unit.name).write_text(unit.read_text(encoding="utf-8").replace(INSTALLED, HERE), encoding="utf-8")
    units = sorted(str(unit) for unit in tmp_path.iterdir())
    assert len(units) == 8
    checked = subprocess.run(  # noqa: PLW1510 - what it says is asserted
        ["systemd-analyze", "verify", "--man=no", *units],  # noqa: S607
        capture_output=True, text=True, env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )  # fmt: skip
    assert [line for line in checked.stderr.splitlines() if "dondoc" in line] == []
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("unit", sorted(UNITS.glob("*.service")), ids=lambda unit: unit.stem)
def test_every_service_is_confined(unit: Path) -> None:
    stated = set(unit.read_text(encoding="utf-8").splitlines())
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "ProtectHome=yes"} <= stated
    assert "User=root" not in stated


def start_line(unit: str, begins: str = "ExecStart=") -> list[str]:
    lines = (UNITS / unit).read_text(encoding="utf-8").splitlines()
    line = next(line for line in lines if line.startswith(begins))
    return shlex.split(line.removeprefix(begins).replace(INSTALLED, HERE).replace("%%", "%"))


@pytest.fixture
def environment(sqlite_template: Path, tmp_path: Path) -> dict[str, str]:
    """Give what the units state, for an office of this test's own."""
    shutil.copy(sqlite_template, tmp_path / "dondoc.db")
    settings = tmp_path / "dondoc.toml"
    settings.write_text(f'data = "{tmp_path}"\ninbox = "{tmp_path}/inbox"\nbackup_key = "a long secret sentence"\n')
    return {**os.environ, "DONDOC_SETTINGS": str(settings), "PYTHONPATH": str(ROOT)}


def test_the_backup_starts_as_written(environment: dict[str, str], tmp_path: Path) -> None:
    words = [
        word.replace("/var/backups/dondoc", str(tmp_path / "kept")) for word in start_line("dondoc-backup.service")
    ]
    subprocess.run(words, env=environment, cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
    assert [file.suffix for file in (tmp_path / "kept").iterdir()] == [".dondoc"]


def test_backups_of_long_ago_go_and_the_others_stay(tmp_path: Path) -> None:
    ages = {"old.dondoc": 32, "killed.dondoc.partial": 32, "last.dondoc": 29, "drill/old.dondoc": 32, "notes": 32}
    for name, days in ages.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time() - days * 86400,) * 2)
    words = start_line("dondoc-backup.service", "ExecStartPost=")
    subprocess.run([word.replace("/var/backups/dondoc", str(tmp_path)) for word in words], check=True)
    assert {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()} == {
        "last.dondoc", "drill/old.dondoc", "notes",
    }  # fmt: skip


def test_ops_hear_of_a_backup_that_failed(environment: dict[str, str], tmp_path: Path) -> None:
    unit = "dondoc-backup.service"
    assert "OnFailure=dondoc-failed@%n.service\n" in (UNITS / unit).read_text(encoding="utf-8")
    words = [word.replace("%i", unit) for word in start_line("dondoc-failed@.service")]
    told_there = environment | {"DONDOC_OPS_CHANNEL": maildir(tmp_path / "ops")}
    subprocess.run(words, env=told_there, cwd=tmp_path, check=True)
    (letter,) = (tmp_path / "ops" / "new").iterdir()
    assert unit in letter.read_text(encoding="utf-8")


def test_the_worker_is_held_to_a_number_of_runs() -> None:
    assert "--limit" in start_line("dondoc-worker.service")


def test_the_guide_and_the_paper_on_sizes_set_prefect_up_alike() -> None:
    guide, paper = ((PAPERS / name).read_text("utf-8").splitlines() for name in ("cai-dat.md", "quy-mo.md"))
    steps = [line.strip() for line in paper if line.startswith("   prefect ")]
    assert len(steps) == 6
    assert [line for line in guide if line.startswith("prefect ")] == steps


def test_the_tidying_starts_as_written(environment: dict[str, str], tmp_path: Path) -> None:
    subprocess.run(
        start_line("dondoc-tidy.service"), env=environment, cwd=tmp_path, check=True, stdout=subprocess.DEVNULL
    )


def test_the_portal_starts_as_written_and_answers(environment: dict[str, str], tmp_path: Path) -> None:
    """On any free port instead of its own."""
    words = [*(word.replace("8077", "0") for word in start_line("dondoc-portal.service")), "--json"]
    with subprocess.Popen(words, env=environment, cwd=tmp_path, stdout=subprocess.PIPE) as portal:
        assert portal.stdout is not None
        try:
            said = b"".join(iter(portal.stdout.readline, b"}\n"))
            address = json.loads(said + b"}")["address"]
            with urlopen(address, timeout=10) as page:  # noqa: S310 - this machine's own
                assert page.status == 200
        finally:
            portal.terminate()


@pytest.mark.skipif("DONDOC_DEEP" not in os.environ, reason="a minute of Prefect's command line: make test-deep")
def test_prefect_and_a_worker_start_and_are_set_up_as_written(environment: dict[str, str], tmp_path: Path) -> None:
    """On any free port instead of its own; the commands are those of the guide, word for word."""
    with socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = str(asked.getsockname()[1])
    quiet = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "PREFECT_LOGGING_LEVEL": "WARNING"}
    quiet["PATH"] = f"{HERE}:{os.environ['PATH']}"
    environment |= quiet | {"PREFECT_HOME": str(tmp_path / "home"), "PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}
    server = [word.replace("4200", port) for word in start_line("dondoc-prefect.service")]
    with running(server, environment, tmp_path):
        (block,) = SET_UP.findall((PAPERS / "cai-dat.md").read_text("utf-8"))
        block = block.replace("4200", port).replace(INSTALLED.rstrip("/"), HERE.rstrip("/"))
        subprocess.run(["/bin/sh", "-e", "-c", block], env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with running(start_line("dondoc-worker.service"), environment, tmp_path):
            answered(f"http://127.0.0.1:{port}/api/deployments/name/daily_round/daily-round")
            until(lambda: "ONLINE" in workers(port))


def workers(port: str) -> str:
    """Return what the server says of the workers of the pool."""
    asked = Request(f"http://127.0.0.1:{port}/api/work_pools/dondoc/workers/filter", b"{}", method="POST")
    asked.add_header("Content-Type", "application/json")
    with urlopen(asked, timeout=5) as answer:  # noqa: S310 - this machine's own
        return str(answer.read())


@contextmanager
def running(words: list[str], environment: dict[str, str], folder: Path) -> Iterator[None]:
    with subprocess.Popen(words, env=environment, cwd=folder, stdout=subprocess.DEVNULL) as started:
        try:
            yield
        finally:
            started.terminate()


def answered(address: str) -> None:
    """Wait until an address of this machine answers."""

    def answers() -> bool:
        try:
            return bool(urlopen(address, timeout=5).status)  # noqa: S310
        except OSError:
            return False

    until(answers)


def until(happened: Callable[[], bool]) -> None:
    """Wait for something; raise when it has not happened within a minute and a half."""
    give_up = monotonic() + 90
    while not happened():
        assert monotonic() < give_up, "nothing came of it"
        sleep(0.3)
