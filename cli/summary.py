"""`dondoc summary`: a page for each leader, as .docx and .pdf."""

from datetime import date, datetime
from pathlib import Path

import click

from cli.opened import opened
from cli.options import DAY, database_option, json_option, known_at_option, settings
from cli.output import print_json
from cli.report import gathered
from texts import both


@click.command(help=both("cli.help_summary"))
@click.argument("month", metavar="YYYY-MM")
@click.option("--agency", "agencies", multiple=True, metavar="CODE", help=both("edition.option_summary_agency"))
@click.option("--post", default="", help=both("edition.option_post"))
@click.option("--meeting", type=DAY, help=both("cli.option_meeting"))
@known_at_option
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help=both("cli.option_out"))
@database_option
@json_option
def summary(
    month: str,
    *,
    agencies: tuple[str, ...],
    post: str,
    meeting: date | None,
    known_at: datetime | None,
    out: Path | None,
    database: str,
    as_json: bool,
) -> None:
    """Write one page for the leader of the agencies named, or one for the head of each agency."""
    from reports.brief import brief_files

    with opened(database) as store:
        facts = gathered(store, month, meeting=meeting, known_at=known_at)
    folder = out or settings().reports
    folder.mkdir(parents=True, exist_ok=True)
    whose = [agencies] if agencies else [(agency.code,) for agency in facts.agencies]
    written = []
    for own in whose:
        for name, content in brief_files(facts, own, post=post).items():
            (folder / name).write_bytes(content)
            written.append(folder / name)
    if as_json:
        print_json({"month": month, "files": [str(path) for path in written]})
    for path in [] if as_json else written:
        click.echo(f"  {path}")
