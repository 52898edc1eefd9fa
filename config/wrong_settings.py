"""Read the settings, or say everything that is wrong with them at once, without quoting what may be a secret."""

from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from config.settings import CHANNEL, Settings
from config.settings_file import PREFIX, SettingsFileError, is_plain, settings_file, values_in_file

_FORMS = {
    "quiet_hours": "21:00-06:00",
    "trial": "vanthu@example.vn, thuky@example.vn",
    "meeting_list": "vanthu@example.vn, thuky@example.vn",
    "portal_url": "https://dondoc.example.vn",
    "trusted_proxies": "127.0.0.1, 10.1.0.0/16",
}
_LONGEST_NUMBER = 12
# A default that could not be made because the setting it follows is wrong: said of that one.
_FOLLOWS = "default_factory_not_called"


class Wrong(StrEnum):
    """In what way a setting is wrong."""

    NO_FILE = "no_file"
    UNKNOWN = "unknown"
    NOT_PLAIN = "not_plain"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    NOT_ONE_OF = "not_one_of"
    TOO_SHORT = "too_short"
    OTHER_FORM = "other_form"


@dataclass(frozen=True)
class WrongSetting:
    """One mistake: the setting's name, what is wrong, and the values for the sentence that says it.

    `values` hold what is allowed, and as `found` what was found where that is a number; any other text may be a
    secret put in the wrong place, and is described by its length alone.
    """

    name: str
    wrong: Wrong
    values: dict[str, object] = field(default_factory=dict)


class WrongSettingsError(Exception):
    """Some settings are wrong: `mistakes` are all of them."""

    def __init__(self, mistakes: list[WrongSetting]) -> None:
        """Take every mistake, in the order of their names."""
        super().__init__(", ".join(mistake.name for mistake in mistakes))
        self.mistakes = mistakes


def read_settings() -> Settings:
    """Return the settings of the environment and the file; raises WrongSettingsError with every mistake."""
    mistakes = _mistakes_in_file()
    try:
        chosen = Settings()
    except SettingsFileError:
        pass  # said above
    except ValidationError as error:
        mistakes += [_mistake(each) for each in error.errors() if each["type"] != _FOLLOWS]
    if mistakes:
        raise WrongSettingsError(sorted(mistakes, key=lambda mistake: mistake.name))
    return chosen


def known_names() -> list[str]:
    """Return the name in the environment of every setting."""
    return sorted(str(field.validation_alias or f"{PREFIX}{name.upper()}") for name, field in _fields().items())


def unknown_names(names: list[str]) -> dict[str, str]:
    """Return which of `names` no setting has, each with the nearest name there is ("" without one)."""
    known = known_names()
    strange = [name for name in names if name not in known and not name.startswith(CHANNEL)]
    return {name: next(iter(get_close_matches(name, known, n=1)), "") for name in strange}


def _mistakes_in_file() -> list[WrongSetting]:
    try:
        values = {PREFIX + name.upper(): value for name, value in values_in_file().items()}
    except SettingsFileError as error:
        return [WrongSetting("DONDOC_SETTINGS", Wrong.NO_FILE, {"file": error.file, "reason": error.reason})]
    unknown = unknown_names(list(values))
    return [
        *(
            WrongSetting(name, Wrong.UNKNOWN, {"file": settings_file(), "nearest": nearest or "…"})
            for name, nearest in unknown.items()
        ),
        *(
            WrongSetting(name, Wrong.NOT_PLAIN, {"file": settings_file()})
            for name, value in values.items()
            if name not in unknown and not is_plain(value)
        ),
    ]


def _mistake(error: Any) -> WrongSetting:
    name = str(error["loc"][0])
    field_name = next((each for each, field in _fields().items() if name in (each, field.validation_alias)), name)
    shown_name = name if name.startswith(PREFIX) else PREFIX + name.upper()
    context, found = error.get("ctx", {}), _described(error["input"])
    match error["type"]:
        case "enum" | "literal_error":
            return WrongSetting(shown_name, Wrong.NOT_ONE_OF, {"found": found, "allowed": context["expected"]})
        case "greater_than_equal" | "less_than_equal":
            return WrongSetting(shown_name, Wrong.OUT_OF_RANGE, {"found": found, **_range(field_name)})
        case "int_parsing" | "int_type" | "int_from_float":
            return WrongSetting(shown_name, Wrong.NOT_A_NUMBER, {"found": found, **_range(field_name)})
        case "string_too_short" | "too_short":
            return WrongSetting(shown_name, Wrong.TOO_SHORT, {"least": context["min_length"]})
        case _:
            return WrongSetting(shown_name, Wrong.OTHER_FORM, {"found": found, "form": _FORMS.get(field_name, "…")})


def _described(value: object) -> str:
    text = str(value)
    is_number = len(text) <= _LONGEST_NUMBER and text.lstrip("-").replace(".", "", 1).isdecimal()
    return text if is_number else f"[{len(text)}]"


def _range(name: str) -> dict[str, object]:
    limits = {
        limit: getattr(each, limit)
        for each in _fields()[name].metadata
        for limit in ("ge", "le")
        if hasattr(each, limit)
    }
    return {"least": limits.get("ge", "…"), "most": limits.get("le", "…")}


def _fields() -> dict[str, FieldInfo]:
    return Settings.model_fields
