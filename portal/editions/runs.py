"""`Runs`: editions in the making, one after the other in the background, each with a state somebody can look up."""

import logging
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from secrets import token_urlsafe
from threading import Lock

from reports import EditionState, EditionWritten
from texts import SaidError

Made = tuple[EditionWritten, Mapping[str, int]]
"""An edition as written, and what came of sending it."""
_KEPT = 50
_NAME = re.compile(r"(20\d{2}-(?:0[1-9]|1[0-2]))\.([a-z]+)\.(\d{1,10})\.[\w-]+", re.ASCII)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Making:
    """One edition in the making; `code` once it is written (`new`: it was not there before), `failure` in words.

    `sent` counts what came of sending it to the meeting's list; `interrupted` is a making no process knows any more.
    """

    month: str
    state: str
    asked_at: datetime
    finished: bool = False
    code: str = ""
    new: bool = False
    failure: str = ""
    sent: Mapping[str, int] = field(default_factory=dict)
    interrupted: bool = False


class Runs:
    """Keeps the last runs of this process; what a run writes stands in the store, so a restart loses no edition.

    The name of a run says month, state and when it was asked for: whoever holds it after a restart learns what it was.
    """

    def __init__(self) -> None:
        """Wait for the first one."""
        self._one_by_one = ThreadPoolExecutor(max_workers=1, thread_name_prefix="edition")
        self._lock, self._runs = Lock(), dict[str, Making]()

    def start(self, making: Making, write: Callable[[], Made]) -> str:
        """Begin to make an edition; return the name under which its state is kept. The same again waits no twice."""
        with self._lock:
            for name, other in self._runs.items():
                if not other.finished and (other.month, other.state) == (making.month, making.state):
                    return name
            name = f"{making.month}.{making.state}.{int(making.asked_at.timestamp())}.{token_urlsafe(9)}"
            self._runs[name] = making
            for old in list(self._runs)[:-_KEPT]:
                del self._runs[old]
        self._one_by_one.submit(self._run, name, write)
        return name

    def get(self, name: str) -> Making | None:
        """Return how a run stands; one this process does not know was interrupted; None for what is no run's name."""
        with self._lock:
            known = self._runs.get(name)
        return known or _interrupted(name)

    def _run(self, name: str, write: Callable[[], Made]) -> None:
        try:
            written, sent = write()
            self._set(name, code=written.code, new=written.new, sent=sent)
        except SaidError as error:
            self._set(name, failure=str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, the page of the run must say it
            _LOG.exception("an edition was not made")
            self._set(name, failure=type(error).__name__)

    def _set(self, name: str, **values: object) -> None:
        with self._lock:
            self._runs[name] = replace(self._runs[name], finished=True, **values)  # type: ignore[arg-type]


def _interrupted(name: str) -> Making | None:
    """Return what a run was, by its name; None when no run bears such a name."""
    found = _NAME.fullmatch(name)
    if found is None or found[2] not in set(EditionState):
        return None
    return Making(found[1], found[2], datetime.fromtimestamp(int(found[3]), UTC), finished=True, interrupted=True)
