"""`dondoc escalate` for a person: beside the notices, how many were not told, by reason."""

import json
import re
from collections import Counter
from datetime import date

import pytest
from click.testing import CliRunner
from sqlmodel import select

from cli.main import dondoc
from models import Store
from models.outcome_tables import Notice
from notifications.notice import Suppression
from tests.models.world import World
from texts import both

_MINUTE = re.compile(r"\d\d:\d\d")


def escalate(store: Store, *more: str) -> str:
    """Escalate on 5 September 2025; return what was printed."""
    database = store.url.render_as_string(hide_password=False)
    result = CliRunner().invoke(dondoc, ["escalate", "--as-of", "2025-09-05", "--database", database, *more])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_what_was_not_told_is_counted_by_its_reason(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BYT", "BTC", due=date(2025, 8, 29))
    for reason in (Suppression.SUPERSEDED, Suppression.ALREADY_TOLD):
        answer = json.loads(escalate(store, "--dry-run", "--json"))
        counted = Counter(each["reason"] for each in answer["suppressed"])
        assert counted[reason] > 0
        lines = escalate(store).splitlines()
        for each in Suppression:
            line = f"{counted[each]:>6}  {both(f'notice.suppressed_{each}')}"
            assert (line in lines) is (counted[each] > 0), each


def test_a_preview_shows_every_letter_as_it_would_go_out(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=date(2025, 8, 29))
    (notice,) = json.loads(escalate(store, "--dry-run", "--json"))["notices"]
    printed = escalate(store, "--dry-run", "--letters")
    assert f"{notice['recipient']} <{notice['address']}>" in printed
    assert _MINUTE.sub("", notice["text"]) in _MINUTE.sub("", printed)


def test_a_day_to_come_is_only_shown(store: Store) -> None:
    """A mistyped year would tell everything as years late, and the real round would find it told."""
    database = store.url.render_as_string(hide_password=False)
    mistyped = ["escalate", "--as-of", "2125-09-05", "--database", database]
    refused = CliRunner().invoke(dondoc, mistyped)
    assert (refused.exit_code, "--dry-run" in refused.stderr) == (1, True)
    assert CliRunner().invoke(dondoc, [*mistyped, "--dry-run"]).exit_code == 0


def test_a_day_at_the_end_of_all_calendars_is_a_problem_of_the_input(store: Store) -> None:
    database = store.url.render_as_string(hide_password=False)
    result = CliRunner().invoke(dondoc, ["status", "--as-of", "9999-12-31", "--database", database])
    assert (result.exit_code, "9999-12-31" in result.stderr) == (1, True)


def test_nobody_but_its_reader_is_shown_a_letters_own_link(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_LINK_KEY", "khóa bí mật để thử nghiệm")
    with store.writing() as session:
        World(session).duty("BYT", due=date(2025, 8, 29))
    printed = escalate(store, "--letters", "--json")
    assert "/tra-loi/" not in printed
    assert "[đường dẫn riêng của người nhận]" in json.loads(printed)["notices"][0]["text"]
    with store.reading() as session:
        assert "/tra-loi/" in session.exec(select(Notice.text)).one(), "the letter itself has it"
