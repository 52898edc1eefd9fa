"""`dondoc editions`: the frozen reports, what stands in an old one, and what is other in one than in another."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.opened import opened
from cli.options import database_option, json_option, settings
from cli.output import print_json, print_table
from texts import both, date_text, instant_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.edition_tables import Edition
    from reports.changes import Change
    from reports.editions import EditionRow

_CHANGES_SHOWN = 100


@click.group(help=both("cli.help_editions"))
def editions() -> None:
    """Hold the commands about editions."""


def _out_option(command: Any) -> Any:
    kind = click.Path(file_okay=False, path_type=Path)
    return click.option("--out", type=kind, help=both("edition.option_out"))(command)


@editions.command("list", help=both("edition.help_list"))
@click.argument("month", metavar="[YYYY-MM]", required=False)
@_out_option
@database_option
@json_option
def list_(*, month: str | None, out: Path | None, database: str, as_json: bool) -> None:
    """List the editions, oldest first."""
    from reports.editions import editions_of

    with opened(database) as store:
        rows = editions_of(store, folder=out or settings().reports, month=month)
    if as_json:
        print_json({"editions": [_described(row) for row in rows]})
    elif not rows:
        click.echo(both("edition.none"))
    else:
        columns = ("code", "state", "cutoff", "known_at", "version", "changes", "files")
        titles = [both(f"edition.column_{name}") for name in columns]
        print_table(both("edition.title"), titles, [_line(row) for row in rows])


@editions.command("show", help=both("edition.help_show"))
@click.argument("code", metavar="YYYY-MM/N")
@click.option("--write", is_flag=True, help=both("edition.option_write"))
@_out_option
@database_option
@json_option
def show(*, code: str, write: bool, out: Path | None, database: str, as_json: bool) -> None:
    """Show one edition and whether its files are as they were made; with --write, write them again."""
    from reports.edition import write_again
    from reports.editions import edition_named, editions_of

    folder = out or settings().reports
    with opened(database) as store:
        edition = edition_named(store, code)
        if write:
            write_again(edition, store=store, out=folder)
        row = next(r for r in editions_of(store, folder=folder, month=edition.month) if r.edition.code == code)
    if as_json:
        print_json({**_described(row), "changed": edition.changes, "facts": edition.facts})
        return
    _print_head(edition)
    titles = [both(f"edition.column_{name}") for name in ("file", "kept")]
    files = [[str(folder / name), f"{both(f'edition.{state}')}"] for name, state in row.files.items()]
    print_table("", [*titles, "SHA-256"], [[*file, row.digests[Path(file[0]).name][:16]] for file in files])


@editions.command("compare", help=both("edition.help_compare"))
@click.argument("before", metavar="YYYY-MM/N")
@click.argument("after", metavar="YYYY-MM/N")
@database_option
@json_option
def compare(*, before: str, after: str, database: str, as_json: bool) -> None:
    """Print what is other in the second edition than in the first."""
    from reports.editions import compare as compared
    from reports.editions import edition_named

    with opened(database) as store:
        changes = compared(edition_named(store, before), edition_named(store, after))
    if as_json:
        print_json({"before": before, "after": after, "changes": [asdict(change) for change in changes]})
    elif not changes:
        click.echo(both("edition.unchanged", before=before, after=after))
    else:
        click.echo(both("edition.compared", before=before, after=after, count=len(changes)))
        print_changes(changes)


def print_changes(changes: "Sequence[Change]") -> None:
    """Print changes, one line each; a long list is cut and says so."""
    from reports.correction import changed_text, value_text

    for change in changes[:_CHANGES_SHOWN]:
        values = (
            "" if not change.field else f": {_short(value_text(change.before))} → {_short(value_text(change.after))}"
        )
        click.echo(f"  {changed_text(change)}{values}")
    if len(changes) > _CHANGES_SHOWN:
        click.echo(f"  {both('report.changed_more', count=len(changes) - _CHANGES_SHOWN)}")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"  # noqa: PLR2004 - a line of a terminal


def _print_head(edition: "Edition") -> None:
    days = {"cutoff": date_text(edition.cutoff), "meeting": date_text(edition.meeting)}
    known = {"known_at": instant_text(edition.known_at), "version": edition.version}
    click.echo(both("edition.head", edition=edition.code, state=edition.state, **days, **known))
    if edition.follows:
        click.echo(both("edition.follows", follows=edition.follows, count=len(edition.changes)))
    if edition.reason:
        click.echo(both("edition.reason", reason=edition.reason))
    if edition.approved_by:
        click.echo(both("edition.approved", by=edition.approved_by))


def _line(row: "EditionRow") -> list[object]:
    edition = row.edition
    files = ", ".join(f"{Path(name).suffix[1:]} {both(f'edition.{state}')}" for name, state in row.files.items())
    state = both(f"edition.state_{edition.state}")
    days = (date_text(edition.cutoff), instant_text(edition.known_at))
    return [edition.code, state, *days, edition.version, len(edition.changes), files]


def _described(row: "EditionRow") -> dict[str, object]:
    edition = row.edition
    kept = ("code", "month", "state", "cutoff", "meeting", "known_at", "created_at", "version", "follows", "corrects",
            "reason", "approved_by", "facts_sha256")  # fmt: skip
    files = [{"name": name, "sha256": row.digests[name], "kept": state} for name, state in row.files.items()]
    return {**{name: getattr(edition, name) for name in kept}, "changes": len(edition.changes), "files": files}
