"""Run the day's round for real and kill this process, without warning, at the n-th step that leaves a trace.

A step is a commit to Dondoc's database or a file put in its place. Run by `test_kill.py` as a process of its own:
`killed_round.py DAY [N]`; without a number the round runs to its end and the steps it took are printed.
"""

import asyncio
import os
import signal
import sys
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import Connection, Engine, event

from flows.daily_round import daily_round

STEPS = count(1)
DAY, KILL_AT = date.fromisoformat(sys.argv[1]), int([*sys.argv, "0"][2])


def step() -> None:
    """Count a step about to happen, and die before the chosen one."""
    if next(STEPS) == KILL_AT:
        os.kill(os.getpid(), signal.SIGKILL)


def before_commit(connection: Connection) -> None:
    """Count commits that write; a read leaves nothing behind."""
    if connection.info.get("dondoc_writes"):
        step()


def audit(happening: str, arguments: tuple[Any, ...]) -> None:
    """Count the round's own files put in their place."""
    if happening == "os.rename" and os.environ["DONDOC_DATA"] in str(arguments[1]):
        step()


event.listen(Engine, "commit", before_commit)
sys.addaudithook(audit)
asyncio.run(daily_round(as_of=DAY, settle_seconds=0))
sys.stdout.write(f"{next(STEPS) - 1}\n")
