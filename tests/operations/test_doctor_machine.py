"""Every check of the doctor fails for real when the thing it looks at is wrong."""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from cli.doctor_machine import FACES, font_findings
from cli.finding import Outcome
from cli.main import dondoc
from models import Store
from models.assignment_tables import Batch
from models.opening import known_revisions
from models.outcome_tables import AuditEntry
from models.register_tables import RungRow


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_DATA", str(tmp_path))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)


def examined(store: Store, *, exits: int = 1) -> dict[str, str]:
    """Return what the doctor says, by check and outcome."""
    database = store.url.render_as_string(hide_password=False)
    result = CliRunner().invoke(dondoc, ["doctor", "--database", database, "--json"])
    assert result.exit_code == exits, result.output
    assert "s3cret" not in result.output
    checks: list[dict[str, Any]] = json.loads(result.stdout)["checks"]
    return {f"{found['check']}:{found['outcome']}": found["message"] for found in checks}


def test_a_sound_machine_is_said_to_be_sound(store: Store) -> None:
    found = examined(store, exits=0)
    assert {"disk:ok", "clock:ok", "fonts:ok", "prefect:ok", "prefect_server:ok", "chain:ok"} <= set(found)


def test_a_database_behind_is_told_how_to_be_upgraded(store: Store) -> None:
    stand_at(store, known_revisions()[-2])
    assert "dondoc init" in examined(store)["database:problem"]


def test_a_database_of_a_newer_version_is_unknown(store: Store) -> None:
    stand_at(store, "9999")
    said = examined(store)["database:problem"]
    assert "9999" in said
    assert known_revisions()[-1] in said


def stand_at(store: Store, revision: str) -> None:
    with store.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :found"), {"found": revision})


def test_a_database_that_does_not_answer_is_unreachable() -> None:
    found = examined(Store("postgresql+psycopg://office:s3cret@127.0.0.1:1/dondoc"))
    assert "127.0.0.1:1" in found["database:problem"]


def test_a_ladder_nobody_can_climb_is_said(store: Store) -> None:
    with store.writing() as session:
        session.add(RungRow(offset=77, role="nobody", stated={"offset": 77, "role": "nobody"}))
    assert "DONDOC_LADDER" in examined(store)["reference:problem"]


def test_a_full_disk_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_LEAST_FREE_MB", str(10**12))
    assert "dondoc tidy" in examined(store)["disk:problem"]


def test_a_clock_behind_what_was_recorded_is_said(store: Store) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with store.writing() as session:
        session.add(Batch(file="x", sha256="x", recorded_at=tomorrow, rows=0, new=0, changed=0, unchanged=0, gone=0))
    assert tomorrow.isoformat()[:16] in examined(store)["clock:problem"]


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_database_server_with_another_clock_is_said(store: Store) -> None:
    """Its clock is an hour behind: the name is looked up in the database's own schema first."""
    with store.engine.begin() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql "
                "AS $$ SELECT pg_catalog.clock_timestamp() - interval '1 hour' $$"
            )
        )
        connection.execute(text(f"ALTER DATABASE {store.url.database} SET search_path = public, pg_catalog"))
    store.engine.dispose()
    assert "timedatectl" in examined(store)["clock:problem"]


def test_a_missing_face_is_said(tmp_path: Path) -> None:
    shutil.copytree(str(files("reports") / "fonts"), tmp_path / "fonts")
    assert [found.outcome for found in font_findings(tmp_path / "fonts")] == [Outcome.OK]
    (tmp_path / "fonts" / f"LiberationSerif-{FACES[1]}.ttf").unlink()
    [found] = font_findings(tmp_path / "fonts")
    assert (found.outcome, "Bold" in found.message) == (Outcome.PROBLEM, True)


def test_an_altered_audit_entry_breaks_the_chain(store: Store) -> None:
    with store.writing() as session:
        session.add(AuditEntry(at=datetime.now(UTC), by="VPCP", action="hold", subject="1", detail={}))
    assert "chain:problem" not in examined(store, exits=0)
    with store.writing() as session:
        session.execute(text("UPDATE audit_entry SET subject = '2'"))
    assert "audit_entry" in examined(store)["chain:problem"]


def test_a_name_nobody_reads_is_a_warning(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_LINK_DAY", "30")
    assert "DONDOC_LINK_DAYS" in examined(store, exits=0)["settings:warning"]


def test_a_settings_file_anybody_can_read_is_said(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "dondoc.toml"
    file.write_text('link_key = "s3cret-s3cret-s3cret"')
    file.chmod(0o644)
    monkeypatch.setenv("DONDOC_SETTINGS", str(file))
    assert "chmod" in examined(store)["settings:problem"]
    file.chmod(0o640)
    assert "settings:ok" in examined(store, exits=0)


@pytest.mark.parametrize(
    ("status", "body", "outcome", "said"),
    [
        (200, json.dumps(version("prefect")), "ok", version("prefect")),
        (200, '"2.11.5"', "problem", "2.11.5"),
        (401, "{}", "problem", "PREFECT_API_AUTH_STRING"),
        (200, "<html>", "problem", "PREFECT_API_URL"),
    ],
)
def test_what_a_server_answers_is_weighed(
    store: Store, monkeypatch: pytest.MonkeyPatch, status: int, body: str, outcome: str, said: str
) -> None:
    """Another version and another program cannot be had here for real: a server that answers as they do."""
    with answering(status, body) as address:
        monkeypatch.setenv("PREFECT_API_URL", address)
        found = examined(store, exits=0 if outcome == "ok" else 1)
    assert said in found[f"prefect_server:{outcome}"]


def test_a_server_that_does_not_answer_is_said_without_its_password(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://ops:s3cret@127.0.0.1:1/api")
    assert "127.0.0.1:1/api" in examined(store)["prefect_server:problem"]


@contextmanager
def answering(status: int, body: str) -> Iterator[str]:
    """Serve one answer on this machine; give the address of its API."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api"
        server.shutdown()
