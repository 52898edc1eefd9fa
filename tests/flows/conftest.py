"""One Prefect server for all flow tests, nothing outside this machine, and a deployment's settings per test."""

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

# Before anything imports Prefect: its home, no telemetry, and a default that whatever must not be retried has to defy.
os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="dondoc-prefect-")
os.environ.update(PREFECT_SERVER_ANALYTICS_ENABLED="false", DO_NOT_TRACK="1", PREFECT_LOGGING_LEVEL="CRITICAL")
os.environ["PREFECT_TASKS_DEFAULT_RETRIES"] = "1"
os.environ["PREFECT_SERVER_DATABASE_TIMEOUT"] = "60"  # one SQLite file on a machine with other work

import pytest
from prefect.testing.utilities import prefect_test_harness

from config.settings import maildir
from models.store import Store
from tests.reports.ledger import Ledger

HERE = Path(__file__).parent
atexit.register(shutil.rmtree, os.environ["PREFECT_HOME"], ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Forgive Prefect's clients the sockets they leave to the garbage collector."""
    for item in items:
        if item.path.is_relative_to(HERE):
            for forgiven in ("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"):
                item.add_marker(pytest.mark.filterwarnings(forgiven))


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """Start Prefect's server once per test process."""
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def deployment(
    prefect_server: None,  # noqa: ARG001
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Path]:
    """Point the flows' settings to a store and folders of this test; return the folder everything lies in."""
    settings = {
        "DONDOC_DATA": tmp_path,
        "DONDOC_DATABASE_URL": store.url.render_as_string(hide_password=False),
        "DONDOC_CHANNEL": maildir(tmp_path / "mail"),
        "DONDOC_INBOX": tmp_path / "inbox",
        "DONDOC_REPORTS": tmp_path / "reports",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, str(value))
    (tmp_path / "inbox" / "_").mkdir(parents=True)
    yield tmp_path
    gc.collect()  # here, and not in a later test that forgives nothing


@pytest.fixture
def late_duty(store: Store) -> None:
    """Lay one duty that is overdue."""
    with store.writing() as session:
        Ledger(session).duty("BCA", "BYT", due=date(2025, 6, 30))
