"""`dondoc backup` and `dondoc restore`: the whole installation as one verified file, for either kind of database."""

from pathlib import Path

import click

from cli.failure import Refused
from cli.opened import opened
from cli.options import database_option, json_option, settings
from cli.output import note, print_json
from config.clock import now
from models.backup import BackupMade, Restored
from models.backup import backup as write_backup
from models.backup import restore as read_backup
from models.backup_files import shown as shown_path
from models.opening import shown
from models.schema import migrate
from models.store import Store
from texts import both

_SHOWN = 5


@click.command(help=both("cli.help_backup"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--encrypt", is_flag=True, help=both("backup.option_encrypt"))
@database_option
@json_option
def backup(file: Path, *, encrypt: bool, database: str, as_json: bool) -> None:
    """Write the database, as of one moment, and the files beside it to the new FILE."""
    chosen, key = settings(), _key()
    if encrypt and not key:
        raise Refused("backup.no_key")
    with opened(database) as store:
        done = write_backup(store, file, now=now(), folders=chosen.folders, key=key if encrypt else None)
    if done.skipped:
        named = ", ".join(shown_path(path) for path in done.skipped[:_SHOWN])
        note(both("backup.skipped", count=len(done.skipped), files=named))
    for table, chain in done.chains.items():
        if chain["broken_at"] is not None:
            note(both("backup.broken_chain", table=table, row=chain["broken_at"]))
    _answer("backup.written", done, as_json=as_json)


@click.command(help=both("cli.help_restore"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help=both("backup.option_into"))
@click.option("--plain", is_flag=True, help=both("backup.option_plain"))
@database_option
@json_option
def restore(file: Path, *, into: Path | None, plain: bool, database: str, as_json: bool) -> None:
    """Fill a database fresh from `dondoc init`, and the folders, from FILE, or leave all as it was."""
    if into is not None:
        _answer("backup.restored", _restored_apart(file, into, plain_too=plain), as_json=as_json)
        return
    with opened(database) as store:
        done = read_backup(store, file, folders=settings().folders, key=_key(), plain_too=plain)
    _answer("backup.restored", done, as_json=as_json)


def _restored_apart(file: Path, into: Path, *, plain_too: bool) -> Restored:
    """Restore into a folder of its own, beside whatever is running: files, and a new SQLite database.

    What was encrypted lies open there: the folder and the database are its owner's alone.
    """
    if into.exists() and any(into.iterdir()):
        raise Refused("backup.into_not_empty", folder=into)
    if not file.exists():
        raise Refused("backup.no_file", file=file)
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    into.chmod(0o700)
    (into / "dondoc.db").touch(mode=0o600)
    database = f"sqlite:///{into / 'dondoc.db'}"
    store = Store(database)
    try:
        migrate(store)
        folders = {"data": into, "inbox": into / "inbox", "reports": into / "reports"}
        done = read_backup(store, file, folders=folders, key=_key(), plain_too=plain_too)
    except BaseException:
        store.close()
        for made in into.glob("dondoc.db*"):
            made.unlink()
        raise
    store.close()
    note(both("backup.started", database=shown(database)))
    return done


def _key() -> str | None:
    key = settings().backup_key
    return key.get_secret_value() if key else None


def _answer(sentence: str, done: BackupMade, *, as_json: bool) -> None:
    if as_json:
        totals_and_seals = {"totals": done.totals, "chains": done.chains, "files": done.files}
        print_json({"file": done.file, "sha256": done.sha256, **totals_and_seals})
    else:
        said = both(sentence, file=done.file, files=done.files, sha256=done.sha256, total=done.totals["total"])
        click.echo(said)
