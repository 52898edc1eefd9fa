"""Read a requirements file as `make lock` writes it."""

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
REQUIREMENTS = ROOT / "requirements"
RUN, EVERYTHING = REQUIREMENTS / "run.txt", REQUIREMENTS / "benchmark.txt"
# How uv writes that the project itself asks for a package.
OURSELVES = "dondoc (pyproject.toml)"


@dataclass(frozen=True)
class Pin:
    """One locked package: its version, the SHA-256 of each file of it, who asks for it (`OURSELVES` or a name)."""

    name: NormalizedName
    version: Version
    sha256: tuple[str, ...]
    asked_by: tuple[str, ...]

    @property
    def written(self) -> str:
        """The package as a requirement: "jinja2==3.1.6"."""
        return f"{self.name}=={self.version}"


def pins_of(file: Path) -> list[Pin]:
    """Return every package a requirements file locks, by name. Raises ValueError for a line that pins no version."""
    entries = re.split(r"\n(?=[^\s#])", file.read_text(encoding="utf-8"))
    return sorted((_pin(entry) for entry in entries if not entry.startswith("#")), key=lambda pin: pin.name)


def _pin(entry: str) -> Pin:
    first = entry.partition("\n")[0].rstrip(" \\")
    asked = Requirement(first)
    versions = [each.version for each in asked.specifier if each.operator == "=="]
    if len(versions) != 1:
        raise ValueError(f"{first!r} pins no version; run make lock")
    return Pin(
        name=canonicalize_name(asked.name),
        version=Version(versions[0]),
        sha256=tuple(sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})", entry))),
        asked_by=tuple(re.findall(r"^ +# +(?:via )?(?!via$)(\S.*)$", entry, re.MULTILINE)),
    )
