"""`dondoc template`: the progress workbook an agency fills in and sends back."""

from datetime import date
from pathlib import Path

import click

from cli.failure import Refused
from cli.opened import check_agency, opened
from cli.options import as_of_option, database_option, json_option, settings
from cli.output import print_json
from config.clock import now
from models.reference import read_reference
from texts import both


@click.command(help=both("cli.help_template"))
@click.option("--agency", required=True, metavar="CODE", help=both("template.option_agency"))
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FILE", help=both("template.option_out"))
@as_of_option
@database_option
@json_option
def template(*, agency: str, out: Path, as_of: date, database: str, as_json: bool) -> None:
    """Write the agency's open assignments to a new workbook."""
    from imports.returning.template import write_template

    if out.exists():
        raise Refused("template.file_exists", file=out)
    with opened(database) as store:
        with store.reading() as session:
            check_agency(read_reference(session), agency)
        level = settings().completion_level
        written = write_template(store, agency, as_of=as_of, known_at=now(), level=level)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(written.content)
    if as_json:
        print_json({"file": out, "assignments": written.assignments})
    else:
        click.echo(both("template.written", file=out, count=written.assignments))
