"""Programs that ask the API: each has a token, and no session."""

from typing import Any

import httpx

from decisions.clients import issue_client
from portal.app import create_app
from portal.desk import Desk
from rules.access import Scope
from tests.portal.conftest import NOW, Browser


class Program:
    """One program with its token."""

    def __init__(self, desk: Desk, scope: Scope = Scope.READ, agency: str = "") -> None:
        """Let the program in."""
        self.token = issue_client(desk.store, name=f"{scope}-{agency}", scope=scope, agency=agency, by="t", now=NOW)
        self.browser = Browser(create_app(desk))

    def ask(self, path: str, method: str = "GET", **more: Any) -> httpx.Response:
        """Ask under /api/v1."""
        headers = {"authorization": f"Bearer {self.token}"}
        return self.browser.request(method, f"/api/v1{path}", headers=headers, **more)
