"""`dondoc hand-down`: shares of an assignment given to an agency's own units, and how far they are."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.failure import DONE, INPUT_HAS_PROBLEMS, Refused
from cli.opened import check_agency, opened
from cli.options import DAY, as_of_option, database_option, json_option, known_at_option
from cli.output import note, print_json, print_table
from cli.status import asked
from config.clock import now, today
from models.handed import HandedRow, HandedState, RolledUp, handed_of, rolled_up
from models.reference import calendar_of, read_reference
from models.store import Store
from rules.status import Status
from texts import both, date_text

if TYPE_CHECKING:
    from decisions import HandDown, Outcome

_COMPLETED = (Status.COMPLETED_ON_TIME, Status.COMPLETED_LATE)
_COLUMNS = ("code", "unit", "text", "due", "status", "late")
_TEXT_SHOWN = 60
_agency = click.option("--agency", required=True, metavar="CODE", help=both("handed.option_agency"))
_by = click.option("--by", required=True, metavar="POST", help=both("handed.option_by"))
_reason = click.option("--reason", default="", metavar="TEXT", help=both("handed.option_reason"))


@click.group(name="hand-down", help=both("cli.help_hand-down"))
def hand_down() -> None:
    """Hold the commands about shares."""


@hand_down.command(name="file", help=both("handed.help_file"))
@click.argument("file", type=click.Path(path_type=Path))
@_agency
@_by
@_reason
@click.option("--dry-run", is_flag=True, help=both("handed.option_dry_run"))
@database_option
@json_option
def from_file(file: Path, *, agency: str, by: str, reason: str, dry_run: bool, database: str, as_json: bool) -> int:
    """Read the plan FILE and hand down all its shares, or none."""
    from decisions import HandDown
    from imports.handed_plan import read_plan

    if not file.is_file():
        raise Refused("cli.no_such_file", found=file)
    outcomes: Sequence[Outcome] = []
    with opened(database) as store:
        with store.reading() as session:
            check_agency(read_reference(session), agency)
            calendar = calendar_of(session)
        plan = read_plan(file.read_bytes(), name=file.name, calendar=calendar, today=today())
        actions = [
            HandDown(code=s.assignment, unit=s.unit, due_on=s.due_on, text=s.text, product=s.product, reason=reason)
            for s in plan.shares
        ]
        if not (plan.stops or dry_run):
            outcomes = _handed(actions, store, agency, by)
    if as_json:
        problems = [problem.as_dict() for problem in plan.problems]
        print_json({"file": file, "shares": len(actions), "problems": problems, "outcomes": _told(outcomes)})
    for message in (*(p.message for p in plan.problems), *(o.message for o in outcomes if o.refusal or not as_json)):
        note(message)
    if plan.stops or any(outcome.refusal for outcome in outcomes):
        note(both("handed.refused"))
        return INPUT_HAS_PROBLEMS
    if dry_run and not as_json:
        click.echo(both("handed.read", count=len(actions)))
    return DONE


@hand_down.command(help=both("handed.help_add"))
@click.argument("assignment")
@click.option("--unit", required=True, metavar="NAME", help=both("handed.option_unit"))
@click.option("--due", required=True, type=DAY, help=both("handed.option_due"))
@click.option("--text", default="", metavar="TEXT", help=both("handed.option_text"))
@click.option("--product", default="", metavar="TEXT", help=both("handed.option_product"))
@_agency
@_by
@_reason
@database_option
@json_option
def add(assignment: str, *, due: date, agency: str, by: str, database: str, as_json: bool, **share: str) -> int:
    """Hand one share down."""
    from decisions import HandDown

    with opened(database) as store:
        with store.reading() as session:
            check_agency(read_reference(session), agency)
        outcomes = _handed([HandDown(code=assignment, due_on=due, **share)], store, agency, by)
    return _answered(outcomes[0], as_json=as_json)


@hand_down.command(help=both("handed.help_report"))
@click.argument("share")
@click.option("--state", required=True, type=click.Choice([*map(str, HandedState)]), help=both("handed.option_state"))
@click.option("--on", type=DAY, default=today, help=both("handed.option_on"))
@click.option("--completed-on", type=DAY, help=both("handed.option_completed"))
@click.option("--evidence", default="", metavar="NUMBER", help=both("handed.option_evidence"))
@click.option("--text", default="", metavar="TEXT", help=both("handed.option_said"))
@_agency
@_by
@database_option
@json_option
def report(share: str, *, state: str, agency: str, by: str, database: str, as_json: bool, **said: Any) -> int:
    """Record what a unit declares of SHARE."""
    from decisions import ReportHanded, report_handed

    with opened(database) as store:
        action = ReportHanded(code=share, state=HandedState(state), **said)
        outcome = report_handed(action, agency=agency, store=store, by=by, now=now())
    return _answered(outcome, as_json=as_json)


@hand_down.command(name="list", help=both("handed.help_list"))
@click.option("--agency", required=True, metavar="CODE", help=both("handed.option_agency"))
@as_of_option
@known_at_option
@database_option
@json_option
def list_shares(*, agency: str, as_of: date, known_at: datetime | None, database: str, as_json: bool) -> None:
    """Print the shares, and of each assignment how many are done and which are late."""
    known = known_at or now()
    with opened(database) as store:
        with store.reading() as session:
            check_agency(read_reference(session), agency)
            rows = handed_of(session, as_of=as_of, known_at=known, agency=agency)
        table = asked(store, as_of=as_of, known_at=known, agency=agency)
    by_assignment: dict[str, list[HandedRow]] = {}
    for row in rows:
        by_assignment.setdefault(row.assignment, []).append(row)
    together = {code: rolled_up(shares) for code, shares in by_assignment.items()}
    done = {code for row in table.rows if row.status in _COMPLETED for code in row.codes}
    to_confirm = [code for code, found in together.items() if found.open and code in done]
    if as_json:
        print_json({
            "as_of": as_of, "known_at": known, "agency": agency, "shares": [_share(row) for row in rows],
            "assignments": [_together(code, found, to_confirm) for code, found in together.items()],
        })  # fmt: skip
        return
    _print(rows, together, to_confirm, as_of)


def _print(rows: Sequence[HandedRow], together: Mapping[str, RolledUp], to_confirm: Sequence[str], as_of: date) -> None:
    print_table(
        both("handed.title", day=date_text(as_of)),
        [both(f"handed.column_{name}") for name in _COLUMNS],
        [
            [
                row.handed.code,
                row.handed.unit,
                row.handed.text[:_TEXT_SHOWN],
                date_text(row.effective_due_on),
                both(f"explain.handed_{row.status}"),
                row.days_late,
            ]
            for row in rows
        ],
        figures=(5,),
    )
    for code, found in together.items():
        click.echo(both("handed.rolled_up", code=code, done=found.done, total=found.total, late=len(found.late)))
    for code in to_confirm:
        note(both("handed.to_confirm", code=code, open=together[code].open))


def _handed(actions: "Sequence[HandDown]", store: Store, agency: str, by: str) -> "Sequence[Outcome]":
    from decisions import hand_down as hand

    return hand(actions, agency=agency, store=store, by=by, now=now())


def _answered(outcome: "Outcome", *, as_json: bool) -> int:
    if as_json:
        print_json(_told([outcome])[0])
    else:
        click.echo(outcome.message, err=bool(outcome.refusal))
    return INPUT_HAS_PROBLEMS if outcome.refusal else DONE


def _told(outcomes: "Sequence[Outcome]") -> list[dict[str, object]]:
    return [
        {"action": each.action, "outcome": each.outcome, "audit": each.audit, "message": each.message}
        for each in outcomes
    ]


def _share(row: HandedRow) -> dict[str, object]:
    share = row.handed
    return {
        "code": share.code, "assignment": row.assignment, "unit": share.unit, "text": share.text,
        "product": share.product, "due_on": share.due_on, "effective_due_on": row.effective_due_on,
        "status": row.status, "days_late": row.days_late, "reason": share.reason,
    }  # fmt: skip


def _together(code: str, found: RolledUp, to_confirm: Sequence[str]) -> dict[str, object]:
    counts = {"done": found.done, "total": found.total, "late": found.late}
    return {"assignment": code, **counts, "to_confirm": code in to_confirm}
