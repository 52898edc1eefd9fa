"""Options the commands share, and how their values are read."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.failure import Refused, SystemFailed
from config.clock import HANOI, today
from config.settings import Settings
from texts import both

if TYPE_CHECKING:
    from notifications.links import Links
    from notifications.webhooks import Sender

Command = TypeVar("Command", bound=Callable[..., Any])
_DAY_SHAPE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_DAY_LENGTH = len("2025-09-05")
# Days near the ends of the calendar leave no room to count working days from.
YEARS = range(1900, 2201)


class Day(click.ParamType[date]):
    """A day written YYYY-MM-DD.

    A day not in the calendar is a problem of the input; another form is wrong usage.
    """

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day `value` means."""
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(value if len(value) == _DAY_LENGTH else "")
            if day.year not in YEARS:
                raise Refused("cli.impossible_date", found=value)
            return day  # noqa: TRY300 - the refusal above is of the day, not of its form
        except ValueError:
            if _DAY_SHAPE.fullmatch(value):
                raise Refused("cli.impossible_date", found=value) from None
            self.fail(both("cli.not_a_day", found=value), param, ctx)


class Instant(click.ParamType[datetime]):
    """An instant, ISO 8601, in Hanoi time unless it names a zone; a day alone means the end of that day in Hanoi."""

    name = "YYYY-MM-DD[THH:MM[±HH:MM]]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the aware instant `value` means."""
        if isinstance(value, datetime):
            return value
        if len(value) == _DAY_LENGTH:
            day: date = Day().convert(value, param, ctx)
            return datetime.combine(day + timedelta(days=1), time.min, HANOI) - timedelta(microseconds=1)
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            self.fail(both("cli.not_an_instant", found=value), param, ctx)
        if instant.year not in YEARS:
            raise Refused("cli.impossible_date", found=value)
        return instant if instant.tzinfo else instant.replace(tzinfo=HANOI)


DAY, INSTANT = Day(), Instant()
# What PostgreSQL can count rows up to.
ROW_NUMBER = click.IntRange(1, 2**31 - 1)


def database_option(command: Command) -> Command:
    """Add --database; the command receives `database`, a URL."""
    return click.option(
        "--database",
        metavar="URL",
        default=lambda: settings().database,
        help=both("cli.option_database"),
    )(command)


def json_option(command: Command) -> Command:
    """Add --json; the command receives `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help=both("cli.option_json"))(command)


def as_of_option(command: Command) -> Command:
    """Add --as-of; the command receives `as_of`, by default the present day in Hanoi."""
    return click.option("--as-of", type=DAY, default=today, help=both("cli.option_as_of"))(command)


def known_at_option(command: Command) -> Command:
    """Add --known-at; the command receives `known_at`, an aware instant or None for now."""
    return click.option("--known-at", type=INSTANT, help=both("cli.option_known_at"))(command)


def settings() -> Settings:
    """Return the settings; of wrong ones all is said at once, and no value that may be a secret."""
    from config.wrong_settings import WrongSettingsError, read_settings
    from texts.wrong_settings import tell_wrong_settings

    try:
        return read_settings()
    except WrongSettingsError as error:
        failed = SystemFailed("cli.wrong_setting", names=error)
        failed.message = tell_wrong_settings(error.mistakes)
        raise failed from None


def links_of(chosen: Settings) -> "Links | None":
    """Return what signs the links in digests, or None without a key."""
    from notifications.links import Links

    return Links(chosen.link_key, chosen.portal_url, chosen.link_days) if chosen.link_key else None


def sender_of(chosen: Settings) -> "Sender | None":
    """Return what tells other systems of changes, or None without a key to sign with."""
    from notifications.webhooks import Sender

    return Sender(chosen.webhook_key, chosen.portal_url, chosen.hosts_inside) if chosen.webhook_key else None
