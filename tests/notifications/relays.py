"""A real SMTP server process for the tests, and letters that wait for it without anybody planning them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from models import Store
from models.columns import table_of
from models.outcome_tables import Notice
from tests.notifications.duties import HEAD_HEARS, morning

ROOT = Path(__file__).parents[2]
NOW = morning(HEAD_HEARS)


@dataclass(frozen=True)
class Server:
    """A running server: its port, and what it took."""

    port: int
    log: Path

    def url(self, more: str = "", sender: str = "don-doc@dondoc.example", login: str = "") -> str:
        """Return the channel that leads here."""
        return f"thu://{login}127.0.0.1:{self.port}?from={sender}&tls=no&timeout=1&answer=1{more}"

    def taken(self) -> list[dict[str, Any]]:
        """Return the letters it took, oldest first: `to`, `id`, `text`."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()] if self.log.exists() else []


@contextmanager
def smtp_server(folder: Path, *, seconds: float = 0, greeting: int = 220) -> Iterator[Server]:
    """Run the server in a process of its own."""
    log = folder / f"taken-{greeting}.jsonl"
    script = Path(__file__).with_name("smtp_server.py")
    command = [sys.executable, str(script), str(log), str(seconds), str(greeting)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as process:
        assert process.stdout
        try:
            yield Server(int(process.stdout.readline()), log)
        finally:
            process.kill()


def environment() -> dict[str, str]:
    """Return this environment, with the checkout first on the path."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def enqueue(store: Store, addresses: Sequence[str], *, keys: Sequence[str] = (), **more: object) -> None:
    """Let a letter wait for each address, under the keys given or n0, n1 and so on."""
    rows = [
        {
            "key": keys[number] if keys else f"n{number}",
            "as_of": HEAD_HEARS,
            "agency_code": "BYT",
            "role": "agency_head",
            "recipient": "Bộ trưởng, Bộ Y tế",
            "address": address,
            "reason": "first",
            "subject": "[Đôn đốc] 3 nhiệm vụ quá hạn",
            "text": "Kính gửi: Bộ trưởng\n.\nHoàn thành Bệnh án điện tử\n",
            "html": "<p>Kính gửi: Bộ trưởng</p>",
            "planned_at": NOW,
            "state": "planned",
            **more,
        }
        for number, address in enumerate(addresses)
    ]
    with store.writing() as session:
        session.execute(insert(table_of(Notice)), rows)
