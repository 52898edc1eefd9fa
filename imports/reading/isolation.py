"""Values read in a process of its own, with limits on memory and time: whatever dies there, this process goes on."""

import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BufferedReader, RawIOBase
from pathlib import Path
from queue import SimpleQueue
from threading import Thread, Timer
from typing import Any, Self, cast

from imports.reading.cells import LARGEST_AREA, Area, Value

_AT_ONCE = 1024 * 1024
_PROGRAM = Path(__file__).with_name("calamine_child.py")
_ANSWERS = {("datetime", each.__name__): each for each in (date, datetime, time, timedelta)}


@dataclass(frozen=True)
class Limits:
    """What reading one workbook may take: address space in bytes, processor seconds, seconds on the clock."""

    memory: int = 1024 * 1024 * 1024
    processor_seconds: int = 8
    seconds: float = 60


@dataclass
class ReadSheet:
    """A sheet as the reader gives it: `visible`, its rows from row 1 and column A on, its merged areas (0-based)."""

    name: str
    visible: bool
    merges: list[Area]
    rows: list[list[Value]] = field(default_factory=list)


class UnreadableError(Exception):
    """The reader gave up.

    `kind` is `encrypted`, `unreadable`, `too_large`, or `died` when a limit or a crash ended it.
    """

    def __init__(self, kind: str, text: str = "") -> None:
        """Keep what the reader said."""
        super().__init__(text)
        self.kind = kind


class Reading:
    """A workbook being read in another process, from `with` on; leaving it ends the process, finished or not."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        """Start the process and give it `content`; nothing is written to a disk."""
        numbers = (limits.memory, limits.processor_seconds, LARGEST_AREA)
        command = [sys.executable, "-I", str(_PROGRAM), *map(str, numbers)]
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._said: SimpleQueue[bytes] = SimpleQueue()
        self._exchange = Thread(target=self._talk, args=(content,), daemon=True)
        self._deadline = Timer(limits.seconds, self._process.kill)
        self._deadline.daemon = True

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._exchange.start()
        self._deadline.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """End the process."""
        self._deadline.cancel()
        self._process.kill()
        self._exchange.join()

    def sheets(self) -> list[ReadSheet]:
        """Return the worksheets in order, waiting for what the process says. Raises UnreadableError."""
        return list(_sheets(BufferedReader(_Said(self._said))))

    def _talk(self, content: bytes) -> None:
        """Give the process the workbook, and take what it says as it comes: it must never wait for us."""
        asked, says = self._process.stdin, cast("BufferedReader", self._process.stdout)
        assert asked, "it is a pipe"
        with suppress(BrokenPipeError), asked:
            asked.write(content)
        with says:
            while piece := says.read1(_AT_ONCE):
                self._said.put(piece)
        self._process.wait()
        self._said.put(b"")


class _Said(RawIOBase):
    """What a process says, as a stream; its last piece is empty."""

    def __init__(self, pieces: "SimpleQueue[bytes]") -> None:
        self._pieces, self._left, self._ended = pieces, memoryview(b""), False

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        if not (self._left or self._ended):
            self._left = memoryview(self._pieces.get())
            self._ended = not self._left
        taken = self._left[: len(into)]
        into[: len(taken)] = taken
        self._left = self._left[len(taken) :]
        return len(taken)


def _sheets(source: BufferedReader) -> Iterator[ReadSheet]:
    sheet: ReadSheet | None = None
    for kind, *values in _answers(source):
        if kind == "rows" and sheet is not None:
            sheet.rows += values[0]
        elif sheet is not None:
            yield sheet
        if kind == "sheet":
            sheet = ReadSheet(*values)
        elif kind == "problem":
            raise UnreadableError(*values)


def _answers(source: BufferedReader) -> Iterator[tuple[Any, ...]]:
    """Yield the answers up to the last one. Raises UnreadableError when the process ended before it."""
    answers = _Answers(source)
    last = ""
    while last not in {"end", "problem"}:
        try:
            found = answers.load()
        except (EOFError, pickle.UnpicklingError) as error:
            raise UnreadableError("died") from error
        last = found[0]
        yield found


class _Answers(pickle.Unpickler):
    """Takes texts, numbers, dates and lists of them, and nothing that could run."""

    def find_class(self, module: str, name: str) -> Any:
        with suppress(KeyError):
            return _ANSWERS[module, name]
        raise pickle.UnpicklingError(f"{module}.{name}")
