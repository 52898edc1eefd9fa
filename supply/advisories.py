"""Known vulnerabilities of locked packages, from advisories in OSV's format kept in requirements/advisories.

`python -m supply.advisories PyPI.zip` takes the snapshot: of OSV's archive of all advisories for PyPI it keeps those
that name a locked package, whatever the version. It reads a file, no network; `make advisories` fetches the archive.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import click
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from supply.lock import EVERYTHING, REQUIREMENTS, Pin, pins_of

SNAPSHOT = REQUIREMENTS / "advisories"
TAKEN_ON = "taken-on.txt"
Advisory = Mapping[str, Any]
_ID = re.compile(r"[A-Za-z0-9-]+")
_VERSIONED = {"ECOSYSTEM", "SEMVER"}


@dataclass(frozen=True)
class Hit:
    """A locked package that an advisory names: the number, others of it, the summary, the versions that mend it."""

    pin: Pin
    number: str
    aliases: tuple[str, ...]
    summary: str
    mended_in: tuple[str, ...]

    def __str__(self) -> str:
        """Say it in one line."""
        also = f" ({', '.join(self.aliases)})" if self.aliases else ""
        mended = f"mended in {', '.join(self.mended_in)}" if self.mended_in else "no version mends it yet"
        return f"{self.pin.written}: {self.number}{also}: {self.summary}; {mended}"


def hits(advisories: Iterable[Advisory], pins: Iterable[Pin]) -> list[Hit]:
    """Return every locked package that a standing advisory names at its version, by package and number."""
    by_name = {pin.name: pin for pin in pins}
    found = (
        _hit(advisory, affected, pin)
        for advisory in advisories
        if not advisory.get("withdrawn")
        for affected in _of_pypi(advisory)
        if (pin := by_name.get(canonicalize_name(affected["package"]["name"]))) and is_affected(affected, pin.version)
    )
    return sorted(found, key=lambda hit: (hit.pin.name, hit.number))


def is_affected(affected: Advisory, version: Version) -> bool:
    """Say whether an `affected` entry of OSV covers a version: listed, or within a range.

    A range whose versions cannot be read covers every version, so that a person looks.
    """
    if str(version) in affected.get("versions", ()):
        return True
    ranges = (each for each in affected.get("ranges", ()) if each["type"] in _VERSIONED)
    return any(_within(each["events"], version) for each in ranges)


def kept_in(folder: Path) -> list[Advisory]:
    """Return the advisories of a snapshot."""
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))]


def taken_on(folder: Path) -> date | None:
    """Return the day a snapshot was taken, or None where there is none."""
    file = folder / TAKEN_ON
    return date.fromisoformat(file.read_text(encoding="utf-8").strip()) if file.exists() else None


def take_snapshot(archive: Path, folder: Path, pins: Iterable[Pin], *, today: date) -> int:
    """Replace the snapshot in `folder` by what an archive of OSV says of the locked packages; return how many."""
    names = {pin.name for pin in pins}
    found = [
        each
        for each in _in_archive(archive)
        if names & {canonicalize_name(a["package"]["name"]) for a in _of_pypi(each)}
    ]
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for advisory in found:
        number = advisory["id"]
        if not _ID.fullmatch(number):
            raise ValueError(f"{number!r} is no advisory's number")
        text = json.dumps(advisory, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / f"{number}.json").write_text(f"{text}\n", encoding="utf-8")
    (folder / TAKEN_ON).write_text(f"{today.isoformat()}\n", encoding="utf-8")
    return len(found)


def _of_pypi(advisory: Advisory) -> list[Advisory]:
    return [each for each in advisory.get("affected", ()) if each.get("package", {}).get("ecosystem") == "PyPI"]


def _within(events: Iterable[Mapping[str, str]], version: Version) -> bool:
    """Walk the events of a range in the order of their versions, as OSV's specification evaluates them."""
    try:
        dated = sorted((Version(at), kind) for event in events for kind, at in event.items())
    except InvalidVersion:
        return True
    inside = False
    for at, kind in dated:
        if kind == "introduced" and version >= at:
            inside = True
        elif (kind in {"fixed", "limit"} and version >= at) or (kind == "last_affected" and version > at):
            inside = False
    return inside


def _hit(advisory: Advisory, affected: Advisory, pin: Pin) -> Hit:
    events = chain.from_iterable(each["events"] for each in affected.get("ranges", ()) if each["type"] in _VERSIONED)
    return Hit(
        pin=pin,
        number=advisory["id"],
        aliases=tuple(advisory.get("aliases", ())),
        summary=advisory.get("summary") or advisory.get("details", "").partition("\n")[0] or "no summary",
        mended_in=tuple(event["fixed"] for event in events if "fixed" in event),
    )


def _in_archive(archive: Path) -> Iterator[Advisory]:
    with ZipFile(archive) as packed:
        for name in sorted(packed.namelist()):
            if name.endswith(".json"):
                yield json.loads(packed.read(name))


@click.command(help=__doc__)
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(archive: Path) -> None:
    """Take the snapshot."""
    kept = take_snapshot(archive, SNAPSHOT, pins_of(EVERYTHING), today=datetime.now().astimezone().date())
    click.echo(f"{kept} advisories name locked packages; commit {SNAPSHOT.relative_to(REQUIREMENTS.parent)}")


if __name__ == "__main__":
    main()
