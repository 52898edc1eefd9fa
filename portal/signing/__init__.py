"""Signing in and out, at a local account or a government identity provider; the choice of language."""

from portal.signing.identity import IdentityProvider
from portal.signing.pages import routes

__all__ = ["IdentityProvider", "routes"]
