"""Settings a deployment gives through the environment or a file: every name begins with DONDOC_."""

from datetime import time
from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.settings_file import FileSource, stated
from rules.digest_policy import DigestPolicy
from rules.status import CompletionLevel

CHANNEL = "DONDOC_CHANNEL_"


class Settings(BaseSettings):
    """Where things lie and how judging is done; `data` is the folder the other places default to.

    `database` (DONDOC_DATABASE_URL) is SQLite or PostgreSQL. `channel` is one Apprise URL and may hold a password.
    `channel_fallback` is another, for notices that must be delivered and that the first did not take; `channels` those
    that rungs of the ladder name; `heartbeat` a file or an Apprise URL that gets a sign while the outbox balances;
    `ops_channel` an Apprise URL that hears of runs that failed, crashed or are late. `log` writes what runs
    do to stderr: `text`, or `json` lines of ids and counts.
    The final report goes to the addresses of `meeting_list` (commas or spaces between them) through `meeting_channel`,
    an Apprise URL, or through `channel` without one.
    `completion_level` says what counts as completion: declared, evidenced or confirmed. One assignment may be extended
    `extensions` times, by `extension_days` calendar days in all; the assigning authority may make exceptions.
    `ladder` names another ladder than the shipped one. `link_key` signs the links in digests by which readers answer at
    `portal_url` (none: digests hold no links); they live `link_days` days. The portal answers to the name in
    `portal_url` and to those of `portal_hosts`. A digest holds `most_per_digest` items and
    goes out in none of the `quiet_hours` ("21:00-06:00", days off then being quiet too); with `trial`, addresses by
    commas or spaces, nobody else receives. `webhook_key` derives what signs the deliveries to other systems (none: none
    can subscribe), `webhook_hosts` lists those inside the network. `backup_key` encrypts and opens backups. The doctor
    wants `least_free_mb` megabytes free for `data`; files are kept for `keep_…_days`, then `dondoc tidy` lists them.
    """

    model_config = SettingsConfigDict(
        env_prefix="DONDOC_", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    data: Path = Path("var")
    database: str = Field(
        default_factory=lambda known: f"sqlite:///{known['data']}/dondoc.db", validation_alias="DONDOC_DATABASE_URL"
    )
    channel: SecretStr = Field(default_factory=lambda known: SecretStr(maildir(known["data"] / "mail")))
    channel_fallback: SecretStr = SecretStr("")
    heartbeat: SecretStr = SecretStr("")
    ops_channel: SecretStr = SecretStr("")
    log: Literal["", "text", "json"] = ""
    meeting_channel: SecretStr | None = None
    meeting_list: str = ""
    contacts: Path | None = None
    completion_level: CompletionLevel = CompletionLevel.EVIDENCED
    warning_working_days: int = Field(default=10, ge=0, le=250)
    ladder: Path | None = None
    link_key: SecretStr | None = Field(default=None, min_length=16)
    link_days: int = Field(default=30, ge=1, le=366)
    portal_url: str = Field(default="http://127.0.0.1:8077", pattern=r"^https?://[^\s/?#]+(/\S*)?$")
    portal_hosts: str = ""
    most_per_digest: int = Field(default=500, ge=1)
    quiet_hours: str = Field(default="", pattern=r"^$|^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")
    trial: str = ""
    extensions: int = Field(default=3, ge=0)
    extension_days: int = Field(default=365, ge=0)
    inbox: Path = Field(default_factory=lambda known: known["data"] / "inbox")
    reports: Path = Field(default_factory=lambda known: known["data"] / "reports")
    backup_key: SecretStr | None = Field(default=None, min_length=16)
    session_key: SecretStr | None = Field(default=None, min_length=32)
    session_minutes: int = Field(default=30, ge=1, le=480)
    admin_password: SecretStr = SecretStr("")
    metrics_token: SecretStr | None = Field(default=None, min_length=16)
    trusted_proxies: str = ""
    webhook_key: SecretStr | None = Field(default=None, min_length=32)
    webhook_hosts: str = ""
    oidc_discovery_url: str = Field(default="", pattern=r"^$|^https://\S+$|^http://(127\.0\.0\.1|localhost)[:/]\S+$")
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = "OpenID Connect"
    least_free_mb: int = Field(default=500, ge=0)
    keep_workbooks_days: int = Field(default=730, ge=30)
    keep_copies_days: int = Field(default=90, ge=1)
    keep_logs_days: int = Field(default=90, ge=1)

    @classmethod
    def settings_customise_sources(  # type: ignore[override] # the rest are not used
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        **_others: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment and, for what it does not say, the file."""
        return init_settings, env_settings, FileSource(settings_cls)

    @property
    def folders(self) -> dict[str, Path]:
        """The folders whose files are kept beside the database, by the name a backup knows them by."""
        return {"data": self.data, "inbox": self.inbox, "reports": self.reports}

    @property
    def digest_policy(self) -> DigestPolicy:
        """How digests are held back."""
        first, _, last = (self.quiet_hours or "00:00-00:00").partition("-")
        return DigestPolicy(
            most_items=self.most_per_digest,
            quiet_from=time.fromisoformat(first),
            quiet_until=time.fromisoformat(last),
            trial=frozenset(_addresses(self.trial)),
        )

    @property
    def channels(self) -> dict[str, SecretStr]:
        """The Apprise URLs of the channels that rungs name beside e-mail: DONDOC_CHANNEL_SMS is "sms"."""
        return {
            name.removeprefix(CHANNEL).lower(): SecretStr(url)
            for name, url in stated().items()
            if name.startswith(CHANNEL) and name != f"{CHANNEL}FALLBACK" and url.strip()
        }

    @property
    def hosts_inside(self) -> frozenset[str]:
        """The hosts of this network, by name or IP address, that may be told of changes, over plain HTTP too."""
        return frozenset(host.lower().strip("[]") for host in _addresses(self.webhook_hosts))

    @property
    def portal_names(self) -> tuple[str, ...]:
        """The names the portal answers to beside the one of its address; "*" answers to any."""
        return _addresses(self.portal_hosts)

    @property
    def meeting_addresses(self) -> tuple[str, ...]:
        """The addresses of the meeting's list, in their order."""
        return _addresses(self.meeting_list)

    @property
    def proxies(self) -> tuple[str, ...]:
        """The IP addresses and networks whose word about a visitor's address is taken; "*" is any."""
        return tuple(each.strip() for each in self.trusted_proxies.split(",") if each.strip())

    @field_validator("trusted_proxies")
    @classmethod
    def _names_machines(cls, value: str) -> str:
        """Refuse what is no IP address or network: nobody would be trusted."""
        for each in filter(None, map(str.strip, value.split(","))):
            if each != "*":
                ip_network(each)
        return value

    @field_validator("trial", "meeting_list")
    @classmethod
    def _names_somebody(cls, value: str) -> str:
        """Refuse a list that names nobody: a trial would be none, and everybody would receive."""
        addresses = _addresses(value)
        if value and not (addresses and all("@" in address for address in addresses)):
            raise ValueError("not a list of addresses")
        return value


def _addresses(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").replace(";", " ").split())


def maildir(folder: Path) -> str:
    """Return the channel that files digests in `folder`."""
    return f"maildir://{quote(str(folder))}"
