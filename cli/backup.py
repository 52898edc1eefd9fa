"""`dondoc backup` and `dondoc restore`: the whole database as one verified file, for either kind of database."""

from pathlib import Path

import click

from cli.opened import opened
from cli.options import database_option, json_option
from cli.output import print_json
from config.clock import now
from models.backup import BackupMade, Restored
from models.backup import backup as write_backup
from models.backup import restore as read_backup
from texts import both


@click.command(help=both("cli.help_backup"))
@click.argument("file", type=click.Path(path_type=Path))
@database_option
@json_option
def backup(file: Path, *, database: str, as_json: bool) -> None:
    """Write the database, as of one moment, to the new FILE."""
    with opened(database) as store:
        _answer("backup.written", write_backup(store, file, now=now()), as_json=as_json)


@click.command(help=both("cli.help_restore"))
@click.argument("file", type=click.Path(path_type=Path))
@database_option
@json_option
def restore(file: Path, *, database: str, as_json: bool) -> None:
    """Fill a database fresh from `dondoc init` from FILE, or leave it as it was."""
    with opened(database) as store:
        _answer("backup.restored", read_backup(store, file), as_json=as_json)


def _answer(sentence: str, done: BackupMade | Restored, *, as_json: bool) -> None:
    if as_json:
        print_json({"file": done.file, "sha256": done.sha256, "totals": done.totals})
    else:
        click.echo(both(sentence, file=done.file, sha256=done.sha256, total=done.totals["total"]))
