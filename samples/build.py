"""Make every sample workbook again: `python -m samples.build`. The bytes are the same every time."""

from collections.abc import Iterator
from pathlib import Path

import click

from samples.annexes import annex_files
from samples.directive import HERE
from samples.progress_reports import progress_files


def sample_files() -> Iterator[tuple[Path, bytes]]:
    """Yield every workbook: its path below `samples/` and its content."""
    for name, content in annex_files():
        yield Path("assignments") / name, content
    for name, content in progress_files():
        yield Path(name), content


def build(folder: Path = HERE) -> list[Path]:
    """Write every workbook below `folder`, and return the paths written."""
    written = []
    for path, content in sample_files():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        written.append(target)
    return written


if __name__ == "__main__":
    click.echo(f"{len(build())} workbooks written")
