"""Settings a deployment gives through the environment: every name begins with DONDOC_."""

from pathlib import Path
from urllib.parse import quote

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from rules.status import CompletionLevel


class Settings(BaseSettings):
    """Where things lie and how judging is done; `data` is the folder the other places default to.

    `database` (DONDOC_DATABASE_URL) is SQLite or PostgreSQL. `channel` is one Apprise URL and may hold a password.
    `completion_level` says what counts as completion: declared, evidenced or confirmed. One assignment may be extended
    `extensions` times, by `extension_days` calendar days in all; the assigning authority may make exceptions.
    """

    model_config = SettingsConfigDict(env_prefix="DONDOC_", env_ignore_empty=True, extra="ignore")

    data: Path = Path("var")
    database: str = Field(
        default_factory=lambda known: f"sqlite:///{known['data']}/dondoc.db", validation_alias="DONDOC_DATABASE_URL"
    )
    channel: SecretStr = Field(default_factory=lambda known: SecretStr(maildir(known["data"] / "mail")))
    contacts: Path | None = None
    completion_level: CompletionLevel = CompletionLevel.EVIDENCED
    warning_working_days: int = Field(default=10, ge=0, le=250)
    extensions: int = Field(default=3, ge=0)
    extension_days: int = Field(default=365, ge=0)
    inbox: Path = Path("inbox")
    reports: Path = Field(default_factory=lambda known: known["data"] / "reports")


def maildir(folder: Path) -> str:
    """Return the channel that files digests in `folder`."""
    return f"maildir://{quote(str(folder))}"
