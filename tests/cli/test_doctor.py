"""`dondoc doctor` says what is wrong, in words, and exits 1 when something is."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlmodel import delete

from cli.main import dondoc
from models import Store
from models.register_tables import CalendarYearRow, ContactRow, RungRow
from tests.conftest import SQLITE
from tests.notifications.test_climbing import with_ladder


def examined(store: Store, *, exits: int) -> dict[str, dict[str, Any]]:
    """Return what the doctor found, by check and outcome."""
    database = store.url.render_as_string(hide_password=False)
    result = CliRunner().invoke(dondoc, ["doctor", "--database", database, "--json"])
    assert result.exit_code == exits, result.output
    answer = json.loads(result.stdout)
    assert answer["ok"] is (exits == 0)
    assert "s3cret" not in result.output
    return {f"{found['check']}:{found['outcome']}": found for found in answer["checks"]}


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_DATA", str(tmp_path))


def test_a_fresh_installation_is_well_but_for_its_example_contacts(store: Store) -> None:
    found = examined(store, exits=0)
    assert {"prefect:ok", "data:ok", "database:ok", "ladder:ok", "contacts:ok", "channel:ok"} <= set(found)
    assert "contacts:warning" in found


def test_example_contacts_with_a_real_channel_are_wrong(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_CHANNEL", "mailtos://office:s3cret@mail.example.vn")
    assert "DONDOC_CONTACTS" in examined(store, exits=1)["contacts:problem"]["message"]


def test_a_channel_apprise_does_not_know_is_wrong(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_CHANNEL", "pigeon://office:s3cret@loft")
    assert "DONDOC_CHANNEL" in examined(store, exits=1)["channel:problem"]["message"]


def test_a_channel_the_ladder_names_must_be_set_up(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with_ladder(store, lambda rung: replace(rung, channels=("email", "sms")) if rung.offset == 5 else rung)
    assert "DONDOC_CHANNEL_SMS" in examined(store, exits=1)["named_channel:problem"]["message"]
    monkeypatch.setenv("DONDOC_CHANNEL_SMS", "json://gateway.example/s3cret")
    assert "“sms” (json)" in examined(store, exits=0)["named_channel:ok"]["message"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DONDOC_OPS_CHANNEL", "nonsense", "other_channel:problem"),
        ("DONDOC_OPS_CHANNEL", "json://127.0.0.1:1/s3cret", "other_channel:ok"),
        ("DONDOC_MEETING_CHANNEL", "pigeon://s3cret@loft", "other_channel:problem"),
        ("DONDOC_HEARTBEAT", "pigeon://s3cret@loft", "other_channel:problem"),
        ("DONDOC_HEARTBEAT", "/proc/here/heartbeat", "heartbeat:problem"),
        ("DONDOC_HEARTBEAT", "/", "heartbeat:problem"),
        ("DONDOC_HEARTBEAT", "{folder}/new/heartbeat", "heartbeat:ok"),
        ("DONDOC_CHANNEL_FALBACK", "json://127.0.0.1:1/s3cret", "named_channel:warning"),
    ],
)
@pytest.mark.parametrize("store", [SQLITE], indirect=True)
def test_every_channel_named_is_looked_at(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value.format(folder=tmp_path))
    found = examined(store, exits=int(said.endswith("problem")))
    assert name in found[said]["message"] or found[said]["check"] == "heartbeat"
    assert not (tmp_path / "new").exists()


def test_missing_contacts_ladder_and_calendar_are_each_said(store: Store) -> None:
    with store.writing() as session:
        session.exec(delete(ContactRow).where(ContactRow.agency_code == "BYT"))  # type: ignore[arg-type]
        session.exec(delete(CalendarYearRow))
    found = examined(store, exits=1)
    assert "BYT/focal_point" in found["contacts:problem"]["message"]
    assert "calendar:problem" in found
    with store.writing() as session:
        session.exec(delete(RungRow))
    assert "ladder:problem" in examined(store, exits=1)


def test_an_empty_database_and_a_folder_without_rights_are_wrong(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONDOC_DATA", "/proc")
    found = examined(empty_store, exits=1)
    assert "dondoc init" in found["database:problem"]["message"]
    assert "data:problem" in found
