"""What a benchmark found: figures with their spread, and checks that say whether a promise is kept."""

import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

KEPT, BROKEN = "pass", "FAIL"


@dataclass(frozen=True)
class Figure:
    """One thing measured several times, in `unit`; `processes` are the seconds its whole processes took."""

    name: str
    values: Sequence[float]
    unit: str = "s"
    processes: Sequence[float] = ()

    @property
    def median(self) -> float:
        """Return the figure to quote."""
        return median(self.values)


@dataclass(frozen=True)
class Check:
    """A promise: `value` is to be below `limit`, or at least `limit` when `at_least`; no limit, only told."""

    what: str
    value: float
    limit: float | None = None
    at_least: bool = False

    @property
    def kept(self) -> bool:
        """Whether the promise is kept."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value < self.limit


@dataclass
class Findings:
    """Everything one run of a benchmark found."""

    title: str
    figures: list[Figure] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    def add(self, name: str, values: Sequence[float], unit: str = "s", processes: Sequence[float] = ()) -> None:
        """Keep a figure."""
        self.figures.append(Figure(name, values, unit, processes))

    def check(self, what: str, value: float, limit: float | None = None, *, at_least: bool = False) -> None:
        """Keep a promise and what it came to."""
        self.checks.append(Check(what, value, limit, at_least))

    @property
    def kept(self) -> bool:
        """Whether every promise is kept."""
        return all(check.kept for check in self.checks)

    def print(self, *, as_json: bool) -> None:
        """Print the findings: one JSON object, or tables for people."""
        if as_json:
            sys.stdout.write(json.dumps(self._plain(), ensure_ascii=False, indent=2) + "\n")
            return
        console = Console(highlight=False)
        console.width = max(console.width, 120)
        console.print(self._figures_table(), self._checks_table())
        console.print(" · ".join(f"{key} {value}" for key, value in _machine().items()), style="dim")

    def _figures_table(self) -> Table:
        table = Table(title=self.title, box=box.SIMPLE_HEAD, title_justify="left")
        table.add_column("measured")
        for heading in ("median", "min", "max", "unit", "runs", "whole process"):
            table.add_column(heading, justify="right")
        for f in self.figures:
            spread = (_rounded(value) for value in (f.median, min(f.values), max(f.values)))
            process = f"{_rounded(median(f.processes))} s" if f.processes else ""
            table.add_row(f.name, *spread, f.unit, str(len(f.values)), process)
        return table

    def _checks_table(self) -> Table:
        table = Table(title="compared", box=box.SIMPLE_HEAD, title_justify="left")
        table.add_column("what")
        table.add_column("came to", justify="right")
        table.add_column("promised", justify="right")
        table.add_column("verdict")
        for check in self.checks:
            promised = "" if check.limit is None else f"{'≥' if check.at_least else '<'} {check.limit:g}"
            verdict = "" if check.limit is None else KEPT if check.kept else BROKEN
            table.add_row(check.what, _rounded(check.value), promised, verdict)
        return table

    def _plain(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "machine": _machine(),
            "figures": [
                {
                    "name": f.name,
                    "unit": f.unit,
                    "median": f.median,
                    "values": list(f.values),
                    "processes": list(f.processes),
                }
                for f in self.figures
            ],
            "checks": [
                {"what": c.what, "value": c.value, "limit": c.limit, "at_least": c.at_least, "kept": c.kept}
                for c in self.checks
            ],
            "kept": self.kept,
        }


def _machine() -> dict[str, Any]:
    return {"python": platform.python_version(), "system": platform.system(), "processors": os.cpu_count()}


def _rounded(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"  # noqa: PLR2004 - three digits either way
