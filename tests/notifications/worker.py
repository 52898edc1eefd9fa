"""A delivering process for the tests: `worker.py DATABASE CHANNEL INSTANT deliver|stall`.

`stall` sends the first letter, says "sent" and never records it: the moment in which a crash loses the outcome.
"""

import sys
import time
from datetime import datetime

from models import Store
from notifications import deliver, outbox


def stall(*_: object, **__: object) -> None:
    """Stop between the channel's answer and the outbox."""
    sys.stdout.write("sent\n")
    sys.stdout.flush()
    time.sleep(600)


def main(database: str, channel: str, instant: str, what: str) -> None:
    """Deliver as the command line says, and print how many were accepted."""
    if what == "stall":
        outbox.Desk.hand_over = stall  # type: ignore[assignment,method-assign]
    summary = deliver(Store(database), channel=channel, now=lambda: datetime.fromisoformat(instant))
    sys.stdout.write(f"{summary.accepted}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
