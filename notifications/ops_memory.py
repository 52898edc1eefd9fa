"""What those who run the machines were told already: kept in a file of the data folder, which all workers share."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

CRASHED = "crashed"
LOOKED_BACK = timedelta(days=7)
_EVERY = timedelta(hours=1)
_FILE = Path("measured") / "ops_told.json"
_MOST = 200


@dataclass
class OpsMemory:
    """What is remembered; instants are ISO texts.

    `letters` when one last went out about a thing, `held` how many were held back since, `runs` when each run was told,
    `waiting` the words nobody took yet, by run, `looked_at` up to when runs were looked after.
    """

    letters: dict[str, str] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    runs: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    looked_at: str = ""

    def due(self, about: str, *, now: datetime) -> int | None:
        """Return how many were held back since the last letter about a thing, or None: this one is held back, too."""
        last = self.letters.get(about)
        if last and now - datetime.fromisoformat(last) < _EVERY:
            self.held[about] = self.held.get(about, 0) + 1
            return None
        self.letters[about] = now.isoformat()
        return self.held.pop(about, 0)

    def told(self, run: str, *, now: datetime) -> None:
        """Remember that a run was told; forget those too old to be found again."""
        self.runs[run] = now.isoformat()
        self.waiting.pop(run, None)
        for each, at in list(self.runs.items()):
            if now - datetime.fromisoformat(at) > 2 * LOOKED_BACK:
                del self.runs[each]

    def untold(self, run: str, text: str, about: str, held: int) -> None:
        """Remember a word nobody took, and that its letter never went out; of too many the oldest are let go."""
        self.letters.pop(about, None)
        self.held[about] = self.held.get(about, 0) + held
        self.waiting[run] = text
        for each in list(self.waiting)[:-_MOST]:
            del self.waiting[each]

    def since(self, now: datetime, window: timedelta) -> datetime:
        """Return the last instant runs were looked after, a `window` ago at first, and never too long ago."""
        last = datetime.fromisoformat(self.looked_at) if self.looked_at else now - window
        return max(min(last, now), now - LOOKED_BACK)


@contextmanager
def remembered(data: Path) -> Iterator[OpsMemory]:
    """Give what was told, to one at a time, and keep what it becomes; a disk that refuses costs the memory alone."""
    try:
        (data / _FILE).parent.mkdir(parents=True, exist_ok=True)
        file = (data / _FILE).open("a+", encoding="utf-8")
    except OSError:
        yield OpsMemory()
        return
    with file:
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        memory = _read(file.read())
        yield memory
        # Unbuffered, so that a full disk is met here and not when the file is closed.
        with suppress(OSError):
            os.ftruncate(file.fileno(), 0)
            os.write(file.fileno(), json.dumps(asdict(memory)).encode())


def _read(kept: str) -> OpsMemory:
    try:
        return OpsMemory(**json.loads(kept))
    except (ValueError, TypeError):
        return OpsMemory()
