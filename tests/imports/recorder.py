"""A process that records workbooks in children of its own, so that a test can kill one at any moment.

Reads orders on stdin, one JSON object a line, and answers each with the number of the child that carries it out:
`{"url", "file", "asked", "events", "wait_for"}`. The child writes what it reaches to the file `events`, a line each:
`checked`, then, once the file `wait_for` exists, what came of recording.
"""

import json
import os
import signal
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from imports import StaleCheckError, check_workbook, record
from models import Store

TODAY = date(2025, 9, 5)
_A_MOMENT = 0.0005


def main() -> None:
    """Carry out orders until stdin ends; children are not waited for."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _carry_out(json.loads(line))
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def _carry_out(order: dict[str, Any]) -> None:
    file, store = Path(order["file"]), Store(order["url"])
    asked = {**order["asked"], "document_date": date.fromisoformat(order["asked"]["document_date"])}
    with Path(order["events"]).open("a", encoding="utf-8", buffering=1) as events:
        try:
            check = check_workbook(file.read_bytes(), name=file.name, store=store, today=TODAY, **asked)
            events.write("checked\n")
            while not Path(order["wait_for"]).exists():
                time.sleep(_A_MOMENT)
            recorded = record(check, store=store, now=datetime.now(UTC))
            events.write(f"{recorded.outcome} {recorded.batch}\n")
        except StaleCheckError:
            events.write("overtaken\n")
        except BaseException as error:
            events.write(f"failed {error!r}\n")
            raise


if __name__ == "__main__":
    main()
