"""Two workers killed at random while they send: nothing lost, nothing twice, every doubt listed, the day balances."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

from models import Store
from notifications import deliver
from notifications.accounting import accounts
from notifications.dead_letters import dead_letters
from tests.notifications.duties import stored
from tests.notifications.relays import NOW, ROOT, enqueue, environment, smtp_server

DEEP = os.environ.get("DONDOC_DEEP") == "1"
LETTERS, KILLS = (400, 110) if DEEP else (40, 10)
SECONDS = 0.02


def test_killed_at_random_nothing_is_lost_and_nothing_sent_twice(store: Store, tmp_path: Path) -> None:
    enqueue(store, [f"van-thu-{number}@byt.example" for number in range(LETTERS)])
    with smtp_server(tmp_path, seconds=SECONDS) as server:
        database = store.url.render_as_string(hide_password=False)
        script = str(Path(__file__).with_name("killed_workers.py"))
        command = [sys.executable, script, database, server.url("&timeout=20"), NOW.isoformat(), str(KILLS), "7"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment(), cwd=ROOT)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        end = datetime.fromisoformat(told["instant"])
        deliver(store, channel=server.url(), now=lambda: end)
        taken = Counter(letter["id"] for letter in server.taken())
    states = {f"<{notice.key}@dondoc.example>": notice.state for notice in stored(store)}
    by_state = Counter(states.values())
    sys.stdout.write(f"{told['kills']} kills in {told['rounds']} rounds: {dict(by_state)}, {len(taken)} taken\n")
    assert set(by_state) <= {"accepted", "unknown"}
    assert max(taken.values()) == 1, "sent twice"
    assert {name for name, state in states.items() if state == "accepted"} <= set(taken), "lost"
    assert by_state["unknown"] <= told["kills"]
    assert told["kills"] >= (100 if DEEP else 5)
    assert [letter.key for letter in dead_letters(store)] == [n.key for n in stored(store) if n.state == "unknown"]
    (day,) = accounts(store, now=end)
    assert (day.balances, day.planned, sum(day.states.values())) == (True, LETTERS, LETTERS)
