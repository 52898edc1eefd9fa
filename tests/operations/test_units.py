"""The unit files: systemd accepts them, and a start line of each kind runs as it stands there."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "deploy" / "systemd"
INSTALLED = "/opt/dondoc/.venv/bin/"
HERE = f"{Path(sys.executable).parent}/"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd-analyze")
def test_systemd_accepts_every_unit(tmp_path: Path) -> None:
    for unit in UNITS.glob("*.[st][ei][rm]*"):
        (tmp_path / unit.name).write_text(unit.read_text(encoding="utf-8").replace(INSTALLED, HERE), encoding="utf-8")
    units = sorted(str(unit) for unit in tmp_path.iterdir())
    assert len(units) == 7
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


def start_line(unit: str) -> list[str]:
    lines = (UNITS / unit).read_text(encoding="utf-8").splitlines()
    line = next(line for line in lines if line.startswith("ExecStart="))
    return shlex.split(line.removeprefix("ExecStart=").replace(INSTALLED, HERE).replace("%%", "%"))


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
