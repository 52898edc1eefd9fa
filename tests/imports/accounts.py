"""Two accounts of one machine: the one that sweeps, and the one whose files lie in the inbox."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SWEEPER = 65534
AS_ROOT = os.geteuid() == 0


@contextmanager
def drop() -> Iterator[Path]:
    """Give a folder of the sweeping account, which every account may look into."""
    with tempfile.TemporaryDirectory() as name:
        if AS_ROOT:
            os.chown(name, SWEEPER, SWEEPER)
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def as_sweeper() -> Iterator[None]:
    """Go on as the account that sweeps: where the tests run as root, as one that may not do everything."""
    if AS_ROOT:
        os.seteuid(SWEEPER)
    try:
        yield
    finally:
        if AS_ROOT:
            os.seteuid(0)
