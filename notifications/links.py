"""Signed links by which the reader of a digest answers without a login: who may answer what, and until when."""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer
from pydantic import SecretStr

from texts import SaidError

PATH = "/tra-loi"
_SALT = "dondoc.answer"


class BadLinkError(SaidError):
    """A link was altered, or its last day has passed; the message says what to do."""


@dataclass(frozen=True)
class Links:
    """Signs links with `key` (never stored) below the portal's address `base`; each lives `days` calendar days."""

    key: SecretStr
    base: str
    days: int = 30

    def link(self, notice_key: str, as_of: date) -> str:
        """Return the link by which the reader of a notice of `as_of` answers; `/<assignment's id>` leads to one."""
        until = as_of + timedelta(days=self.days)
        return f"{self.base.rstrip('/')}{PATH}/{self.token(notice_key, until)}"

    def token(self, notice_key: str, until: date) -> str:
        """Return what proves, through `until`, that its bearer was sent the notice."""
        signed = self._signer().dumps([notice_key, until.isoformat()])
        return signed if isinstance(signed, str) else signed.decode()

    def notice_of(self, token: str, *, today: date) -> str:
        """Return the key of the notice a token is for. Raises BadLinkError."""
        try:
            notice_key, until = self._signer().loads(token)
            last = date.fromisoformat(until)
        except (BadData, ValueError, TypeError) as error:
            raise BadLinkError("answer.link_altered") from error
        if today > last:
            raise BadLinkError("answer.link_expired")
        return str(notice_key)

    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(
            self.key.get_secret_value(), salt=_SALT, signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"}
        )
