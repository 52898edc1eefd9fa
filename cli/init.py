"""`dondoc init`: make or upgrade the database and load what `config/` states."""

import click

from cli.failure import SystemFailed
from cli.opened import check_url
from cli.options import database_option, json_option, settings
from cli.output import print_json
from models.opening import known_revisions, shown, stored_revision
from models.store import Store
from rules.reference import Reference
from texts import both


@click.command(help=both("cli.help_init"))
@database_option
@json_option
def init(database: str, *, as_json: bool) -> None:
    """Migrate and load agencies, milestones, calendar, ladder and contacts; running it again loads them anew."""
    from config.reference import load_reference_data

    check_url(database)
    try:
        reference = load_reference_data(contacts=settings().contacts, ladder=settings().ladder)
    except (OSError, ValueError, KeyError) as error:
        raise SystemFailed("cli.wrong_reference", reason=error) from error
    revision = initialise(database, reference)
    answer = {
        "database": shown(database),
        "revision": revision,
        "agencies": len(reference.register.agencies),
        "milestones": len(reference.milestones),
    }
    if as_json:
        print_json(answer)
    else:
        click.echo(both("cli.initialised", **answer))


def initialise(database: str, reference: Reference) -> str:
    """Bring the database at `database` to this version's revision with `reference` in it; return the revision."""
    from models.reference import load_reference
    from models.schema import migrate

    store = Store(database)
    try:
        found, known = stored_revision(store), known_revisions()
        if found is not None and found not in known:
            raise SystemFailed("store.newer", database=shown(database), found=found, wanted=known[-1])
        revision = migrate(store)
        with store.writing() as session:
            load_reference(session, reference)
    finally:
        store.close()
    return revision
