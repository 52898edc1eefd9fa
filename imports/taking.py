"""`take`: check a workbook and record it; when somebody else recorded in between, check it anew."""

from collections.abc import Callable
from datetime import datetime

from imports.check import Check
from imports.storing.recording import Recorded, StaleCheckError, record
from models.store import Store


def take(
    check: Callable[[], Check], *, store: Store, now: Callable[[], datetime], attempts: int = 3
) -> tuple[Check, Recorded]:
    """Record what `check` finds; return the check that was recorded (or refused) and what came of it.

    Raises StaleCheckError when the store changed under all of the `attempts`.
    """
    for _ in range(attempts - 1):
        found = check()
        try:
            return found, record(found, store=store, now=now())
        except StaleCheckError:
            continue
    found = check()
    return found, record(found, store=store, now=now())
