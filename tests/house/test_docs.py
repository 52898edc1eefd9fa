"""What the documents say is so: commands, settings, decisions and pictures exist, and none is left out."""

import re
from pathlib import Path

from pydantic import AliasChoices, AliasPath

from cli.failure import DEBUG
from cli.main import COMMANDS
from config.settings import CHANNEL, Settings
from config.settings_file import NAMED_BY

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
VARIABLE = re.compile(r"DONDOC_[A-Z_]+")


def test_every_command_the_readme_shows_exists() -> None:
    shown = set(re.findall(r"(?:^|`)dondoc ([a-z][a-z-]*)", README, re.MULTILINE))
    assert shown, "the README shows no command"
    assert shown <= set(COMMANDS)


def test_the_readmes_table_holds_every_setting_and_no_other() -> None:
    rows = [line.split("|")[1] for line in README.splitlines() if line.startswith("| `DONDOC_")]
    assert sorted(name for row in rows for name in VARIABLE.findall(row)) == sorted([*variables(), CHANNEL])


def test_the_readme_names_no_variable_that_sets_nothing() -> None:
    assert set(VARIABLE.findall(README)) <= {*variables(), CHANNEL, NAMED_BY, DEBUG}


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(path.name for path in folder.glob("*.md") if path.name != "README.md")


def test_every_picture_and_every_file_the_readme_links_exists() -> None:
    linked = [place for place in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in place]
    assert [place for place in linked if place.endswith(".png")], "the README shows no picture"
    assert [place for place in linked if not (ROOT / place).exists()] == []


def variables() -> list[str]:
    """Return the environment variable of every setting."""
    return [_variable(name, field.validation_alias) for name, field in Settings.model_fields.items()]


def _variable(name: str, alias: str | AliasPath | AliasChoices | None) -> str:
    assert alias is None or isinstance(alias, str), f"{name} has several names"
    return alias or f"{Settings.model_config['env_prefix']}{name.upper()}"
