"""The heartbeat: a sign of life that is only given while the accounting balances."""

import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from models import Store
from notifications.accounting import DayAccount, accounts
from notifications.channel import Channel, ChannelError
from notifications.letter import Letter
from notifications.notice import NoticeState

LOOKED_AT = timedelta(days=31)
_ANYBODY = "heartbeat@localhost.localdomain"


@dataclass(frozen=True)
class Pulse:
    """The days that do not balance, and whether the sign was given (None: nobody asked for one)."""

    adrift: tuple[DayAccount, ...]
    given: bool | None


def pulse(store: Store, place: str, *, today: date, now: datetime) -> Pulse:
    """Look at the accounts of the past month and give the sign at `place` if they balance.

    `place` is a file or an Apprise URL (a secret); empty: only look. `now` is aware. A sign that cannot be given is
    no error: that it stays out is the message.
    """
    days = accounts(store, now=now, since=today - LOOKED_AT)
    adrift = tuple(day for day in days if not day.balances)
    if not place.strip():
        return Pulse(adrift, None)
    return Pulse(
        adrift, not adrift and _given(place.strip(), f"{now.isoformat()} {sum(day.planned for day in days)}", now)
    )


def _given(place: str, told: str, now: datetime) -> bool:
    try:
        if "://" in place:
            return _sent(place, told, now)
        _write(Path(place), told)
    except (OSError, ChannelError):
        return False
    return True


def _sent(place: str, told: str, now: datetime) -> bool:
    letter = Letter(f"heartbeat/{now.isoformat()}", "", _ANYBODY, "Dondoc", told, told, now)
    with Channel(place) as channel:
        return channel.send(letter).state is NoticeState.ACCEPTED


def _write(file: Path, told: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    arriving = file.with_name(f"{file.name}.{os.getpid()}")
    arriving.write_text(f"{told}\n", encoding="utf-8")
    arriving.replace(file)
