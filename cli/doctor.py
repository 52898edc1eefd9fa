"""`dondoc doctor`: what is configured, reachable, migrated and covered, and what to do about the rest."""

from collections.abc import Callable
from dataclasses import asdict

import click
from sqlalchemy.exc import SQLAlchemyError

from cli.doctor_channels import other_channels
from cli.doctor_machine import clock_findings, folder_findings, font_findings, prefect_findings, said, settings_findings
from cli.doctor_outbox import outbox_findings, webhook_findings
from cli.failure import DONE, INPUT_HAS_PROBLEMS
from cli.finding import Finding, Findings, Outcome
from cli.opened import opened
from cli.options import database_option, json_option, settings
from cli.output import print_json
from config.clock import today
from config.settings import CHANNEL, Settings
from models.opening import known_revisions, shown
from models.reference import read_reference
from rules.ladder import Role, channels_of
from rules.reference import Reference
from texts import SaidError, both

NOVEMBER = 11
_EXAMPLE = ".example"
_FILES = "maildir"
_SHOWN = 5


@click.command(help=both("cli.help_doctor"))
@database_option
@json_option
def doctor(*, database: str, as_json: bool) -> int:
    """Look at everything Dondoc rests on; nothing is sent, created or repaired."""
    chosen = settings()
    found = [
        *settings_findings(),
        *prefect_findings(),
        *folder_findings(chosen.data, least_free_mb=chosen.least_free_mb),
        *font_findings(),
        *_store(database, chosen),
        *_channel(chosen),
        *other_channels(chosen),
    ]
    sick = any(finding.outcome is Outcome.PROBLEM for finding in found)
    if as_json:
        print_json({"ok": not sick, "database": shown(database), "checks": [asdict(finding) for finding in found]})
    else:
        for finding in found:
            click.echo(f"[{both(f'doctor.{finding.outcome}')}] {finding.message}")
        click.echo(both("doctor.sick" if sick else "doctor.well"))
    return INPUT_HAS_PROBLEMS if sick else DONE


def _store(database: str, chosen: Settings) -> Findings:
    try:
        with opened(database) as store, store.reading() as session:
            reference = read_reference(session)
    except SaidError as error:
        yield Finding("database", Outcome.PROBLEM, error.message)
        return
    except (ValueError, KeyError, TypeError) as error:
        yield said("reference", Outcome.PROBLEM, "reference_unreadable", reason=f"{type(error).__name__}: {error}")
        return
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        yield said("database", Outcome.PROBLEM, "unreachable", database=shown(database), reason=reason)
        return
    yield said("database", Outcome.OK, "database", database=shown(database), revision=known_revisions()[-1])
    checks: tuple[Callable[[Reference], Findings], ...] = (_calendar, _ladder, _contacts)
    for check in checks:
        yield from check(reference)
    with opened(database) as store:
        yield from clock_findings(store)
        yield from outbox_findings(store)
        yield from webhook_findings(store)
    yield from _example_contacts(reference, chosen)
    yield from _named_channels(reference, chosen)


def _calendar(reference: Reference) -> Findings:
    day, years = today(), reference.calendar.official_years
    if day.year not in years:
        yield said("calendar", Outcome.PROBLEM, "calendar_missing", year=day.year)
    elif day.month >= NOVEMBER and day.year + 1 not in years:
        yield said("calendar", Outcome.WARNING, "calendar_next", year=day.year + 1)
    else:
        yield said("calendar", Outcome.OK, "calendar", years=f"{min(years)}–{max(years)}")


def _ladder(reference: Reference) -> Findings:
    offsets = sorted(rung.offset for rung in reference.ladder)
    if not offsets:
        yield said("ladder", Outcome.PROBLEM, "ladder_empty")
    else:
        yield said("ladder", Outcome.OK, "ladder", offsets=", ".join(f"{each:+d}" for each in offsets))


def _contacts(reference: Reference) -> Findings:
    roles = {rung.role for rung in reference.ladder}
    held = {(contact.agency, contact.role) for contact in reference.contacts if contact.address.strip()}
    top = {agency for agency, role in held if role is Role.WORKING_GROUP}  # it hears at the last rung: nobody above it
    missing = [
        f"{agency.code}/{role}"
        for agency in reference.register.agencies
        if agency.valid_on(today()) and agency.code not in top
        for role in sorted(roles - {Role.WORKING_GROUP})
        if (agency.code, role) not in held
    ]
    if Role.WORKING_GROUP in roles and not any(role is Role.WORKING_GROUP for _, role in held):
        missing.append(str(Role.WORKING_GROUP))
    if missing:
        named = ", ".join(missing[:_SHOWN]) + (" …" if len(missing) > _SHOWN else "")
        yield said("contacts", Outcome.PROBLEM, "contacts_missing", count=len(missing), missing=named)
    else:
        yield said("contacts", Outcome.OK, "contacts", count=len(held))


def _example_contacts(reference: Reference, chosen: Settings) -> Findings:
    before, is_url, _ = chosen.channel.get_secret_value().partition("://")
    scheme = before.lower() if is_url else "?"  # without "://" the setting may be a bare password
    examples = sum(contact.address.lower().rstrip(".").endswith(_EXAMPLE) for contact in reference.contacts)
    if examples and scheme != _FILES:
        yield said("contacts", Outcome.PROBLEM, "example_contacts", count=examples, scheme=scheme)
    elif examples:
        yield said("contacts", Outcome.WARNING, "example_contacts_kept", count=examples)


def _channel(chosen: Settings) -> Findings:
    from notifications import ChannelError
    from notifications.channel import Channel

    for setting, key in ((chosen.channel, "doctor.channel"), (chosen.channel_fallback, "outbox.doctor_fallback")):
        url = setting.get_secret_value()
        if not url.strip() and setting is chosen.channel_fallback:
            continue
        try:
            channel = Channel(url)
        except ChannelError as error:
            yield Finding("channel", Outcome.PROBLEM, error.message)
        else:
            yield Finding("channel", Outcome.OK, both(key, scheme=channel.scheme))


def _named_channels(reference: Reference, chosen: Settings) -> Findings:
    from notifications import ChannelError
    from notifications.channel import Channel, see_that_all_are_set_up

    known = chosen.channels
    for name in channels_of(reference.ladder):
        try:
            see_that_all_are_set_up([name], known)
            channel = Channel(known[name].get_secret_value())
        except ChannelError as error:
            yield Finding("named_channel", Outcome.PROBLEM, error.message)
        else:
            yield Finding("named_channel", Outcome.OK, both("outbox.doctor_channel", name=name, scheme=channel.scheme))
    for name in sorted(known.keys() - {*channels_of(reference.ladder)}):
        yield said("named_channel", Outcome.WARNING, "channel_of_no_rung", name=f"{CHANNEL}{name.upper()}")
