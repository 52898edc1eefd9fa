"""`dondoc columns`: what the columns of a workbook are taken for, and a person's correction of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.failure import DONE, INPUT_HAS_PROBLEMS, Refused
from cli.opened import check_agency, opened
from cli.options import database_option, json_option
from cli.output import note, print_json, print_table
from config.clock import now, today
from models.reference import read_reference
from rules.layout import Field
from texts import both

if TYPE_CHECKING:
    from imports.columns import Said, Understood, UnderstoodTable

_NOTHING, _AS_SHIPPED = "-", "auto"


@click.command(help=both("cli.help_columns"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--agency", metavar="CODE", help=both("cli.option_import_agency"))
@click.option("--set", "settings", multiple=True, metavar="B=task", help=both("columns.option_set"))
@click.option("--sheet", metavar="NAME", help=both("columns.option_sheet"))
@click.option("--row", type=click.IntRange(min=1), metavar="N", help=both("columns.option_row"))
@click.option("--by", metavar="POST", help=both("columns.option_by"))
@database_option
@json_option
def columns(
    file: Path,
    *,
    agency: str | None,
    settings: Sequence[str],
    sheet: str | None,
    row: int | None,
    by: str | None,
    database: str,
    as_json: bool,
) -> int:
    """Show how the columns of FILE are understood; with --set, correct that for this agency's next workbooks too."""
    from imports.columns import correct_columns, understood_columns

    if not file.is_file():
        raise Refused("cli.no_such_file", found=file)
    said = _said(settings, sheet, row, by)
    with opened(database) as store:
        with store.reading() as session:
            check_agency(read_reference(session), agency)
        content = file.read_bytes()
        asked: dict[str, Any] = {"name": file.name, "store": store, "today": today(), "agency": agency}
        understood = (
            correct_columns(content, said, now=now(), **asked) if said else understood_columns(content, **asked)
        )
    if as_json:
        print_json(_described(file, understood, stored=said is not None))
    else:
        _print(understood)
    for problem in understood.problems:
        note(problem.message)
    return DONE if any(table.kind for table in understood.tables) else INPUT_HAS_PROBLEMS


def _said(settings: Sequence[str], sheet: str | None, row: int | None, by: str | None) -> "Said | None":
    from imports.columns import Said

    if not settings:
        return None
    if not (by or "").strip():
        raise click.UsageError(both("columns.by_whom"))
    fields: dict[str, Field | None] = {}
    as_shipped = set()
    for setting in settings:
        letters, _, meant = (part.strip() for part in setting.partition("="))
        if not letters.isalpha() or not letters.isascii() or meant not in {_NOTHING, _AS_SHIPPED, *Field}:
            raise click.UsageError(both("columns.wrong_setting", found=setting, known=", ".join(Field)))
        if meant == _AS_SHIPPED:
            as_shipped.add(letters.upper())
        else:
            fields[letters.upper()] = None if meant == _NOTHING else Field(meant)
    return Said((by or "").strip(), fields, frozenset(as_shipped), sheet, row)


def _described(file: Path, understood: "Understood", *, stored: bool) -> dict[str, Any]:
    return {
        "file": file,
        "agency": understood.agency,
        "stored": stored and not understood.problems,
        "tables": [
            {
                "sheet": table.sheet,
                "row": table.row,
                "kind": table.kind,
                "by": table.by,
                "on": table.on,
                "columns": [
                    {"column": at.letters, "heading": at.heading, "field": at.field, "corrected": at.corrected}
                    for at in table.columns
                ],
            }
            for table in understood.tables
        ],
        "problems": [problem.as_dict() for problem in understood.problems],
    }


def _print(understood: "Understood") -> None:
    for table in understood.tables:
        print_table(
            _title(table),
            [both(f"columns.column_{name}") for name in ("letters", "heading", "field", "meaning", "said")],
            [
                [
                    at.letters,
                    at.heading,
                    at.field or _NOTHING,
                    both(f"columns.field_{at.field}") if at.field else both("columns.not_known"),
                    both("columns.corrected") if at.corrected else "",
                ]
                for at in table.columns
            ],
        )
        if table.by:
            click.echo(both("columns.corrected_by", by=table.by, on=f"{table.on:%d/%m/%Y}"))
    if not any(table.kind for table in understood.tables):
        click.echo(both("columns.no_table"))


def _title(table: "UnderstoodTable") -> str:
    kind = both(f"columns.kind_{table.kind}") if table.kind else both("columns.kind_unknown")
    return both("columns.title", sheet=table.sheet, row=table.row) + f" ({kind})"
