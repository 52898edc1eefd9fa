"""Build the wheel twice and compare: `python -m supply.wheel` leaves it in dist/ with its SHA-256.

The second build is of a copy of the checkout in another folder, its files with other times and rights. The time inside
is SOURCE_DATE_EPOCH (`make wheel` sets it to the last commit's).
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from supply.lock import ROOT

_NOT_COPIED = shutil.ignore_patterns(
    ".venv", ".git", "var", "dist", "inbox", "node_modules", "__pycache__", ".*_cache", ".hypothesis"
)
_LONG_AGO = 1_000_000_000


def build(checkout: Path, into: Path) -> Path:
    """Build the wheel of a checkout; raises CalledProcessError when that fails."""
    into.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(into.absolute())]
    subprocess.run(command, cwd=checkout, check=True, capture_output=True)  # noqa: S603 - the project's own build
    (wheel,) = into.glob("*.whl")
    return wheel


def copied(into: Path) -> Path:
    """Copy the checkout as another machine would have it: another place, other times, other rights."""
    elsewhere = shutil.copytree(ROOT, into / "elsewhere", ignore=_NOT_COPIED)
    for path in elsewhere.rglob("*"):
        if path.is_file():
            path.chmod(0o600 if not os.access(path, os.X_OK) else 0o700)
            os.utime(path, (_LONG_AGO, _LONG_AGO))
    return elsewhere


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


@click.command(help=__doc__)
@click.option("--into", type=click.Path(path_type=Path), default=ROOT / "dist", help="The folder; dist without one.")
def main(into: Path) -> None:
    """Build, build again, compare."""
    with tempfile.TemporaryDirectory(prefix="dondoc-wheel-") as name:
        first, second = build(ROOT, Path(name) / "first"), build(copied(Path(name)), Path(name) / "second")
        digests = digest_of(first), digest_of(second)
        if digests[0] != digests[1]:
            raise click.ClickException(f"two builds differ: {digests[0]} and {digests[1]}")
        into.mkdir(parents=True, exist_ok=True)
        shutil.copy(first, into)
    click.echo(f"{digests[0]}  {into / first.name}")


if __name__ == "__main__":
    main()
