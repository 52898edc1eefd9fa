"""`dondoc init`: make or upgrade the database and load what `config/` states."""

import click

from cli.failure import SystemFailed
from cli.opened import check_url
from cli.options import database_option, json_option, settings
from cli.output import print_json
from config.clock import now
from models.opening import shown
from models.store import Store
from rules.reference import Reference
from texts import both

ADMINISTRATOR = "admin"


@click.command(help=both("cli.help_init"))
@database_option
@json_option
def init(database: str, *, as_json: bool) -> None:
    """Migrate and load agencies, milestones, calendar, ladder and contacts; running it again loads them anew.

    Where nobody administers accounts yet, the first administrator's is opened; its one-time password is said once.
    """
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
    given = settings().admin_password.get_secret_value()
    password = _first_administrator(database, given)
    if as_json:
        opened_now = {"name": ADMINISTRATOR} if given else {"name": ADMINISTRATOR, "password": password}
        print_json({**answer, **({"administrator": opened_now} if password else {})})
        return
    click.echo(both("cli.initialised", **answer))
    if password:
        key = "signing.administrator_given" if given else "signing.first_administrator"
        click.echo(both(key, name=ADMINISTRATOR, password=password))


def _first_administrator(database: str, given: str) -> str | None:
    from decisions.accounts import first_administrator

    store = Store(database)
    try:
        return first_administrator(store, name=ADMINISTRATOR, password=given, now=now())
    finally:
        store.close()


def initialise(database: str, reference: Reference) -> str:
    """Bring the database at `database` to this version's revision with `reference` in it; return the revision."""
    from models.reference import load_reference
    from models.schema import migrate

    store = Store(database)
    try:
        revision = migrate(store)
        with store.writing() as session:
            load_reference(session, reference)
    finally:
        store.close()
    return revision
