"""Hold every locked package against the committed advisories, offline: `python -m supply.audit`.

Exit 1 when one of them is known to be vulnerable. Without a snapshot nothing is checked, and that is said.
"""

from datetime import datetime
from pathlib import Path

import click

from supply.advisories import SNAPSHOT, hits, kept_in, taken_on
from supply.lock import EVERYTHING, RUN, pins_of

_OLD_AFTER_DAYS = 30


@click.command(help=__doc__)
@click.option("--lock", type=click.Path(exists=True, path_type=Path), default=EVERYTHING, help="The requirements file.")
@click.option("--snapshot", type=click.Path(path_type=Path), default=SNAPSHOT, help="The folder of advisories.")
def main(lock: Path, snapshot: Path) -> None:
    """Say which locked packages are known to be vulnerable."""
    day = taken_on(snapshot)
    if day is None:
        click.echo(
            "audit SKIPPED: no snapshot of advisories is committed, so nothing was checked. Run `make advisories` on a "
            "machine that reaches the Internet and commit requirements/advisories (docs/van-hanh/chuoi-cung-ung.md)."
        )
        return
    pins, advisories = pins_of(lock), kept_in(snapshot)
    found = hits(advisories, pins)
    shipped = {pin.name for pin in pins_of(RUN)}
    for hit in found:
        click.echo(f"{'shipped' if hit.pin.name in shipped else 'for development'}: {hit}", err=True)
    age = (datetime.now().astimezone().date() - day).days
    old = f"; {age} days old, run make advisories" if age > _OLD_AFTER_DAYS else ""
    click.echo(f"audit: {len(pins)} packages, {len(advisories)} advisories of {day}{old}: {len(found)} hits")
    raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    main()
