"""The government identity provider people may sign in at (OpenID Connect)."""

from dataclasses import dataclass

from pydantic import SecretStr


@dataclass(frozen=True)
class IdentityProvider:
    """Where it is discovered and who we are to it; `name` is shown on the button."""

    name: str
    discovery_url: str
    client_id: str
    client_secret: SecretStr
