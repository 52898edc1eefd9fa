"""Let a short, allocating piece of work run without the cycle collector looking through all it has made so far."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the cycle collector meanwhile, if it runs: planning makes millions of values and no cycles."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
