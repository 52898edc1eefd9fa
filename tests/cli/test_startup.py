"""Small commands start fast: nothing heavy is imported for them."""

import subprocess
import sys
from pathlib import Path

import pytest

from models import Store

ROOT = Path(__file__).parents[2]
HEAVY = ["prefect", "fastapi", "openpyxl", "apprise", "alembic"]
PROBE = f"""
import sys
from cli.main import dondoc
try:
    dondoc.main(sys.argv[1:])
except SystemExit as end:
    assert not end.code, end.code
print(*[name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("command", ["--help", "deadline", "status"])
def test_a_small_command_imports_nothing_heavy(store: Store, command: str) -> None:
    database = ["--database", store.url.render_as_string(hide_password=False)]
    words = {
        "--help": ["--help"],
        "deadline": ["deadline", "Tháng 8/2025", "--document-date", "2025-03-14"],
        "status": ["status", "--as-of", "2025-09-05", "--json", *database],
    }[command]
    done = subprocess.run([sys.executable, "-c", PROBE, *words], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.split() == []
