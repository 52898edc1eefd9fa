"""`dondoc report`: the monthly report as one frozen edition, or what must be looked at before it goes."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.editions import print_changes
from cli.failure import Refused
from cli.opened import opened
from cli.options import DAY, YEARS, database_option, json_option, known_at_option, settings
from cli.output import print_json
from cli.review import show_review
from config.clock import now
from config.scorecard import load_criteria
from models.reference import calendar_of
from models.store import Store
from rules.meeting import cutoff_of, first_day, meeting_of
from texts import Language, both

if TYPE_CHECKING:
    from reports import EditionWritten, Facts

_STATES = ("draft", "submitted", "updated", "final")


@click.command(help=both("cli.help_report"))
@click.argument("month", metavar="YYYY-MM")
@click.option("--cutoff", type=DAY, help=both("cli.option_cutoff"))
@click.option("--meeting", type=DAY, help=both("cli.option_meeting"))
@known_at_option
@click.option("--state", type=click.Choice(_STATES), help=both("edition.option_state"))
@click.option(
    "--language", type=click.Choice([*map(str, Language)]), default="vi", help=both("edition.option_language")
)
@click.option("--reason", default="", help=both("edition.option_reason"))
@click.option("--by", default="", help=both("edition.option_by"))
@click.option("--review", "reviewing", is_flag=True, help=both("edition.option_review"))
@click.option("--moved-percent", type=click.IntRange(1, 1000), default=20, help=both("edition.option_moved"))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help=both("cli.option_out"))
@database_option
@json_option
def report(month: str, *, reviewing: bool, moved_percent: int, database: str, as_json: bool, **asked: Any) -> None:
    """Gather the facts once; freeze them as an edition and write its files, or review them."""
    days = {name: asked[name] for name in ("cutoff", "meeting", "known_at")}
    with opened(database) as store:
        facts = gathered(store, month, **days)
        if reviewing:
            show_review(store, facts, moved_percent=moved_percent, as_json=as_json)
            return
        edition = _frozen(store, facts, **{name: value for name, value in asked.items() if name not in days})
    if as_json:
        print_json({**_described(edition, facts), "facts": facts.to_json()})
    else:
        _print(edition)


def _frozen(
    store: Store, facts: "Facts", *, state: str | None, language: str, reason: str, by: str, out: Path | None
) -> "EditionWritten":
    from reports import EditionState, Purpose, write_edition

    return write_edition(
        facts,
        store=store,
        out=out or settings().reports,
        now=now(),
        purpose=Purpose(EditionState(state) if state else None, reason, by),
        languages=dict.fromkeys((Language.VI, Language(language))),
    )


def gathered(
    store: Store,
    month: str,
    *,
    cutoff: date | None = None,
    meeting: date | None = None,
    known_at: datetime | None = None,
) -> "Facts":
    """Gather the facts of a month with the deployment's settings; the usual days where none are given."""
    from reports import gather_facts

    chosen = settings()
    _check_month(month)
    return gather_facts(
        store,
        month=month,
        cutoff=cutoff or cutoff_of(month),
        meeting=meeting or _meeting(store, month),
        known_at=known_at or now(),
        level=chosen.completion_level,
        warning_working_days=chosen.warning_working_days,
        thresholds=load_criteria().thresholds,
    )


def _described(edition: "EditionWritten", facts: "Facts") -> dict[str, object]:
    files = [{"path": str(file.path), "sha256": file.sha256, "size": file.size} for file in edition.files]
    made = {"edition": edition.code, "state": edition.state, "new": edition.new, "follows": edition.follows}
    return {**made, "changes": len(edition.changes), "month": facts.month, "cutoff": facts.cutoff, "files": files}


def _print(edition: "EditionWritten") -> None:
    click.echo(both("cli.report_written", edition=edition.code))
    click.echo(f"  {both(f'edition.state_{edition.state}')}")
    for file in edition.files:
        click.echo(f"  {file.path}")
    if edition.changes:
        click.echo(both("edition.follows", follows=edition.follows, count=len(edition.changes)))
        print_changes([change for change in edition.changes if change.is_figure])


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
