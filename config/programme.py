"""Load milestones, the ladder and the contacts from their data files."""

import csv
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

from rules.ladder import Contact, Role, Rung, rung_from
from rules.milestone import Milestone

HERE = Path(__file__).parent
_ELSEWHERE = "address_"


def load_milestones(path: Path = HERE / "milestones.toml") -> list[Milestone]:
    """Return the milestones, earliest first."""
    return sorted(
        Milestone(entry["on"], code, entry["name_vi"], entry["name_en"]) for code, entry in _toml(path).items()
    )


def load_ladder(path: Path = HERE / "escalation.toml") -> list[Rung]:
    """Return the rungs, lowest first. Raises ValueError for a rung that cannot be, two of one offset or of one name."""
    try:
        rungs = sorted(rung_from(entry) for entry in _toml(path)["rung"])
    except (KeyError, TypeError, ValueError) as error:
        message = f"{path.name}: a rung cannot be read ({error}); the head of the shipped file names what a rung states"
        raise ValueError(message) from error
    for lower, higher in pairwise(rungs):
        if lower.offset == higher.offset:
            message = f"{path.name}: two rungs have the offset {lower.offset:+d}; keep one"
            raise ValueError(message)
    named = [rung.step for rung in rungs]
    if twice := next((step for step in named if named.count(step) > 1), None):
        message = f"{path.name}: two rungs have the name {twice}; a name is one step for good"
        raise ValueError(message)
    return rungs


def load_contacts(path: Path = HERE / "contacts.csv") -> list[Contact]:
    """Return the contacts in file order; a column `address_sms` holds where posts hear over the channel "sms"."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Contact(
                row["agency"],
                Role(row["role"]),
                row["post_vi"],
                row["post_en"],
                row["address"],
                elsewhere=tuple(
                    (name.removeprefix(_ELSEWHERE), found.strip())
                    for name, found in row.items()
                    if name and name.startswith(_ELSEWHERE) and found and found.strip()
                ),
            )
            for row in csv.DictReader(file)
        ]


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
