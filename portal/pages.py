"""`Pages`: renders the templates in the language of the reader, with the words of `texts` and who is signed in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from decisions import Outcome
from notifications.plain_text import plain
from portal.access import form_token, visitor_here
from portal.beside import english_beside
from portal.forms import FORMS
from rules.access import Right
from rules.status import Status
from texts import Language, SaidError, both, date_text, instant_text, number_text, period_text, say

TOLD = "told"
"""Where a session keeps what became of a change, until a page says it."""
_FAILED = frozenset({409, 422, 429, 503})
_TEMPLATES = Path(__file__).parent / "templates"


class Reading(StrEnum):
    """What a reader wants to read: Vietnamese alone, Vietnamese with English beside, English alone."""

    VI = "vi"
    BOTH = "both"
    EN = "en"

    @property
    def language(self) -> Language:
        """Return the language of what stands once: titles, labels, days."""
        return Language.EN if self is Reading.EN else Language.VI


@dataclass(frozen=True)
class Words:
    """A sentence ("topic.entry") that a page says in the reader's language, with what fills it."""

    entry: str
    values: Mapping[str, object]


Sayable = SaidError | Words | Outcome
"""What a page says as its reader reads."""


def worded(entry: str, /, **values: object) -> Words:
    """Return a sentence for a page to say."""
    return Words(entry, values)


class Pages:
    """The templates, once for each way of reading. They say `SaidError`, `Words` and `Outcome` as the reader reads."""

    def __init__(self, *, trial: bool = False) -> None:
        """Load the templates; every value is escaped, a missing one is an error. `trial`: few receive, pages say so."""
        self._trial = trial
        self._templates = {reading: _templates(reading) for reading in Reading}

    def page(self, request: Request, template: str, *, status_code: int = 200, **values: object) -> HTMLResponse:
        """Return a page for whoever asks."""
        visitor = visitor_here(request)
        around = {
            "here": request.url.path,
            "visitor": visitor,
            "form_token": form_token(request.session) if visitor else "",
            "trial": self._trial,
            "failed": status_code in _FAILED,
            "told": lambda: request.session.pop(TOLD, None),
        }
        rendered = self._templates[reading_of(request)].get_template(template).render(**around, **values)
        return HTMLResponse(rendered, status_code=status_code)

    def bare(self, chosen: object, entry: str, **values: object) -> tuple[str, str]:
        """Return a page of one sentence that asks nothing of the store, and the sentence alone, in both languages.

        `chosen` is how the reader chose to read, as a session keeps it.
        """
        template = self._templates[_chosen(chosen)].get_template("plain.html")
        return template.render(message=Words(entry, values)), both(entry, **values)


def language_of(request: Request) -> Language:
    """Return the language the reader chose; Vietnamese without a choice."""
    return reading_of(request).language


def reading_of(request: Request) -> Reading:
    """Return how the reader chose to read; Vietnamese with English beside without a choice."""
    return _chosen(request.session.get("language"))


def _chosen(reading: object) -> Reading:
    return Reading(str(reading)) if reading in set(Reading) else Reading.BOTH


@cache
def _templates(reading: Reading) -> Environment:
    language = reading.language
    templates = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: _in_words(value, reading),
    )
    templates.globals.update(
        said=lambda key, **values: _said(key, language, values),
        both=lambda key, **values: _beside(key, reading, values),
        pair=lambda vi, en: _pair(vi, en, reading),
        plainly=lambda words: _plainly(words, language),
        language=language.value,
        reading=reading.value,
        Right=Right,
        Status=Status,
        forms=FORMS,
    )
    templates.filters.update(
        day=lambda day: date_text(day) if day else "—",
        instant=instant_text,
        figure=lambda number: number_text(number, language=language),
        plain=plain,
        period=lambda period: period_text(period, language),
        month=lambda month: worded("period.month_of_year", month=str(int(month[5:])), year=month[:4]),
    )
    return templates


def _in_words(value: object, reading: Reading) -> object:
    """Return what a template prints: failures and outcomes are said as the reader reads."""
    if isinstance(value, SaidError | Words):
        return _in_both(lambda language: say(value.entry, language, **value.values), reading)
    return _in_both(value.said, reading) if isinstance(value, Outcome) else value


def _plainly(words: Words | str, language: Language) -> str:
    """Return words as plain text, for options and attributes."""
    return _said(words.entry, language, words.values) if isinstance(words, Words) else words


def _beside(key: str, reading: Reading, values: Mapping[str, object]) -> Markup:
    """Return a sentence as the reader reads."""
    return _sentence(key, reading, values) if values else _always(key, reading)


@cache
def _always(key: str, reading: Reading) -> Markup:
    """Return a sentence that holds nothing of a page: headings and labels, the same in every row."""
    return _sentence(key, reading, {})


def _sentence(key: str, reading: Reading, values: Mapping[str, object]) -> Markup:
    if reading is not Reading.BOTH:
        return Markup.escape(_said(key, reading.language, values))
    return _in_both(lambda language: _said(key, language, values), reading)


def _in_both(saying: Callable[[Language], str], reading: Reading) -> Markup:
    return _pair(saying(Language.VI), saying(Language.EN), reading)


def _pair(vi: str, en: str, reading: Reading) -> Markup:
    """Return what is said in both languages as the reader reads it."""
    if reading is not Reading.BOTH or vi == en:
        return Markup.escape(en if reading is Reading.EN else vi)
    return Markup("{} {}").format(vi, english_beside(vi, en))


def _said(key: str, language: Language, values: Mapping[str, object]) -> str:
    """Return a sentence; counts in it take the separators of its language, and words in it speak it."""
    filled = {name: _filled(value, language) for name, value in values.items()}
    return say(key, language, **filled)


def _filled(value: object, language: Language) -> object:
    if isinstance(value, Words):
        return _said(value.entry, language, value.values)
    return number_text(value, language=language) if isinstance(value, int) else value
