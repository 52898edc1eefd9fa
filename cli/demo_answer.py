"""What the demo answers: totals, milestones, the worst late, notices by role, and where each output lies."""

from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlalchemy import func, select

from cli.output import print_table
from cli.status import asked, print_milestones, print_totals
from config.clock import now
from models.opening import open_store
from models.outcome_tables import Notice
from models.reference import register_of
from models.status_answer import status_answer
from rules.ladder import Role
from rules.status import Status
from texts import both, date_text

_WORST = 10
_TASK_SHOWN = 60


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
    status = status_answer(table, register)
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
    print_totals(answer["totals"])
    print_milestones({each["milestone"]: each for each in answer["milestones"]})
    _print_worst(answer)
    _print_notices(answer)
    _print_places(answer)


def _print_worst(answer: dict[str, Any]) -> None:
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


def _print_notices(answer: dict[str, Any]) -> None:
    print_table(
        both("cli.title_notices", day=date_text(answer["as_of"])),
        [both("cli.column_role"), both("cli.column_notices")],
        [[both(f"cli.role_{role}"), count] for role, count in answer["notices"].items()],
        figures=(1,),
    )


def _print_places(answer: dict[str, Any]) -> None:
    places = answer["outputs"]
    click.echo(both("cli.demo_where"))
    for path in places["reports"]:
        click.echo(f"  {path}")
    for name in ("mail", "database", "workbooks", "prefect"):
        click.echo(f"  {both(f'cli.place_{name}')}: {places[name]}")
    click.echo(both("cli.demo_next", database=places["database"]))
    click.echo(both("cli.demo_pages", database=places["database"], **answer["account"]))
