"""A large workbook is worked on in a process of its own: readers do not share the interpreter with it."""

import os
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

from config import clock
from imports.uploads import Workplace
from models.store import Store

Verb = Callable[[int, Workplace], object]
_BEHIND_READERS = 10
_SPAWN = get_context("spawn")


class BrokeOffError(Exception):
    """The process ended without having done its work."""


def do_apart(verb: Verb, number: int, work: Workplace) -> None:
    """Do what a verb of `imports.uploads` does with an upload, and wait for it. Raises BrokeOffError."""
    url = work.store.url.render_as_string(hide_password=False)
    process = _SPAWN.Process(target=_do, args=(verb, number, url, work.folder))
    process.start()
    process.join()
    if process.exitcode:
        raise BrokeOffError(process.exitcode)


def _do(verb: Verb, number: int, url: str, folder: Path) -> None:
    os.nice(_BEHIND_READERS)
    store = Store(url)
    try:
        verb(number, Workplace(store, folder, clock.today, clock.now))
    finally:
        store.close()
