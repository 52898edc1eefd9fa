"""`dondoc portal`: serve the pages and `/api/v1`."""

import socket
import sys
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from cli.failure import SystemFailed
from cli.kept_secret import kept_secret
from cli.opened import opened
from cli.options import database_option, json_option, links_of, sender_of, settings
from cli.output import note, print_json
from cli.recording import recording_runs
from rules.extension import ExtensionPolicy
from texts import both

if TYPE_CHECKING:
    from config.settings import Settings
    from models.store import Store
    from portal.desk import Desk
    from portal.signing import IdentityProvider

HOST, PORT = "127.0.0.1", 8077
# Pages are short work beside long work (standings being judged, a workbook being recorded): they get their turn sooner.
_TURN_SECONDS = 0.0005
_EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - no name anybody asks for


@click.command(help=both("cli.help_portal"))
@click.option("--host", default=HOST, show_default=True, help=both("cli.option_host"))
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help=both("cli.option_port"))
@database_option
@json_option
def portal(*, host: str, port: int, database: str, as_json: bool) -> None:
    """Serve until stopped; port 0 takes any free one."""
    import uvicorn

    from portal.app import THIS_MACHINE, create_app
    from portal.looking.ahead import keep_ahead

    sys.setswitchinterval(_TURN_SECONDS)
    chosen = settings()
    with opened(database) as store, _listening(host, port) as listener:
        desk = _desk(store, chosen)
        app = create_app(
            desk,
            hosts=[*THIS_MACHINE, *names_of_ours(host, chosen)],
            session_key=chosen.session_key or kept_secret(chosen.data / "session.key"),
            over_https=chosen.portal_url.startswith("https:"),
            identity=_identity(chosen),
            idle=timedelta(minutes=chosen.session_minutes),
            metrics_token=chosen.metrics_token,
        )
        address = f"http://{_shown(host)}:{listener.getsockname()[1]}/"
        _announce(address, host, as_json=as_json)
        proxies = list(chosen.proxies)
        server = uvicorn.Server(
            uvicorn.Config(
                app, log_level="warning", server_header=False, proxy_headers=bool(proxies), forwarded_allow_ips=proxies
            )
        )
        ahead = keep_ahead(desk)
        server.run(sockets=[listener])
        ahead.set()


def _desk(store: "Store", chosen: "Settings") -> "Desk":
    from cli.runs import recent_runs
    from flows.meeting_list import send_to_the_list
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
        channels=frozenset(chosen.channels),
        recent_runs=recent_runs(),
        start_recording=recording_runs(),
        webhooks=sender_of(chosen),
        send_edition=lambda code: send_to_the_list(store, code, chosen),
    )


def names_of_ours(host: str, chosen: "Settings") -> list[str]:
    """Return the names the portal answers to beside this machine's own: of its address, of the settings, no others."""
    listened = [] if host in _EVERY_ADDRESS else [host]
    linked = urlsplit(chosen.portal_url).hostname
    return [*listened, *([linked] if linked else []), *chosen.portal_names]


def _identity(chosen: "Settings") -> "IdentityProvider | None":
    from portal.signing import IdentityProvider

    if not (chosen.oidc_discovery_url and chosen.oidc_client_id):
        return None
    return IdentityProvider(
        chosen.oidc_name, chosen.oidc_discovery_url, chosen.oidc_client_id, chosen.oidc_client_secret, chosen.portal_url
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
