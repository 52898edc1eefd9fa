"""The channels' URLs are secrets: however letters went, no file, answer or log line holds a part of one."""

import logging
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from cli.main import dondoc
from config.settings import Settings
from models import Store
from tests.notifications.relays import Server, enqueue, smtp_server

USER, PASSWORD = "he-thong-don-doc", "m4t-kh4u/b1@m4t"
IN_PARTS = [PASSWORD, USER, "m4t-kh4u", "b1%40m4t"]
SECRETS = [*IN_PARTS, *(b64encode(each.encode()).decode() for each in (PASSWORD, f"\0{USER}\0{PASSWORD}"))]
URL_LOGIN = f"{USER}:m4t-kh4u%2Fb1%40m4t@"
ADDRESSES = ["echo-end@byt.example", "rcpt-550@byt.example", "end-450@byt.example", "drop-end@byt.example"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with smtp_server(tmp_path_factory.mktemp("relay")) as running:
        yield running


CHANNELS = [
    "right",
    "thu://{login}127.0.0.1:1?from=a@b.vn",
    "thus://{login}127.0.0.1:1?from=a@b.vn",
    "json://{login}127.0.0.1:1/{login}",
    "mailto://{login}127.0.0.1:1?from=a@b.vn",
]
COMMANDS = [["deliver"], ["deliver", "--json"], ["outbox", "--json"], ["doctor"], ["proof", "--agency", "BYT", "--out"]]


def test_the_relay_is_logged_in_to_with_the_whole_password(
    server: Server, sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = told(sqlite_store, tmp_path, server.url(login=URL_LOGIN), monkeypatch, "deliver")
    assert said.startswith("Đã gửi 1")


@pytest.mark.parametrize("channel", CHANNELS)
def test_no_secret_reaches_a_file_an_answer_or_a_log(
    sqlite_store: Store,
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    channel: str,
) -> None:
    caplog.set_level(1)
    for name in ("apprise", "urllib3", "urllib3.connectionpool"):
        logging.getLogger(name).setLevel(1)
    url = server.url(login=URL_LOGIN) if channel == "right" else channel.replace("{login}", URL_LOGIN)
    monkeypatch.setenv("DONDOC_HEARTBEAT", f"json://{URL_LOGIN}127.0.0.1:1")
    monkeypatch.setenv("DONDOC_CHANNEL_FALLBACK", f"json://{URL_LOGIN}127.0.0.1:1")
    proof = [*COMMANDS[-1], str(tmp_path / "proof.json")]
    seen = [told(sqlite_store, tmp_path, url, monkeypatch, *words) for words in (*COMMANDS[:-1], proof)]
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 1, "neither the database nor the proof was looked at"
    for secret in SECRETS:
        assert secret not in "\n".join([*seen, caplog.text])
        assert all(secret.encode() not in content for content in written)


def told(store: Store, folder: Path, url: str, monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    """Run a command over a store in which letters wait, and return all it said."""
    with monkeypatch.context() as environment:
        environment.setenv("DONDOC_DATA", str(folder))
        environment.setenv("DONDOC_CHANNEL", url)
        if words == ("deliver",):
            enqueue(store, ADDRESSES, must_deliver=True)
        return CliRunner().invoke(dondoc, [*words, "--database", store.url.render_as_string()]).output


@pytest.mark.parametrize(("name", "value"), [("DONDOC_LINK_KEY", "sEcrEtKey"), ("DONDOC_TRIAL", "sEcrEtKey")])
def test_a_setting_that_is_wrong_is_never_shown(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert value not in f"{refused.value} {refused.value!r}"
