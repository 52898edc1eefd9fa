"""`dondoc portal`: serve the pages and `/api/v1`."""

import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from cli.failure import SystemFailed
from cli.opened import opened
from cli.options import database_option, json_option, links_of, settings
from cli.output import note, print_json
from rules.extension import ExtensionPolicy
from texts import both

if TYPE_CHECKING:
    from config.settings import Settings
    from models.store import Store
    from portal.desk import Desk

HOST, PORT = "127.0.0.1", 8077
_EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - named to warn about it


@click.command(help=both("cli.help_portal"))
@click.option("--host", default=HOST, show_default=True, help=both("cli.option_host"))
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help=both("cli.option_port"))
@database_option
@json_option
def portal(*, host: str, port: int, database: str, as_json: bool) -> None:
    """Serve until stopped; port 0 takes any free one."""
    import uvicorn

    from portal.app import THIS_MACHINE, create_app

    chosen = settings()
    linked = urlsplit(chosen.portal_url).hostname or host
    hosts = ["*"] if host in _EVERY_ADDRESS else [*THIS_MACHINE, host, linked]
    with opened(database) as store, _listening(host, port) as listener:
        app = create_app(_desk(store, chosen), hosts=hosts, over_https=chosen.portal_url.startswith("https:"))
        address = f"http://{_shown(host)}:{listener.getsockname()[1]}/"
        _announce(address, host, as_json=as_json)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False))
        server.run(sockets=[listener])


def _desk(store: "Store", chosen: "Settings") -> "Desk":
    from portal.desk import Desk

    return Desk(
        store,
        level=chosen.completion_level,
        warning_working_days=chosen.warning_working_days,
        digests=chosen.digest_policy,
        extensions=ExtensionPolicy(chosen.extensions, chosen.extension_days),
        links=links_of(chosen),
        data=chosen.data,
        reports=chosen.reports,
    )


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, reuse_port=False)
    except OSError as error:
        raise SystemFailed("portal.not_listening", host=host, port=port, reason=error.strerror) from error


def _announce(address: str, host: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"address": address})
    else:
        click.echo(both("portal.serving", address=address))
    if not _is_this_machine(host):
        note(both("portal.open_to_others", host=host))


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
