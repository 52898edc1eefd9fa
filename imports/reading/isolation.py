"""Values read in a process of its own, with limits on memory and time: whatever dies there, this process goes on."""

import io
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from threading import Thread, Timer
from typing import Any, Self

from imports.reading.cells import Area, Value

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
    """The reader gave up; `kind` is `encrypted`, `unreadable`, or `died` when a limit or a crash ended it."""

    def __init__(self, kind: str, text: str = "") -> None:
        """Keep what the reader said."""
        super().__init__(text)
        self.kind = kind


class Reading:
    """A workbook being read in another process, from `with` on; leaving it ends the process, finished or not."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        """Start the process and give it `content`; nothing is written to a disk."""
        command = [sys.executable, "-I", str(_PROGRAM), str(limits.memory), str(limits.processor_seconds)]
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._answer = b""
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
        """Wait for the process to end and return the worksheets in order. Raises UnreadableError."""
        self._exchange.join()
        answer, self._answer = self._answer, b""
        return list(_sheets(answer))

    def _talk(self, content: bytes) -> None:
        self._answer, _ = self._process.communicate(content)


def _sheets(answer: bytes) -> Iterator[ReadSheet]:
    sheet: ReadSheet | None = None
    for kind, *values in _answers(answer):
        if kind == "rows" and sheet is not None:
            sheet.rows += values[0]
        elif sheet is not None:
            yield sheet
        if kind == "sheet":
            sheet = ReadSheet(*values)
        elif kind == "problem":
            raise UnreadableError(*values)


def _answers(answer: bytes) -> Iterator[tuple[Any, ...]]:
    """Yield the answers up to the last one. Raises UnreadableError when the process ended before it."""
    source = _Answers(io.BytesIO(answer))
    last = ""
    while last not in {"end", "problem"}:
        try:
            found = source.load()
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
