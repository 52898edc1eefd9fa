"""`Runs`: editions in the making, one after the other in the background, each with a state somebody can look up."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_urlsafe
from threading import Lock

from reports import EditionWritten
from texts import SaidError

_KEPT = 50
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Making:
    """One edition in the making; `code` once it is written (`new`: it was not there before), `failure` in words."""

    month: str
    state: str
    asked_at: datetime
    finished: bool = False
    code: str = ""
    new: bool = False
    failure: str = ""


class Runs:
    """Keeps the last runs of this process; what a run writes stands in the store, so a restart loses no edition."""

    def __init__(self) -> None:
        """Wait for the first one."""
        self._one_by_one = ThreadPoolExecutor(max_workers=1, thread_name_prefix="edition")
        self._lock, self._runs = Lock(), dict[str, Making]()

    def start(self, making: Making, write: Callable[[], EditionWritten]) -> str:
        """Begin to make an edition; return the name under which its state is kept. The same again waits no twice."""
        with self._lock:
            for name, other in self._runs.items():
                if not other.finished and (other.month, other.state) == (making.month, making.state):
                    return name
            name = token_urlsafe(9)
            self._runs[name] = making
            for old in list(self._runs)[:-_KEPT]:
                del self._runs[old]
        self._one_by_one.submit(self._run, name, write)
        return name

    def get(self, name: str) -> Making | None:
        """Return how a run stands; None for one this process does not know."""
        with self._lock:
            return self._runs.get(name)

    def _run(self, name: str, write: Callable[[], EditionWritten]) -> None:
        try:
            written = write()
            self._set(name, code=written.code, new=written.new)
        except SaidError as error:
            self._set(name, failure=str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, the page of the run must say it
            _LOG.exception("an edition was not made")
            self._set(name, failure=type(error).__name__)

    def _set(self, name: str, **values: object) -> None:
        with self._lock:
            self._runs[name] = replace(self._runs[name], finished=True, **values)  # type: ignore[arg-type]
