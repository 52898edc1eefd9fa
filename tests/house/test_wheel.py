"""The wheel: built twice it is the same, and installed alone, outside the checkout, it does the work."""

import os
import subprocess
import sysconfig
import tomllib
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from supply.lock import ROOT
from supply.wheel import build, copied, digest_of

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ROOMS = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
NOT_SHIPPED = {"__pycache__", "style"}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the checkout, so that nobody who edits it meanwhile is in the way."""
    return copied(tmp_path_factory.mktemp("copy"))


@pytest.fixture(scope="module")
def wheel(elsewhere: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(elsewhere, tmp_path_factory.mktemp("wheel"))


def test_built_again_on_another_day_it_is_the_same(elsewhere: Path, wheel: Path, tmp_path: Path) -> None:
    for path in elsewhere.rglob("*.py"):
        path.touch()
        path.chmod(0o644)
    assert digest_of(build(elsewhere, tmp_path)) == digest_of(wheel)


def test_what_is_another_program_is_another_wheel(elsewhere: Path, wheel: Path, tmp_path: Path) -> None:
    said = elsewhere / "cli" / "main.py"
    said.write_text(f"{said.read_text('utf-8')}\n", encoding="utf-8")
    assert digest_of(build(elsewhere, tmp_path)) != digest_of(wheel)


def test_it_holds_every_file_of_the_rooms_and_what_a_machine_is_set_up_with(elsewhere: Path, wheel: Path) -> None:
    held = set(ZipFile(wheel).namelist())
    rooms = {path.relative_to(elsewhere) for room in ROOMS for path in (elsewhere / room).rglob("*") if path.is_file()}
    assert [str(path) for path in sorted(rooms) if not NOT_SHIPPED & set(path.parts) and str(path) not in held] == []
    assert "flows/prefect.yaml" in held
    deploy = {f"share/dondoc/{p.relative_to(elsewhere)}" for p in (elsewhere / "deploy").rglob("*") if p.is_file()}
    shared = {name.partition(".data/data/")[2] for name in held}
    assert deploy | {"share/dondoc/prefect.yaml"} <= shared
    assert [name for name in held if "node_modules" in name or name.endswith((".pyc", ".db"))] == []


def test_installed_alone_it_does_the_work(wheel: Path, tmp_path: Path) -> None:
    """An environment of its own, with this one's packages beside it; the checkout is nowhere on its path."""
    venv.create(tmp_path / "env", with_pip=True, symlinks=True)
    python = tmp_path / "env" / "bin" / "python"
    run(tmp_path, python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", str(wheel))
    (own,) = (tmp_path / "env" / "lib").glob("python3*/site-packages")
    (own / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    where = run(tmp_path, python, "-c", "import cli, portal, cli.serving as s; print(cli.__file__, s.DEPLOYMENTS)")
    assert where.count(str(own)) == 2
    dondoc = tmp_path / "env" / "bin" / "dondoc"
    assert "doctor" in run(tmp_path, dondoc, "--help")
    run(tmp_path, dondoc, "init")
    run(tmp_path, dondoc, "import", str(own / "samples" / "assignments" / "nhiem-vu-chung.xlsx"))
    assert "BYT" in run(tmp_path, dondoc, "status", "--as-of", "2025-09-05")
    run(tmp_path, dondoc, "escalate", "--as-of", "2025-09-05")
    run(tmp_path, dondoc, "deliver", "--as-of", "2025-09-05")
    run(tmp_path, dondoc, "report", "2025-08")
    run(tmp_path, dondoc, "doctor", allowed=(0, 1))
    assert {path.suffix for path in (tmp_path / "var" / "reports").iterdir()} >= {".docx", ".json", ".pdf", ".xlsx"}
    assert (tmp_path / "env" / "share" / "dondoc" / "deploy" / "postgresql" / "roles.sql").exists()


def run(folder: Path, *words: str | Path, allowed: tuple[int, ...] = (0,)) -> str:
    """Run a command in a folder, with none of this checkout's settings; return what it wrote."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DONDOC_", "PYTHON"))}
    ran = subprocess.run(words, cwd=folder, env=environment, check=False, capture_output=True, text=True)
    assert ran.returncode in allowed, f"{words}\n{ran.stdout}{ran.stderr}"
    return ran.stdout
