"""Two delivering workers, killed at random until so many died: `killed_workers.py DATABASE CHANNEL INSTANT KILLS SEED`.

Each round two workers start (forked: everything is imported), work as at one instant, and are killed without warning
one after the other. The next round is a lease later. Prints, as JSON, how many died at work and the last instant.
"""

import json
import os
import random
import signal
import sys
import time
from datetime import datetime, timedelta

from models import Store
from notifications import deliver, outbox
from notifications.channel import Channel

DATABASE, CHANNEL = sys.argv[1], sys.argv[2]
KILLS, CHANCE = int(sys.argv[4]), random.Random(sys.argv[5])  # noqa: S311 - a repeatable test
LONGEST = 0.1


def worker(instant: datetime) -> int:
    """Start a worker and return its process."""
    pid = os.fork()
    if pid:
        return pid
    deliver(Store(DATABASE), channel=CHANNEL, now=lambda: instant)
    os._exit(0)


def killed(pid: int) -> bool:
    """Kill a worker after a while; return whether it was still at work."""
    time.sleep(CHANCE.uniform(0.02, LONGEST))
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def main(instant: datetime) -> None:
    """Kill as many as asked for, or as long as there is work."""
    Channel(CHANNEL)  # Apprise loads its plugins once, here: a worker's short life is for work
    kills, rounds = 0, 0
    while kills < KILLS and outbox.waiting(waiting_in := Store(DATABASE)):
        waiting_in.close()
        pair = [worker(instant), worker(instant)]
        kills += sum(killed(pid) for pid in pair)
        rounds += 1
        instant += outbox.LEASE + timedelta(seconds=1)
    sys.stdout.write(json.dumps({"kills": kills, "rounds": rounds, "instant": instant.isoformat()}) + "\n")


if __name__ == "__main__":
    main(datetime.fromisoformat(sys.argv[3]))
