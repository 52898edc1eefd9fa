"""What a column heading means: the variants the layouts know, compared without accents, capitals and punctuation."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rules.layout import Field, Layout, heading_words

__all__ = ["LONGEST_HEADING", "MEASURES", "PROGRESS", "Field", "Headings", "Meaning", "period_words"]

LONGEST_HEADING = 90
PROGRESS = frozenset({Field.STATUS, Field.PROGRESS_PCT, Field.RESULT_NOW, Field.EVIDENCE, Field.COMPLETED_DATE})
# What makes a column of indicators a table of its own.
MEASURES = frozenset({Field.UNIT, Field.TARGET, Field.ACTUAL})
_PARENTHESIS = re.compile(r"\([^()]*\)")
_FEWEST_WORDS_OF_A_PREFIX = 2
_PERIOD = re.compile(
    r"(?:(?P<quarter>quy) (?P<number>iv|i{1,3}|[1-4])|thang (?P<month>1[0-2]|0?[1-9]))(?: nam)?(?: (?P<year>20\d\d))?"
)
_PERIOD_WORDS = ("quy", "thang")
_MOST_REMEMBERED = 20_000


class Meaning(NamedTuple):
    """What a heading means in a layout."""

    layout: Layout
    field: Field


class Headings:
    """The headings the layouts know; `corrected` are further ones, whose meaning people gave in some table."""

    def __init__(self, layouts: Sequence[Layout], corrected: Iterable[str] = ()) -> None:
        """Index the headings by their words; the order of `layouts` decides which one is tried first."""
        self.layouts = tuple(layouts)
        self._meanings = _meanings(layouts)
        for heading in corrected:
            self._meanings.setdefault(heading_words(heading), ())
        self._beginnings = {start for words in self._meanings for start in _beginnings(words)}
        self._of_tokens: dict[str, str] = {}
        self._known: dict[str, bool] = {}

    def knows(self, text: str) -> bool:
        """Whether `text` is a heading of some layout or names a period; made to be asked of every cell."""
        if not text or len(text) > LONGEST_HEADING:
            return False
        known = self._known.get(text)
        if known is None:
            known = self._looked_up(text) is not None or bool(period_words(text))
            if len(self._known) < _MOST_REMEMBERED:
                self._known[text] = known
        return known

    def meanings(self, tiers: Sequence[str]) -> tuple[tuple[Meaning, ...], bool]:
        """Return what a column under `tiers` of headings may mean, and whether its own words say so.

        The lowest tier counts most. Of a text nobody knows whole, the longest known beginning counts, then the tiers
        above.
        """
        texts = list(dict.fromkeys(text for text in tiers if text))
        for text in (" ".join(texts), " ".join(texts[-2:]), *texts[-1:]):
            found = self._of(text)
            if found:
                return found, True
        for text in reversed(texts):
            found = self._of(text) or self._of_beginning(text)
            if found:
                return found, False
        return (), False

    def _of(self, text: str) -> tuple[Meaning, ...]:
        words = self._looked_up(text) if len(text) <= LONGEST_HEADING else None
        return () if words is None else self._meanings[words]

    def _of_beginning(self, text: str) -> tuple[Meaning, ...]:
        """Return the meaning of the longest known heading `text` begins with ("Kết quả đến nay (25/6)…")."""
        words = heading_words(text).split()
        for length in range(len(words) - 1, _FEWEST_WORDS_OF_A_PREFIX - 1, -1):
            found = self._meanings.get(" ".join(words[:length]))
            if found:
                return found
        return ()

    def _looked_up(self, text: str) -> str | None:
        """Return the words of `text` when they are a known heading; what stands in parentheses may be left out."""
        words = self._followed(text)
        if words not in self._meanings and "(" in text:
            words = self._followed(_PARENTHESIS.sub(" ", text))
        return words if words in self._meanings else None

    def _followed(self, text: str) -> str | None:
        """Return the words of `text`, or None as soon as no known heading begins like that."""
        so_far = ""
        for token in text.split():
            words = self._of_tokens.get(token)
            if words is None:
                words = heading_words(token)
                if len(self._of_tokens) < _MOST_REMEMBERED:
                    self._of_tokens[token] = words
            if words:
                so_far = f"{so_far} {words}" if so_far else words
                if so_far not in self._beginnings:
                    return None
        return so_far


def period_words(text: str) -> str | None:
    """Return the period a heading names, as a deadline is written: "Quý II", "Tháng 6/2025"; None for others."""
    words = heading_words(text) if len(text) <= LONGEST_HEADING else ""
    named = _PERIOD.fullmatch(words) if words.startswith(_PERIOD_WORDS) else None
    if named is None:
        return None
    period = f"Quý {named['number'].upper()}" if named["quarter"] else f"Tháng {int(named['month'])}"
    return f"{period}/{named['year']}" if named["year"] else period


def _meanings(layouts: Iterable[Layout]) -> dict[str, tuple[Meaning, ...]]:
    meanings: dict[str, tuple[Meaning, ...]] = {}
    for layout in layouts:
        for words, field in layout.by_words().items():
            meanings[words] = (*meanings.get(words, ()), Meaning(layout, field))
    return meanings


def _beginnings(words: str) -> Iterator[str]:
    at = words.find(" ")
    while at >= 0:
        yield words[:at]
        at = words.find(" ", at + 1)
    yield words
