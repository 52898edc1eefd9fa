"""Load the register of agencies and collectives from `agencies.csv` and `collectives.toml`."""

import csv
import tomllib
from datetime import date
from pathlib import Path

from rules.register import Agency, AgencyKind, Collective, Register

HERE = Path(__file__).parent


def load_register(folder: Path = HERE) -> Register:
    """Return the register as the data files of `folder` give it."""
    with (folder / "agencies.csv").open(encoding="utf-8", newline="") as file:
        agencies = [_agency(row) for row in csv.DictReader(file)]
    tables = tomllib.loads((folder / "collectives.toml").read_text(encoding="utf-8"))
    collectives = [
        Collective(code, tuple(entry["names"]), frozenset(AgencyKind(kind) for kind in entry["kinds"]))
        for code, entry in tables.items()
    ]
    return Register(agencies, collectives)


def _agency(row: dict[str, str]) -> Agency:
    return Agency(
        code=row["code"],
        name_vi=row["name_vi"],
        kind=AgencyKind(row["kind"]),
        abbreviation=row["abbreviation"],
        aliases=tuple(filter(None, row["aliases"].split("|"))),
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        successor=row["successor"] or None,
        split=row["note"].startswith("split"),
        note=row["note"],
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
