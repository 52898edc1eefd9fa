"""`dondoc report`: the monthly report as one frozen edition."""

from datetime import date, datetime
from pathlib import Path

import click

from cli.failure import Refused
from cli.opened import opened
from cli.options import DAY, YEARS, database_option, json_option, known_at_option, settings
from cli.output import print_json
from config.clock import now
from config.scorecard import load_criteria
from models.reference import calendar_of
from models.store import Store
from rules.meeting import cutoff_of, first_day, meeting_of
from texts import both


@click.command(help=both("cli.help_report"))
@click.argument("month", metavar="YYYY-MM")
@click.option("--cutoff", type=DAY, help=both("cli.option_cutoff"))
@click.option("--meeting", type=DAY, help=both("cli.option_meeting"))
@known_at_option
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help=both("cli.option_out"))
@database_option
@json_option
def report(
    month: str,
    *,
    cutoff: date | None,
    meeting: date | None,
    known_at: datetime | None,
    out: Path | None,
    database: str,
    as_json: bool,
) -> None:
    """Gather the facts once and write .docx, .pdf, .xlsx and .json."""
    from reports import gather_facts, write_edition

    chosen = settings()
    _check_month(month)
    with opened(database) as store:
        facts = gather_facts(
            store,
            month=month,
            cutoff=cutoff or cutoff_of(month),
            meeting=meeting or _meeting(store, month),
            known_at=known_at or now(),
            level=chosen.completion_level,
            warning_working_days=chosen.warning_working_days,
            thresholds=load_criteria().thresholds,
        )
        edition = write_edition(facts, store=store, out=out or chosen.reports, now=now())
    if as_json:
        files = [{"path": str(file.path), "sha256": file.sha256, "size": file.size} for file in edition.files]
        answer = {"edition": edition.code, "month": month, "cutoff": facts.cutoff, "files": files}
        print_json({**answer, "facts": facts.to_json()})
        return
    click.echo(both("cli.report_written", edition=edition.code))
    for file in edition.files:
        click.echo(f"  {file.path}")


def _check_month(month: str) -> None:
    try:
        year = first_day(month).year
    except ValueError:
        raise Refused("cli.not_a_month", found=month) from None
    if year not in YEARS:
        raise Refused("cli.impossible_month", found=month)


def _meeting(store: Store, month: str) -> date:
    with store.reading() as session:
        return meeting_of(month, calendar_of(session))
