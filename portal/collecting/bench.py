"""`Bench`: uploads are checked and recorded beside the requests, large ones apart; what a restart lost begins again."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any

from imports.uploads import Workplace, check_upload, record_upload
from models.uploads import AT_WORK, Stage, UploadAsIs, advance
from portal.collecting.apart import Verb, do_apart
from portal.desk import Desk

_AT_ONCE = 2
LARGE_BYTES = 100_000
_LOG = logging.getLogger(__name__)


class Bench:
    """Works on a few uploads at once; each at most once at a time."""

    def __init__(self, desk: Desk) -> None:
        """Begin nothing yet."""
        self.work = Workplace(desk.store, desk.data / "uploads", desk.today, desk.now)
        self._start_recording = desk.start_recording
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="upload")
        self._busy: set[int] = set()
        self._lock = Lock()

    @property
    def hands_on(self) -> bool:
        """Whether recordings run elsewhere, and this process cannot tell whether one was lost."""
        return self._start_recording is not None

    def see_to(self, found: UploadAsIs) -> None:
        """Do what an upload waits for, unless it is being done or was handed on."""
        if found.stage in {Stage.WAITING, Stage.CHECKING}:
            self._begin(found, lambda: self._do(check_upload, found))
        elif found.stage is Stage.RECORDING and not self.hands_on:
            self.begin_recording(found)

    def begin_recording(self, found: UploadAsIs) -> None:
        """Record an upload here, or ask for a run that does."""
        start, number = self._start_recording, found.number
        self._begin(found, lambda: start(number) if start else self._do(record_upload, found))

    def _do(self, verb: Verb, found: UploadAsIs) -> None:
        """Do what is to be done: a small workbook is done before a process of its own would have begun."""
        if found.upload.size > LARGE_BYTES:
            do_apart(verb, found.number, self.work)
        else:
            verb(found.number, self.work)

    def _begin(self, found: UploadAsIs, job: Callable[[], Any]) -> None:
        with self._lock:
            if found.number in self._busy:
                return
            self._busy.add(found.number)
        self._pool.submit(job).add_done_callback(lambda future: self._ended(found, future))

    def _ended(self, found: UploadAsIs, future: "Future[Any]") -> None:
        """Let an upload whose work broke off say so; what went wrong goes to the log, without a word of the file."""
        number, error = found.number, future.exception()
        try:
            if error is not None:
                _LOG.error("upload %d broke off: %s", number, type(error).__name__)
                at, by = self.work.now(), found.state.by
                advance(self.work.store, number, Stage.FAILED, after=AT_WORK, at=at, by=by)
        finally:
            with self._lock:
                self._busy.discard(number)
