"""`Desk`: what every page works with: the store, the clock, the settings, and what the command line hands in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from config import clock
from models.status import WARNING_WORKING_DAYS
from models.store import Store
from notifications.links import Links
from notifications.webhooks import Sender
from rules.digest_policy import DigestPolicy
from rules.extension import ExtensionPolicy
from rules.status import CompletionLevel

_SHIPPED_DIGESTS, _ANY_EXTENSION = DigestPolicy(), ExtensionPolicy()


@dataclass(frozen=True)
class Run:
    """One run of a flow, as the scheduler tells it; `url` leads to its page there."""

    flow: str
    state: str
    started_at: datetime | None
    finished_at: datetime | None
    url: str


@dataclass(frozen=True)
class Desk:
    """The store behind the pages; `today` and `now` are asked once per request.

    `level` and `warning_working_days` are as in `status_of`, `digests` and `channels` as in `plan_notices`,
    `extensions` as in `decide`. With `links`, readers of digests answer on signed pages. Uploads wait in `data`,
    editions lie in `reports`. `start_recording` begins a flow run that records the upload of that number, `recent_runs`
    lists the flows' last runs; without them the portal records in its own process and shows no runs. Without `webhooks`
    no other system can subscribe to changes. `send_edition` sends the edition of that code to the meeting's list.
    """

    store: Store
    today: Callable[[], date] = clock.today
    now: Callable[[], datetime] = clock.now
    level: CompletionLevel = CompletionLevel.EVIDENCED
    warning_working_days: int = WARNING_WORKING_DAYS
    digests: DigestPolicy = _SHIPPED_DIGESTS
    extensions: ExtensionPolicy = _ANY_EXTENSION
    links: Links | None = None
    channels: frozenset[str] = frozenset()
    data: Path = Path("var")
    reports: Path = Path("var/reports")
    start_recording: Callable[[int], Any] | None = None
    recent_runs: Callable[[], Sequence[Run]] | None = None
    webhooks: Sender | None = None
    send_edition: Callable[[str], Mapping[str, int]] | None = None
