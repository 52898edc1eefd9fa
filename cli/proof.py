"""`dondoc proof`: export who was told what, when, how the server answered, and what was decided since."""

import json
from hashlib import sha256
from pathlib import Path

import click

from cli.failure import DONE, Refused
from cli.opened import opened
from cli.options import database_option, json_option
from cli.output import print_json
from config.clock import now
from texts import both


@click.command(help=both("cli.help_proof"))
@click.option("--agency", metavar="CODE", help=both("outbox.option_agency"))
@click.option("--assignment", metavar="CODE", help=both("outbox.option_assignment"))
@click.option("--address", metavar="EMAIL", help=both("outbox.option_address"))
@click.option("--out", type=click.Path(path_type=Path), required=True, help=both("outbox.option_out"))
@database_option
@json_option
def proof(
    *, agency: str | None, assignment: str | None, address: str | None, out: Path, database: str, as_json: bool
) -> int:
    """Write the proof into the new file --out."""
    from notifications.proof import About, proof_of

    if not (agency or assignment or address):
        raise Refused("outbox.about_nobody")
    if out.exists():
        raise Refused("outbox.file_exists", file=out)
    with opened(database) as store:
        told = proof_of(store, About(agency, assignment, address), now=now())
    written = (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(written)
    answer = {
        "file": str(out),
        "sha256": sha256(written).hexdigest(),
        "notices": len(told["notices"]),
        "deliveries": sum(len(notice["deliveries"]) for notice in told["notices"]),
        "answers": len(told["answers"]),
    }
    if as_json:
        print_json(answer)
    else:
        click.echo(both("outbox.proof_written", **answer))
    return DONE
