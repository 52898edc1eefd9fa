"""The catalogues: one TOML file per topic, every entry a Vietnamese and an English sentence side by side."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Language(StrEnum):
    """The languages people are addressed in; Vietnamese comes first."""

    VI = "vi"
    EN = "en"


def say(key: str, language: Language = Language.VI, /, **values: object) -> str:
    """Return the sentence `key` ("topic.entry", e.g. "problem.not_a_workbook") with `values` put in.

    Raises KeyError when the catalogue has no such sentence or a value is missing. Values are text, never a format.
    """
    topic, _, entry = key.partition(".")
    return _topic(topic)[entry][language].format_map(values)


def both(key: str, /, **values: object) -> str:
    """Return the Vietnamese sentence and, beside it, the English one."""
    return f"{say(key, Language.VI, **values)} / {say(key, Language.EN, **values)}"


@cache
def _topic(topic: str) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("texts") / "words" / f"{topic}.toml").read_text(encoding="utf-8"))
