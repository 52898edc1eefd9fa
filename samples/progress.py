"""The invented progress, read from `progress.csv`; it says nothing about any agency."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from samples.directive import HERE

PROVINCES = "provinces"
REPORTED_ON = {"2025-06": date(2025, 6, 27), "2025-08": date(2025, 8, 28)}


@dataclass(frozen=True)
class ProgressRow:
    """What one report says about one task of one or several agencies (codes, or "provinces" for all of them)."""

    round: str
    agencies: tuple[str, ...]
    number: int
    declared: str
    result: str
    evidence: str
    completed_on: date | None
    difficulty: str
    proposal: str


def progress_rows(path: Path = HERE / "progress.csv") -> list[ProgressRow]:
    """Return the rows in file order; lines beginning with "#" are remarks."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_row(row) for row in csv.DictReader(line for line in file if not line.startswith("#"))]


def _row(row: dict[str, str]) -> ProgressRow:
    return ProgressRow(
        round=row["round"],
        agencies=tuple(row["agencies"].split("; ")),
        number=int(row["number"]),
        declared=row["declared"],
        result=row["result"],
        evidence=row["evidence"],
        completed_on=date.fromisoformat(row["completed_on"]) if row["completed_on"] else None,
        difficulty=row["difficulty"],
        proposal=row["proposal"],
    )
