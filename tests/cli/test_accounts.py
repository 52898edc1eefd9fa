"""`dondoc init` opens the first administrator's account, `dondoc accounts` the others; a password is said once."""

import stat
from pathlib import Path

import pytest

from cli.failure import SystemFailed
from cli.kept_secret import kept_secret
from decisions.passwords import matches
from models import Store
from models.accounts import accounts_of
from tests.cli.test_contract import ask, run, url

GIVEN = "mật khẩu do người cài đặt đặt"


def kept(store: Store, name: str) -> str:
    with store.reading() as session:
        return accounts_of(session, name=name)[0].password_hash


def test_the_password_of_the_first_administrator_is_random_and_said_once(empty_store: Store) -> None:
    said = run("init", "--database", url(empty_store)).output
    assert "admin" in said
    assert "mật khẩu dùng một lần" in said
    assert "một lần" not in run("init", "--database", url(empty_store)).output
    password = said.split("mật khẩu dùng một lần: ")[1].split()[0]
    assert matches(kept(empty_store, "admin"), password)


def test_a_given_password_is_taken_and_never_said(empty_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_ADMIN_PASSWORD", GIVEN)
    answer = ask(empty_store, "init")
    assert answer["administrator"] == {"name": "admin"}
    assert matches(kept(empty_store, "admin"), GIVEN)


def test_a_weak_given_password_is_refused_without_repeating_it(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONDOC_ADMIN_PASSWORD", "ngắn")
    result = run("init", "--database", url(empty_store))
    assert (result.exit_code, "ngắn. " in result.output) == (1, True), result.output
    assert accounts(empty_store) == []


def accounts(store: Store) -> list[str]:
    return [each["name"] for each in ask(store, "accounts", "list")["accounts"]]


def test_accounts_are_opened_listed_reset_and_closed(store: Store) -> None:
    opened = ask(store, "accounts", "open", "byt", "--post", "Đầu mối", "--role", "focal_point", "--agency", "BYT")
    (listed,) = ask(store, "accounts", "list")["accounts"]
    assert listed == {
        "name": "byt", "post": "Đầu mối", "role": "focal_point", "agency": "BYT", "email": "", "closed": False,
    }  # fmt: skip
    assert matches(kept(store, "byt"), opened["password"])
    again = ask(store, "accounts", "reset", "byt")
    assert matches(kept(store, "byt"), again["password"])
    assert ask(store, "accounts", "close", "byt")["closed"] is True
    assert ask(store, "accounts", "close", "byt", exits=1)["error"]["code"] == "no_account"


def test_the_key_of_sessions_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "var" / "session.key").get_secret_value()
    assert kept_secret(tmp_path / "var" / "session.key").get_secret_value() == first
    place = tmp_path / "var" / "session.key"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    place.write_text("short")
    with pytest.raises(SystemFailed):
        kept_secret(tmp_path / "var" / "session.key")
