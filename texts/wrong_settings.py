"""What is wrong with the settings, in words: every mistake at once."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from texts.catalogue import both


class Mistake(Protocol):
    """What is said of a wrong setting."""

    @property
    def name(self) -> str:
        """Its name in the environment."""

    @property
    def wrong(self) -> str:
        """In what way: an entry of `texts/words/setting.toml`."""

    @property
    def values(self) -> Mapping[str, object]:
        """What fills the entry."""


def tell_wrong_settings(mistakes: Iterable[Mistake]) -> str:
    """Return one line for what to do and one for each mistake, in both languages; no value that may be a secret."""
    found = list(mistakes)
    sentences = [both(f"setting.{each.wrong}", name=each.name, **each.values) for each in found]
    return "\n- ".join([both("cli.wrong_setting", names=", ".join(each.name for each in found)), *sentences])
