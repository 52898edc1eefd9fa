"""What the demo answers: totals, milestones, the worst late, notices by role, and where each output lies."""

from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlalchemy import func, select

from cli.output import print_table
from cli.status import asked, described
from config.clock import now
from models.opening import open_store
from models.outcome_tables import Notice
from models.reference import register_of
from rules.ladder import Role
from rules.status import Status
from texts import both, date_text

_WORST = 10
_TASK_SHOWN = 60
_MILESTONE_COLUMNS = ("due", "met", "met_late", "missed", "extended", "cancelled", "pending")


def answer_of(database: str, as_of: date, outcome: dict[str, Any], data: Path) -> dict[str, Any]:
    """Gather what the flows left in the store, in the words of `dondoc status`, and say where the outputs lie."""
    store = open_store(database)
    try:
        table = asked(store, as_of=as_of, known_at=now())
        with store.reading() as session:
            register = register_of(session)
            by_role = select(Notice.role, func.count()).where(Notice.as_of == as_of).group_by(Notice.role)  # type: ignore[call-overload]
            notices = {str(role): count for role, count in session.execute(by_role)}
    finally:
        store.close()
    status = described(table, register)
    late = [row for row in status["assignments"] if row["status"] is Status.OVERDUE]
    return {
        "as_of": as_of,
        "workbooks": outcome["files"],
        "rejected": outcome["rejected"],
        "totals": status["totals"],
        "milestones": status["milestones"],
        "worst_late": sorted(late, key=lambda row: -row["days_late"])[:_WORST],
        "queue": len(status["queue"]),
        "notices": {role.value: notices.get(role.value, 0) for role in Role},
        "delivery": outcome["delivery"],
        "edition": outcome["report"]["edition"],
        "outputs": {
            "database": store.url.render_as_string(hide_password=True),
            "mail": str(data / "mail"),
            "reports": [str(data / "reports" / Path(file["path"]).name) for file in outcome["report"]["files"]],
            "workbooks": str(data / "inbox" / "done"),
            "prefect": str(data / "prefect"),
        },
    }


def print_answer(answer: dict[str, Any]) -> None:
    """Print it short enough for one screen or two."""
    click.echo(both("cli.demo_done", day=date_text(answer["as_of"]), seconds=answer["seconds"]))
    totals = answer["totals"]
    print_table(
        both("cli.title_totals"),
        [both("cli.column_status"), both("cli.column_count")],
        [
            *([both(f"status.{each}"), totals[each]] for each in Status if totals[each]),
            [both("cli.column_total"), totals["total"]],
        ],
        figures=(1,),
    )
    print_table(
        both("cli.title_milestones"),
        [both("cli.column_milestone"), *(both(f"cli.verdict_{column}") for column in _MILESTONE_COLUMNS)],
        [[each["milestone"], *(each[column] for column in _MILESTONE_COLUMNS)] for each in answer["milestones"]],
        figures=range(1, len(_MILESTONE_COLUMNS) + 1),
    )
    print_table(
        both("cli.title_worst"),
        [both(f"cli.column_{name}") for name in ("assignment", "task", "effective_due", "days_late")],
        [
            [
                row["code"],
                row["task"][:_TASK_SHOWN],
                date_text(row["effective_due_on"] or row["due_on"]),
                row["days_late"],
            ]
            for row in answer["worst_late"]
        ],
        figures=(3,),
    )
    print_table(
        both("cli.title_notices", day=date_text(answer["as_of"])),
        [both("cli.column_role"), both("cli.column_notices")],
        [[both(f"cli.role_{role}"), count] for role, count in answer["notices"].items()],
        figures=(1,),
    )
    _print_places(answer)


def _print_places(answer: dict[str, Any]) -> None:
    places = answer["outputs"]
    click.echo(both("cli.demo_where"))
    for path in places["reports"]:
        click.echo(f"  {path}")
    for name in ("mail", "database", "workbooks", "prefect"):
        click.echo(f"  {both(f'cli.place_{name}')}: {places[name]}")
    click.echo(both("cli.demo_next", database=places["database"]))
