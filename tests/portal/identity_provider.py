"""A small OpenID Connect provider on this machine: discovery, PKCE, RS256 tokens; it can be told to lie."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "dondoc", "a-secret-of-the-tests"


class Provider:
    """Who signs in there is `person`; `lies` replace claims of its tokens; `forged` signs them with another key.

    `instead` is what it says of itself in place of the truth.
    """

    def __init__(self, address: str) -> None:
        """Stand at an address, with a key of its own."""
        self.address = address
        self.key = RSAKey.generate_key(2048, parameters={"kid": "1", "use": "sig", "alg": "RS256"})
        self.person: dict[str, Any] = {"sub": "42", "email": "thu.ky@example.vn", "email_verified": True}
        self.lies: dict[str, Any] = {}
        self.forged = False
        self.instead: object = None
        self.asked: dict[str, dict[str, str]] = {}

    @property
    def discovery(self) -> str:
        """Where it says what it is."""
        return f"{self.address}/.well-known/openid-configuration"

    def metadata(self) -> Any:
        """Say what it is."""
        if self.instead is not None:
            return self.instead
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
        return {
            "issuer": self.address,
            **{name: f"{self.address}/{place}" for name, place in places.items()},
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Sign the person in and return where their browser is sent."""
        assert (asked["client_id"], asked["response_type"], asked["code_challenge_method"]) == (CLIENT, "code", "S256")
        code = f"code-{len(self.asked)}"
        self.asked[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, given: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Change a code for tokens, once, for who asked for it."""
        asked = self.asked.pop(given.get("code", ""), None)
        challenge = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        proven = asked and base64.urlsafe_b64encode(challenge).decode().rstrip("=") == asked["code_challenge"]
        client = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        if not asked or not proven or client != f"{CLIENT}:{SECRET}":
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        key = RSAKey.generate_key(2048, parameters={"kid": "1"}) if self.forged else self.key
        token = jwt.encode({"alg": "RS256", "kid": "1"}, {**claims, **self.person, **self.lies}, key)
        return 200, {"access_token": "x", "token_type": "Bearer", "expires_in": 300, "id_token": token}


@contextmanager
def running() -> Iterator[Provider]:
    """Serve a provider on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer discovery, keys and the sign-in."""
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
                return
            keys = {"keys": [provider.key.as_dict(private=False)]}
            self.answer(200, provider.metadata() if parts.path.startswith("/.well-known") else keys)

        def do_POST(self) -> None:
            """Answer the request for tokens."""
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            given = {name: values[0] for name, values in parse_qs(body).items()}
            self.answer(*provider.token(given, self.headers.get("Authorization", "")))

        def answer(self, status: int, told: Any) -> None:
            """Send JSON."""
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
