"""What a run measured, kept in the data folder for `/metrics`: the process of a run ends with it, the portal stays."""

import os
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile

REPORT = "report_seconds"
ASSESSED, PLANNED = "assessed_day", "planned_day"
_FOLDER = "measured"


def keep_measured(data: Path, name: str, value: float) -> None:
    """Keep the newest value under `name`; a disk that refuses it costs the figure and not the run."""
    folder = data / _FOLDER
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=folder, delete=False, encoding="ascii") as file:
            file.write(f"{value:.3f}\n")
        os.chmod(file.name, 0o640)  # noqa: PTH101 - the portal reads it through the group
        Path(file.name).replace(folder / name)


def last_measured(data: Path, name: str) -> float | None:
    """Return the newest value kept under `name`, or None where no run has measured it."""
    try:
        return float((data / _FOLDER / name).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def keep_day(data: Path, name: str, day: date) -> None:
    """Keep under `name` that the work of `day` is done."""
    keep_measured(data, name, day.toordinal())


def is_done(data: Path, day: date) -> bool:
    """Say whether `day` was the last one assessed and the last one planned."""
    return {last_measured(data, name) for name in (ASSESSED, PLANNED)} == {day.toordinal()}
