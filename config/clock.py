"""The clock, read at the edges alone: cli, flows and portal ask here and hand the answer down as a value."""

from datetime import UTC, date, datetime

import pendulum

HANOI = pendulum.timezone("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the present day in Hanoi."""
    return datetime.now(HANOI).date()
