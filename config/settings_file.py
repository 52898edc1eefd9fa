"""The optional file of settings, named by DONDOC_SETTINGS: TOML, each name as in the environment without DONDOC_.

`link_days = 30` is DONDOC_LINK_DAYS=30. The environment goes before the file.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic_settings import EnvSettingsSource

PREFIX = "DONDOC_"
NAMED_BY = "DONDOC_SETTINGS"


class SettingsFileError(ValueError):
    """The file cannot be read: `reason` says why, quoting nothing of it, for it may hold secrets."""

    def __init__(self, file: Path, reason: str) -> None:
        """Name the file and why."""
        super().__init__(f"{file}: {reason}")
        self.file, self.reason = file, reason


def settings_file() -> Path | None:
    """Return the file DONDOC_SETTINGS names, or None without one."""
    named = os.environ.get(NAMED_BY, "").strip()
    return Path(named) if named else None


def values_in_file() -> dict[str, Any]:
    """Return what the file states, by the names it uses; {} without a file. Raises SettingsFileError."""
    file = settings_file()
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsFileError(file, error.strerror or type(error).__name__) from None
    except UnicodeDecodeError:
        raise SettingsFileError(file, "UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        place = str(error).rpartition("(")[2].rstrip(")")
        raise SettingsFileError(file, f"TOML, {place}") from None


def stated() -> Mapping[str, str]:
    """Return every setting stated, by its name in the environment: there or, failing that, in the file."""
    in_file = {PREFIX + name.upper(): str(value) for name, value in values_in_file().items() if is_plain(value)}
    return {**in_file, **{name: value for name, value in os.environ.items() if name.startswith(PREFIX) and value}}


def ops_channel() -> str:
    """Return the Apprise URL that hears of what goes wrong, "" without one, also where other settings are wrong."""
    return _stated_alone("OPS_CHANNEL")


def data_folder() -> Path:
    """Return the folder of the data, also where other settings are wrong."""
    return Path(_stated_alone("DATA") or "var")


def _stated_alone(name: str) -> str:
    name = f"{PREFIX}{name}"
    try:
        return stated().get(name, "")
    except SettingsFileError:
        return os.environ.get(name, "")


def is_plain(value: object) -> bool:
    """Say whether a value is one the environment could hold: text, a number, true or false."""
    return isinstance(value, (str, int, float))


class FileSource(EnvSettingsSource):
    """The file as pydantic-settings reads the environment."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        in_file = values_in_file().items()
        return {f"{PREFIX}{name}".lower(): str(value) for name, value in in_file if is_plain(value)}
