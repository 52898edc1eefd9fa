"""`dondoc export`: assignments and progress as open files, for other systems to take."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.failure import Refused
from cli.opened import check_agency, opened
from cli.options import as_of_option, database_option, json_option, known_at_option
from cli.output import note, print_json
from cli.status import asked
from config.clock import now
from models.reference import read_reference
from texts import both

if TYPE_CHECKING:
    from reports.open_files import OpenFiles


@click.command(help=both("cli.help_export"))
@as_of_option
@known_at_option
@click.option("--to", required=True, type=click.Path(file_okay=False, path_type=Path), help=both("open.option_to"))
@click.option("--agency", metavar="CODE", help=both("open.option_agency"))
@click.option("--no-byte-order-mark", "unmarked", is_flag=True, help=both("open.option_no_mark"))
@database_option
@json_option
def export(
    *,
    as_of: date,
    known_at: datetime | None,
    to: Path,
    agency: str | None,
    unmarked: bool,
    database: str,
    as_json: bool,
) -> None:
    """Write the files and the manifest that names them with their digests."""
    from reports.open_files import open_files

    with opened(database) as store:
        with store.reading() as session:
            check_agency(read_reference(session), agency)
        table = asked(store, as_of=as_of, known_at=known_at or now(), agency=agency)
        made = open_files(store, table, agency=agency, byte_order_mark=not unmarked)
    _write(made, to)
    manifest = made.manifest
    if as_json:
        print_json({"folder": to, **manifest.model_dump(mode="json", exclude={"format", "version"})})
        return
    values = {"assignments": manifest.assignments, "progress": manifest.progress, "folder": to}
    click.echo(both("open.written", **values))
    if manifest.without_lead:
        note(both("open.without_lead", count=manifest.without_lead))


def _write(made: "OpenFiles", to: Path) -> None:
    """Write all files or, when one is there already, none."""
    taken = next((to / name for name in sorted(made.files) if (to / name).exists()), None)
    if taken is not None:
        raise Refused("open.file_exists", file=taken)
    to.mkdir(parents=True, exist_ok=True)
    for name, content in made.files.items():
        (to / name).write_bytes(content)
