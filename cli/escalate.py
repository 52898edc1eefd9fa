"""`dondoc escalate`: decide who must hear what on a day, and write it to the outbox."""

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from cli.failure import Refused
from cli.opened import opened
from cli.options import as_of_option, database_option, json_option, links_of, settings
from cli.output import print_json, print_table
from config.clock import now, today
from texts import both, date_text

if TYPE_CHECKING:
    from notifications import Plan, PlannedItem, PlannedNotice


@click.command(help=both("cli.help_escalate"))
@as_of_option
@click.option("--dry-run", is_flag=True, help=both("cli.option_escalate_dry_run"))
@click.option("--letters", is_flag=True, help=both("escalation.option_letters"))
@database_option
@json_option
def escalate(*, as_of: date, dry_run: bool, letters: bool, database: str, as_json: bool) -> None:
    """Plan the day's notices; run again the same day, it plans none; a day to come is only shown."""
    from notifications import plan_notices

    if as_of > today() and not dry_run:
        raise Refused("cli.escalate_future", day=date_text(as_of), today=date_text(today()))
    with opened(database) as store:
        chosen = settings()
        plan = plan_notices(
            store,
            as_of=as_of,
            now=now(),
            dry_run=dry_run,
            level=chosen.completion_level,
            policy=chosen.digest_policy,
            channels=chosen.channels,
            links=links_of(chosen),
        )
    if as_json:
        print_json(_described(plan))
    else:
        _print(plan, dry_run=dry_run)
        for notice in plan.notices if letters else ():
            click.echo(f"\n{notice.recipient} <{notice.address}>\n{notice.subject}\n\n{_without_links(notice)}")


def _described(plan: "Plan") -> dict[str, Any]:
    return {
        "as_of": plan.as_of,
        "notices": [
            {
                "key": notice.key,
                "recipient": notice.recipient,
                "role": notice.role,
                "rung": notice.rung,
                "reason": notice.reason,
                "subject": notice.subject,
                "address": notice.address,
                "channel": notice.channel,
                "text": _without_links(notice),
                "not_before": notice.not_before,
                "must_deliver": notice.must_deliver,
                "attachments": [each.name for each in notice.attachments],
                "assignments": [
                    {"code": item.code, "role": item.role, "rung": item.rung, "reason": item.reason, **_beside(item)}
                    for item in notice.items
                ],
            }
            for notice in plan.notices
        ],
        "new": plan.new,
        "suppressed": [{"key": each.key, "reason": each.reason} for each in plan.suppressed],
    }


def _without_links(notice: "PlannedNotice") -> str:
    """Return a letter's words without its signed links: only its reader is to hold them."""
    if not notice.link:
        return notice.text
    return re.sub(rf"{re.escape(notice.link)}(/\d+)?", both("escalation.own_link"), notice.text)


def _beside(item: "PlannedItem") -> dict[str, Any]:
    """Name the obstacle or share an item is about, and how it ended, where it is and has."""
    beside = {"obstacle": item.obstacle_id, "share": item.share_code, "ended": item.ended}
    return {name: value for name, value in beside.items() if value}


def _print(plan: "Plan", *, dry_run: bool) -> None:
    print_table(
        both("cli.title_notices", day=date_text(plan.as_of)),
        [both(f"cli.column_{name}") for name in ("recipient", "rung", "assignments", "days_late")]
        + [both("escalation.column_reason")],
        [
            [
                notice.recipient,
                f"{notice.rung:+d}",
                len(notice.items),
                max(item.days_late for item in notice.items),
                both(f"notice.told_{notice.reason}"),
            ]
            for notice in plan.notices
        ],
        figures=(1, 2, 3),
    )
    key = "cli.notices_previewed" if dry_run else "cli.notices_planned"
    click.echo(both(key, new=plan.new, suppressed=len(plan.suppressed)))
    for reason, count in Counter(each.reason for each in plan.suppressed).most_common():
        click.echo(f"{count:>6}  {both(f'notice.suppressed_{reason}')}")
