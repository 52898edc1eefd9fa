"""Signing in and out, at a local account or a government identity provider; accounts, passwords, programs' tokens."""

from fastapi import APIRouter

from portal.desk import Desk
from portal.pages import Pages
from portal.signing import accounts, clients, identity, pages, password, webhooks
from portal.signing.device import Devices
from portal.signing.identity import IdentityProvider

__all__ = ["Devices", "IdentityProvider", "routes"]


def routes(desk: Desk, rendered: Pages, provider: IdentityProvider | None, devices: Devices) -> APIRouter:
    """Return the routes of this room; `devices` knows the browsers people signed in with before."""
    router = APIRouter()
    router.include_router(pages.routes(desk, rendered, provider.name if provider else "", devices))
    if provider:
        router.include_router(identity.routes(desk, rendered, provider))
    for part in (password, accounts, clients, webhooks):
        router.include_router(part.routes(desk, rendered))
    return router
