"""Settings come from the environment and a file; every mistake is said at once, and no secret with it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import dondoc
from config.settings import Settings
from config.wrong_settings import WrongSettingsError, read_settings

GOOD = """
data = "/srv/dondoc"
link_days = 45
quiet_hours = "21:00-06:00"
channel = "mailtos://office:s3cret@mail.example.vn"
channel_sms = "json://office:s3cret@127.0.0.1:9"
"""
FIVE_MISTAKES = """
link_day = 30
link_days = 900
completion_level = "s3cret-level"
link_key = "s3cret"
quiet_hours = "s3cret at night"
channel = "mailtos://office:s3cret@mail.example.vn"
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a place for the settings file, which DONDOC_SETTINGS names."""
    path = tmp_path / "dondoc.toml"
    monkeypatch.setenv("DONDOC_SETTINGS", str(path))
    return path


def doctor(*more: str) -> Result:
    return CliRunner().invoke(dondoc, ["doctor", *more])


def test_the_file_states_what_the_environment_does_not(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(GOOD, encoding="utf-8")
    monkeypatch.setenv("DONDOC_LINK_DAYS", "60")
    monkeypatch.setenv("DONDOC_QUIET_HOURS", "")
    chosen = read_settings()
    assert (chosen.data, chosen.link_days, chosen.quiet_hours) == (Path("/srv/dondoc"), 60, "21:00-06:00")
    assert chosen.database == "sqlite:////srv/dondoc/dondoc.db"
    assert chosen.channel.get_secret_value().startswith("mailtos://")
    assert list(chosen.channels) == ["sms"]
    assert "s3cret" not in repr(chosen)
    assert Settings() == chosen


def test_everything_lies_under_the_data_folder_unless_somebody_says_otherwise(file: Path) -> None:
    file.write_text('data = "/srv/dondoc"', encoding="utf-8")
    assert read_settings().folders == {
        "data": Path("/srv/dondoc"),
        "inbox": Path("/srv/dondoc/inbox"),
        "reports": Path("/srv/dondoc/reports"),
    }
    file.write_text('data = "/srv/dondoc"\ninbox = "/srv/scans"', encoding="utf-8")
    assert read_settings().inbox == Path("/srv/scans")


def test_the_database_is_named_as_in_the_environment(file: Path) -> None:
    file.write_text('database_url = "postgresql+psycopg://db/dondoc"', encoding="utf-8")
    assert read_settings().database == "postgresql+psycopg://db/dondoc"


def test_five_mistakes_are_five_sentences_and_no_secret(file: Path) -> None:
    file.write_text(FIVE_MISTAKES, encoding="utf-8")
    result = doctor()
    assert result.exit_code == 3
    sentences = [line for line in result.stderr.splitlines() if line.startswith("- ")]
    assert [sentence.split(":")[0] for sentence in sentences] == [
        "- DONDOC_COMPLETION_LEVEL",
        "- DONDOC_LINK_DAY",
        "- DONDOC_LINK_DAYS",
        "- DONDOC_LINK_KEY",
        "- DONDOC_QUIET_HOURS",
    ]
    said = dict(zip(("level", "unknown", "days", "key", "hours"), sentences, strict=True))
    assert "'declared', 'evidenced' or 'confirmed'" in said["level"]
    assert "DONDOC_LINK_DAYS" in said["unknown"], "the nearest name"
    assert all(part in said["days"] for part in ("900", "từ 1 đến 366", "from 1 to 366"))
    assert "16" in said["key"]
    assert "21:00-06:00" in said["hours"]
    assert all(" / " in sentence for sentence in sentences), "in both languages"
    assert "s3cret" not in result.output


def test_the_environment_is_held_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_EXTENSIONS", "three")
    monkeypatch.setenv("DONDOC_WARNING_WORKING_DAYS", "-1")
    monkeypatch.setenv("DONDOC_TRIAL", "nobody")
    monkeypatch.setenv("DONDOC_MEETING_LIST", "thuky@example.vn nobody")
    monkeypatch.setenv("DONDOC_PORTAL_URL", "dondoc.nobody.vn")
    monkeypatch.setenv("DONDOC_TRUSTED_PROXIES", "127.0.0.1, nobody")
    result = doctor("--json")
    error = json.loads(result.stdout)["error"]
    assert (result.exit_code, error["code"]) == (3, "wrong_setting")
    named = ("DONDOC_MEETING_LIST", "DONDOC_PORTAL_URL", "DONDOC_TRUSTED_PROXIES")
    examples = ("https://dondoc.example.vn", "127.0.0.1, 10.1.0.0/16")
    for part in ("DONDOC_EXTENSIONS", "[5]", "DONDOC_WARNING_WORKING_DAYS", "-1", "DONDOC_TRIAL", *named, *examples):
        assert part in error["message"]
    assert "nobody" not in error["message"]


@pytest.mark.parametrize(
    "right",
    ["DONDOC_PORTAL_URL=http://127.0.0.1:8077", "DONDOC_PORTAL_URL=https://x.vn/dondoc/", "DONDOC_TRUSTED_PROXIES=*",
     "DONDOC_TRUSTED_PROXIES=::1, 10.1.0.0/16", "DONDOC_MEETING_LIST=a@x.vn; b@x.vn"],
)  # fmt: skip
def test_what_is_right_is_taken(right: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, _, value = right.partition("=")
    monkeypatch.setenv(name, value)
    assert value in read_settings().model_dump().values()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        (b"link_days 30 s3cret", "line 1"),
        ("tên = 'ê'".encode("cp1258", errors="replace"), "UTF-8"),
        (b"[link_days]\ns3cret = 30", "DONDOC_LINK_DAYS"),
        (b"meeting_list = ['s3cret']", "DONDOC_MEETING_LIST"),
    ],
)
def test_a_file_that_cannot_be_read_is_said(file: Path, content: bytes | None, said: str) -> None:
    if content is not None:
        file.write_bytes(content)
    result = doctor()
    assert result.exit_code == 3
    assert said in result.stderr
    assert "s3cret" not in result.output


def test_a_default_that_follows_a_wrong_setting_is_not_said_as_well(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("data = 1\nlink_days = 0", encoding="utf-8")
    monkeypatch.setenv("DONDOC_INBOX", "inbox")
    with pytest.raises(WrongSettingsError) as refused:
        read_settings()
    assert [mistake.name for mistake in refused.value.mistakes] == ["DONDOC_LINK_DAYS"]
