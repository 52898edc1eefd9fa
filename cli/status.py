"""`dondoc status`: how every duty stood on a day."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import click

from cli.opened import check_agency, check_milestone, opened
from cli.options import as_of_option, database_option, json_option, known_at_option, settings
from cli.output import print_json, print_table
from cli.selection import selection_options
from config.clock import now
from models import StatusTable, status_of
from models.clear_duties import heads_of
from models.milestones_then import milestones_then
from models.reference import read_reference
from models.selection import Selection
from models.status_answer import status_answer
from models.status_table import Counts
from models.store import Store
from rules.register import Register
from rules.status import Status
from texts import both, date_text, instant_text, say

_WORST_SHOWN = 15
_TASK_SHOWN = 70


@click.command(help=both("cli.help_status"))
@as_of_option
@known_at_option
@click.option("--agency", metavar="CODE", help=both("cli.option_agency"))
@click.option("--milestone", metavar="CODE", help=both("cli.option_milestone"))
@selection_options
@database_option
@json_option
def status(
    *,
    as_of: date,
    known_at: datetime | None,
    agency: str | None,
    milestone: str | None,
    database: str,
    as_json: bool,
    **selected: Any,
) -> None:
    """Print totals, agencies, milestones and assignments as they stood on the day asked about."""
    with opened(database) as store:
        with store.reading() as session:
            reference = read_reference(session)
        check_agency(reference, agency)
        check_milestone(reference, milestone)
        known = known_at or now()
        table = asked(store, as_of=as_of, known_at=known, agency=agency, milestone=milestone)
        level = settings().completion_level
        then = milestones_then(store, as_of=as_of, known_at=known, agency=agency, level=level)
    whole = not any(selected.values())
    table = Selection(**selected).narrowed(table, heads_of(reference.contacts))
    if as_json:
        print_json(status_answer(table, reference.register, then if whole else None))
    else:
        _print(table, reference.register, then if whole else {})


def asked(
    store: Store, *, as_of: date, known_at: datetime, agency: str | None = None, milestone: str | None = None
) -> StatusTable:
    """Ask the one status query with the deployment's settings."""
    chosen = settings()
    return status_of(
        store,
        as_of=as_of,
        known_at=known_at,
        agency=agency,
        milestone=milestone,
        level=chosen.completion_level,
        warning_working_days=chosen.warning_working_days,
    )


def _print(table: StatusTable, register: Register, then: Mapping[str, Counts]) -> None:
    click.echo(both("cli.as_of", day=date_text(table.as_of), known_at=instant_text(table.known_at)))
    print_totals(table.totals())
    print_milestones(table.by_milestone(), then)
    names = {agency.code: agency.name_vi for agency in register.agencies}
    shown = [Status.COMPLETED_ON_TIME, Status.COMPLETED_LATE, Status.IN_PROGRESS, Status.DUE_SOON, Status.OVERDUE]
    print_table(
        both("cli.title_agencies"),
        [both("cli.column_agency"), *(say(f"status.{each}") for each in shown), both("cli.column_total")],
        [
            [names.get(code, code), *(counts[each] for each in shown), counts["total"]]
            for code, counts in table.by_agency().items()
        ],
        figures=range(1, len(shown) + 2),
    )
    print_worst(table, names)
    if table.queue:
        click.echo(both("cli.queue", count=len(table.queue)))


def print_totals(totals: Counts) -> None:
    """Print how many assignments have each status; the parts add up to the total."""
    rows = [[both(f"status.{each}"), totals[each]] for each in Status if totals[each]]
    print_table(
        both("cli.title_totals"),
        [both("cli.column_status"), both("cli.column_count")],
        [*rows, [both("cli.column_total"), totals["total"]]],
        figures=(1,),
    )


def print_milestones(milestones: Mapping[str, Counts], then: Mapping[str, Counts] = MappingProxyType({})) -> None:
    """Print the verdicts at each milestone; under each, where `then` has them, those known when its day ended."""
    columns = ["due", "met", "met_late", "missed", "extended", "cancelled", "pending"]
    lines = []
    for code, counts in milestones.items():
        lines.append([code, *(counts[column] for column in columns)])
        if code in then:
            lines.append([both("cli.known_then"), *(then[code][column] for column in columns)])
    print_table(
        both("cli.title_milestones"),
        [both("cli.column_milestone"), *(both(f"cli.verdict_{column}") for column in columns)],
        lines,
        figures=range(1, len(columns) + 1),
    )


def print_worst(table: StatusTable, names: dict[str, str], shown: int = _WORST_SHOWN) -> None:
    """Print the overdue assignments, latest first; days late are working days."""
    late = sorted((row for row in table.rows if row.status is Status.OVERDUE), key=lambda row: -row.days_late)
    print_table(
        both("cli.title_overdue", count=len(late)),
        [both(f"cli.column_{name}") for name in ("assignment", "agency", "task", "effective_due", "days_late")],
        [
            [
                row.code,
                names.get(row.agency, row.agency),
                row.task[:_TASK_SHOWN],
                date_text(row.last_good_day),
                row.days_late,
            ]
            for row in late[:shown]
        ],
        figures=(4,),
    )
    if len(late) > shown:
        click.echo(both("cli.more_overdue", count=len(late) - shown))
