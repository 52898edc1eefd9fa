"""The catalogue of this room: every sentence in both languages with the same blanks, one for each reason."""

import tomllib
from importlib.resources import files
from string import Formatter

from notifications import Suppression
from rules.ladder import Role
from texts import both

WORDS = tomllib.loads((files("texts") / "words" / "notice.toml").read_text(encoding="utf-8"))


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_blanks() -> None:
    for name, entry in WORDS.items():
        assert set(entry) == {"vi", "en"}, name
        assert blanks(entry["vi"]) == blanks(entry["en"]), name


def test_each_reason_for_silence_and_each_role_has_its_sentence() -> None:
    for reason in Suppression:
        assert both(f"notice.suppressed_{reason}")
    for role in Role:
        assert both(f"notice.ask_{role}")
