"""Forms of decisions: what was typed becomes an action, or the list of what is missing or wrong in it."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Request
from starlette.datastructures import FormData

from decisions import Outcome
from decisions.outcome import REFUSED
from notifications.plain_text import plain
from portal.forms import asks_for
from portal.pages import TOLD
from rules.access import Visitor
from texts import Language

LONGEST = 2000
_YEARS = range(2000, 2101)
_AT = re.compile(r"[a-z0-9_-]{0,40}")
_BACK = re.compile(r"/(questions|assignments|agencies|obstacles|holds|people)(?![^/?#])[^\s\\]{0,500}")
_TICKED = "yes"
Action = TypeVar("Action")


@dataclass(frozen=True)
class Typed:
    """What was typed into one form, by the names of its fields; `at` keeps them apart from a page's other forms."""

    at: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        """Return what was typed into a field."""
        return self.values.get(name, default)


@dataclass(frozen=True)
class Wrong:
    """Something missing or wrong: the field, and the entry of `texts/words/acting.toml` that says so."""

    name: str
    entry: str


@dataclass(frozen=True)
class Read(Generic[Action]):
    """A form as read: the action it holds, or else what is wrong."""

    action: Action | None
    wrong: tuple[Wrong, ...] = ()


def typed_in(form: FormData) -> Typed:
    """Return the words of a form; files and foreign fields are left out."""
    given = form.get("at")
    at = given if isinstance(given, str) and _AT.fullmatch(given) else ""
    words = {name: value for name, value in form.items() if isinstance(value, str)}
    return Typed(at, {name.removeprefix(f"{at}-"): value[:LONGEST] for name, value in words.items()})


async def _typed(request: Request) -> Typed:
    return typed_in(await request.form())


TypedForm = Annotated[Typed, Depends(_typed)]


def back_of(typed: Typed, otherwise: str) -> str:
    """Return the page of ours a form leads back to."""
    asked = typed.get("back")
    return asked if _BACK.fullmatch(asked) and "//" not in asked else otherwise


def read_action(kind: type[Action], typed: Typed, **given: object) -> Read[Action]:
    """Read a decision of a `kind` from what was typed; `given` says what the form does not.

    A field without a default must be filled in; days are ISO days. What the form does not show is not read.
    """
    values, wrong = dict(given), []
    for one in fields(kind):  # type: ignore[arg-type]
        if one.name in given:
            continue
        asked = typed.get(one.name).strip() if asks_for(kind.name, one.name) else ""  # type: ignore[attr-defined]
        value = _value(one.type, asked)
        if value is None and (asked or one.default is MISSING):
            wrong.append(Wrong(one.name, "wrong_value" if asked else "missing"))
        elif value is not None:
            values[one.name] = value
    return Read(None, tuple(wrong)) if wrong else Read(kind(**values))


def _value(kind: Any, text: str) -> object | None:
    """Return what a text means as a day, a yes or no, or words; None when it means nothing or is empty."""
    if kind is bool:
        return {_TICKED: True, "no": False}.get(text)
    if kind is str:
        return plain(text, LONGEST) or None
    try:
        return _day(text) if kind in (date, date | None) else kind(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    day = date.fromisoformat(text)
    return day if day.year in _YEARS else None


def speaker(visitor: Visitor) -> str:
    """Name who decides: the post, and the account it acted with."""
    return f"{visitor.post} ({visitor.name})"


def tell(request: Request, outcome: Outcome) -> None:
    """Let the next page say what became of a change."""
    assert outcome.outcome != REFUSED
    request.session[TOLD] = [outcome.outcome, *map(outcome.said, Language), outcome.action]
