"""Guards for the whole: the versions meant, rooms that are ours, words in both languages, no file without a place."""

import importlib
import re
import string
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = [
    "rules",
    "texts",
    "models",
    "imports",
    "notifications",
    "reports",
    "decisions",
    "config",
    "flows",
    "portal",
    "cli",
]
CATALOGUES = sorted((ROOT / "texts" / "words").glob("*.toml"))
FORBIDDEN_FILE_NAMES = {"utils", "helpers", "common", "manager", "service"}


@pytest.mark.parametrize(
    ("package", "meant"),
    [
        ("prefect", "3.8"),
        ("apprise", "1.13"),
        ("fastapi", "0.150"),
        ("sqlalchemy", "2.0"),
        ("sqlmodel", "0.0.50"),
        ("typst", "0.15"),
    ],
)
def test_the_versions_that_live_together_are_installed(package: str, meant: str) -> None:
    """An unpinned resolver silently installs Prefect 2.11 beside a newer Apprise."""
    assert version(package).startswith(meant), f"{package} {version(package)} is not the {meant} meant; run make env"


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_is_ours_and_states_its_rule(room: str) -> None:
    """A dependency that ships a top-level `models` would win over the checkout."""
    module = importlib.import_module(room)
    assert Path(module.__file__ or "").parent == ROOT / room
    assert module.__doc__, f"{room}/__init__.py does not say its rule"


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
def test_every_sentence_stands_in_both_languages_with_the_same_values(catalogue: Path) -> None:
    for key, entry in tomllib.loads(catalogue.read_text(encoding="utf-8")).items():
        assert set(entry) >= {"vi", "en"}, f"{catalogue.stem}.{key}"
        assert placeholders(entry["vi"]) == placeholders(entry["en"]), f"{catalogue.stem}.{key}"


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert not [path for path in python_files() if path.stem in FORBIDDEN_FILE_NAMES]


def test_no_flow_file_is_named_like_a_room_or_the_standard_library() -> None:
    """Prefect puts flows/ first on the path: flows/config.py would replace the real config."""
    names = {path.stem for path in (ROOT / "flows").glob("*.py")} - {"__init__"}
    assert not names & (set(ROOMS) | set(sys.stdlib_module_names))


def test_the_repository_names_no_machine_and_no_index() -> None:
    suspicious = re.compile(r"/(?:work|root)/|/home/\w|files\.pythonhosted|pypi\.org/simple")
    texts = [*python_files(), *ROOT.glob("*.*"), *ROOT.glob("requirements/*"), *ROOT.glob("docs/**/*.md")]
    assert not [path for path in texts if path.is_file() and suspicious.search(path.read_text("utf-8"))]


def test_lock_files_have_a_hash_for_every_pin() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        pins = re.split(r"\n(?=\S)", lock.read_text("utf-8"))
        assert not [pin.split()[0] for pin in pins if "==" in pin.split("\n")[0] and "--hash=sha256:" not in pin]


def python_files() -> list[Path]:
    return [path for path in ROOT.rglob("*.py") if ".venv" not in path.parts and "var" not in path.parts]
