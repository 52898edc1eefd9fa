"""`dondoc contacts`: who holds which post when, from a workbook."""

from pathlib import Path

import click

from cli.failure import DONE, INPUT_HAS_PROBLEMS, Refused
from cli.opened import opened
from cli.options import database_option, json_option
from cli.output import note, print_json
from config.clock import now
from rules.holding_rows import ReadHoldings, read_holdings
from rules.register import Register
from texts import both


@click.command(help=both("cli.help_contacts"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", required=True, metavar="POST", help=both("decision.option_by"))
@database_option
@json_option
def contacts(file: Path, *, by: str, database: str, as_json: bool) -> int:
    """Record the contacts of FILE, all or none; for the posts it lists it replaces what earlier workbooks said."""
    from models.outcome_tables import AuditEntry
    from models.people import add_holdings
    from models.reference import register_of

    if not file.is_file():
        raise Refused("cli.no_such_file", found=file)
    with opened(database) as store:
        with store.reading() as session:
            register = register_of(session)
        found = _read(file, register)
        if not found.problems:
            at, posts = now(), sorted({f"{each.agency} {each.role}" for each in found.holdings})
            with store.writing() as session:
                add_holdings(session, found.holdings, source=file.name, by=by, now=at)
                session.add(AuditEntry(at=at, by=by, action="contacts", subject=file.name, detail={"posts": posts}))
    recorded = 0 if found.problems else len(found.holdings)
    said = [both(f"escalation.{each.code}", row=each.row, found=each.found) for each in found.problems]
    if as_json:
        problems = [
            {"row": each.row, "code": each.code, "found": each.found, "message": message}
            for each, message in zip(found.problems, said, strict=True)
        ]
        print_json({"file": file.name, "recorded": recorded, "problems": problems})
    elif not said:
        click.echo(both("escalation.contacts_recorded", count=recorded, file=file.name))
    for message in said:
        note(message)
    return INPUT_HAS_PROBLEMS if said else DONE


def _read(file: Path, register: Register) -> ReadHoldings:
    """Read the first sheet that holds anything, in the process in which workbooks are read."""
    from imports.problem import stopping
    from imports.reading.cells import cell_text
    from imports.reading.reader import read_workbook

    workbook = read_workbook(file.read_bytes(), name=file.name)
    if stopping(workbook.problems):
        raise Refused("escalation.unreadable", file=file.name, reason=workbook.problems[0].message)
    sheet = next(sheet for sheet in workbook.sheets if not sheet.is_empty)
    return read_holdings([[cell_text(value) for value in row] for row in sheet.rows], register)
