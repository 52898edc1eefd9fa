"""`dondoc accounts`: who may sign in to the portal, for whoever holds the machine."""

from typing import TYPE_CHECKING

import click

from cli.failure import Refused
from cli.opened import opened
from cli.options import database_option, json_option
from cli.output import print_json, print_table
from config.clock import now
from rules.access import Role
from texts import both

if TYPE_CHECKING:
    from models import Store

_BY = "dondoc accounts"


@click.group(help=both("cli.help_accounts"))
def accounts() -> None:
    """Hold the commands about accounts."""


@accounts.command("list", help=both("signing.help_list"))
@database_option
@json_option
def list_accounts(*, database: str, as_json: bool) -> None:
    """List the accounts, never anything of their passwords."""
    from models.accounts import accounts_of

    with opened(database) as store, store.reading() as session:
        found = accounts_of(session)
    rows = [(a.visitor.name, a.visitor.post, str(a.visitor.role), a.visitor.agency, a.email, a.closed) for a in found]
    if as_json:
        keys = ("name", "post", "role", "agency", "email", "closed")
        print_json({"accounts": [dict(zip(keys, row, strict=True)) for row in rows]})
        return
    titles = ("portal.sign_in_name", "signing.post", "signing.role", "portal.agency", "signing.email", "signing.state")
    shown = [(*row[:-1], both("signing.closed" if row[-1] else "signing.stands")) for row in rows]
    print_table(both("portal.accounts"), [both(title) for title in titles], shown)


@accounts.command("open", help=both("signing.help_open"))
@click.argument("name")
@click.option("--post", required=True, help=both("signing.option_post"))
@click.option("--role", required=True, type=click.Choice(list(map(str, Role))), help=both("signing.option_role"))
@click.option("--agency", default="", metavar="CODE", help=both("signing.option_agency"))
@click.option("--email", default="", help=both("signing.option_email"))
@database_option
@json_option
def open_one(*, name: str, post: str, role: str, agency: str, email: str, database: str, as_json: bool) -> None:
    """Open an account and say its one-time password."""
    from decisions.accounts import Holding, open_account

    with opened(database) as store:
        holding = Holding(post, Role(role), agency)
        password = open_account(store, name=name, holding=holding, email=email, by=_BY, now=now())
    _say_password(name, password, as_json=as_json)


@accounts.command("reset", help=both("signing.help_reset"))
@click.argument("name")
@database_option
@json_option
def reset(*, name: str, database: str, as_json: bool) -> None:
    """Give an account a new one-time password: the way back in when nobody can administer."""
    from decisions.accounts import reset_password

    with opened(database) as store:
        password = reset_password(store, _numbered(store, name), by=_BY, now=now())
    _say_password(name, password, as_json=as_json)


@accounts.command("close", help=both("signing.help_close"))
@click.argument("name")
@database_option
@json_option
def close(*, name: str, database: str, as_json: bool) -> None:
    """Close an account."""
    from decisions.accounts import close_account

    with opened(database) as store:
        close_account(store, _numbered(store, name), by=_BY, now=now())
    if as_json:
        print_json({"name": name, "closed": True})
    else:
        click.echo(both("signing.closed_now", name=name))


def _numbered(store: "Store", name: str) -> int:
    from models.accounts import accounts_of

    with store.reading() as session:
        found = accounts_of(session, name=name)
    if not found:
        raise Refused("signing.no_account")
    return found[0].visitor.account


def _say_password(name: str, password: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"name": name, **({"password": password} if password else {})})
    else:
        key = "signing.given" if password else "signing.opened"
        click.echo(both(key, name=name, password=password))
