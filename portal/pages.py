"""`Pages`: renders the templates in the language of the reader, with the words of `texts` and who is signed in."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from notifications.plain_text import plain
from portal.access import form_token, visitor_here
from rules.access import Right
from rules.status import Status
from texts import Language, date_text, instant_text, number_text, period_text, say

TOLD = "told"
"""Where a session keeps what became of a change, until a page says it."""
_TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """The templates, once per language: Vietnamese with English beside, or English alone."""

    def __init__(self, *, trial: bool = False) -> None:
        """Load the templates; every value is escaped, a missing one is an error. `trial`: few receive, pages say so."""
        self._trial = trial
        self._templates = {language: _templates(language) for language in Language}

    def page(self, request: Request, template: str, *, status_code: int = 200, **values: object) -> HTMLResponse:
        """Return a page for whoever asks."""
        visitor = visitor_here(request)
        around = {
            "here": request.url.path,
            "visitor": visitor,
            "form_token": form_token(request.session) if visitor else "",
            "trial": self._trial,
            "told": lambda: request.session.pop(TOLD, None),
        }
        rendered = self._templates[language_of(request)].get_template(template).render(**around, **values)
        return HTMLResponse(rendered, status_code=status_code)


def language_of(request: Request) -> Language:
    """Return the language the reader chose; Vietnamese without a choice."""
    return Language.EN if request.session.get("language") == Language.EN else Language.VI


@cache
def _templates(language: Language) -> Environment:
    templates = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(
        said=lambda key, **values: _said(key, language, values),
        both=lambda key, **values: _beside(key, language, values),
        language=language.value,
        Right=Right,
        Status=Status,
    )
    templates.filters.update(
        day=lambda day: date_text(day) if day else "—",
        instant=instant_text,
        figure=lambda number: number_text(number, language=language),
        plain=plain,
        period=lambda period: period_text(period, language),
    )
    return templates


def _beside(key: str, language: Language, values: Mapping[str, object]) -> Markup:
    """Return a sentence in the reader's language; to a Vietnamese one with the English beside."""
    if language is Language.EN:
        return Markup.escape(_said(key, language, values))
    vi, en = (_said(key, each, values) for each in (Language.VI, Language.EN))
    return Markup('{} <span class="en" lang="en">{}</span>').format(vi, en)


def _said(key: str, language: Language, values: Mapping[str, object]) -> str:
    """Return a sentence; counts in it take the separators of its language."""
    worded = {name: number_text(v, language=language) if isinstance(v, int) else v for name, v in values.items()}
    return say(key, language, **worded)
