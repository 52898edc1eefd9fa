"""The garbage collector at rest while a workbook is worked on.

Hundreds of thousands of values live until the answer is given; walking through them again and again frees nothing and
takes a fifth of the time. What is no longer needed is still freed at once: it is not in cycles.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_resting = 0
_was_enabled = False


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Look for no cycles meanwhile, in any thread; the last to leave sets the collector as the first found it."""
    global _resting, _was_enabled  # noqa: PLW0603 - the collector is one for the whole process
    with _lock:
        if not _resting:
            _was_enabled = gc.isenabled()
            gc.disable()
        _resting += 1
    try:
        yield
    finally:
        with _lock:
            _resting -= 1
            if not _resting and _was_enabled:
                gc.enable()
