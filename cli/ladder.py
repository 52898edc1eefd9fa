"""`dondoc ladder`: what another ladder would have told in the past days, before it is loaded."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.failure import Refused
from cli.opened import opened
from cli.options import as_of_option, database_option, json_option, settings
from cli.output import print_json, print_table
from texts import both, date_text

if TYPE_CHECKING:
    from notifications.replay import Comparison, Replayed


@click.command(help=both("cli.help_ladder"))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@as_of_option
@click.option("--days", type=click.IntRange(2, 366), default=90, show_default=True, help=both("escalation.option_days"))
@database_option
@json_option
def ladder(*, file: Path, as_of: date, days: int, database: str, as_json: bool) -> None:
    """Compare the ladder of FILE with the one in force; nothing is changed."""
    from config.programme import load_ladder
    from notifications.replay import compare_ladders

    try:
        proposed = load_ladder(file)
    except (OSError, ValueError) as error:
        raise Refused("escalation.wrong_ladder", reason=error) from error
    chosen = settings()
    with opened(database) as store:
        found = compare_ladders(
            store,
            proposed,
            through=as_of,
            past_days=days,
            level=chosen.completion_level,
            policy=chosen.digest_policy,
        )
    if as_json:
        print_json(_described(found))
    else:
        _print(found, file)


def _described(found: "Comparison") -> dict[str, Any]:
    return {
        "from": found.first,
        "through": found.last,
        "items": {"present": len(found.present), "proposed": len(found.proposed)},
        "posts": [
            {"agency": agency, "role": role, "present": present, "proposed": proposed}
            for (agency, role), (present, proposed) in found.by_post().items()
        ],
        "no_longer_told": [_item(each) for each in found.only_present()],
        "newly_told": [_item(each) for each in found.only_proposed()],
    }


def _item(each: "Replayed") -> dict[str, Any]:
    return {
        "day": each.day,
        "agency": each.agency,
        "role": each.role,
        "assignment": each.code,
        "rung": each.rung,
        "reason": each.reason,
    }


def _print(found: "Comparison", file: Path) -> None:
    changed = {post: counts for post, counts in found.by_post().items() if counts[0] != counts[1]}
    print_table(
        both("escalation.title_ladder", first=date_text(found.first), last=date_text(found.last)),
        [both(f"escalation.column_{name}") for name in ("post", "present", "proposed")],
        [[f"{agency} {role}", present, proposed] for (agency, role), (present, proposed) in changed.items()],
        figures=(1, 2),
    )
    click.echo(
        both(
            "escalation.ladder_compared",
            no_longer=len(found.only_present()),
            newly=len(found.only_proposed()),
            file=file.name,
        )
    )
