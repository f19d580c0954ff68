"""An OpenID Connect provider on this machine, written from the specifications, with faults to order.

It checks what a provider has to check (client, secret, redirect address, PKCE, one use of a code), so that a
client that leaves something out fails against it.
"""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, RSAKey

from teleward.kernel.clock import now


@dataclass
class FakeProvider:
    """What it says, and to whom it says it. Change a field to make it lie or fail."""

    client_id: str = "teleward"
    client_secret: str = "between-us:and nobody"
    subject: str = "u-4711"
    alg: str = "ES256"
    kid: str = "first"
    key: Key = field(default_factory=lambda: ECKey.generate_key("P-256"))
    published: dict[str, Key] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)  # said instead; None: left out
    head: dict[str, Any] = field(default_factory=dict)
    names_itself: bool = True  # RFC 9207
    described: dict[str, Any] = field(default_factory=dict)
    port: int = 0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self, name: str = "Klinikum") -> str:
        """The lines of the file of providers."""
        words = {
            "name": name,
            "issuer": self.issuer,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        lines = [f"{key} = {json.dumps(value)}" for key, value in words.items()]
        return "\n".join([*lines, 'two_factors = ["silver"]', 'phishing_resistant = ["phr"]', ""])

    def authorise(self, address: str) -> str:
        """What the provider's page does once somebody has signed in there: the address it sends back to."""
        question = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert question["response_type"] == "code"
        assert question["client_id"] == self.client_id
        assert question["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = question
        answer = {"code": code, "state": question["state"]}
        answer |= {"iss": self.issuer} if self.names_itself else {}
        return f"{question['redirect_uri']}?{urlencode(answer)}"

    def swap_key(self, kid: str, *, publish: bool) -> None:
        """From here on it signs with another key."""
        self.key, self.kid = ECKey.generate_key("P-256"), kid
        if publish:
            self.published = {kid: self.key}

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/bye",
            "authorization_response_iss_parameter_supported": self.names_itself,
        } | self.described

    def keys(self) -> dict[str, Any]:
        known = self.published or {self.kid: self.key}
        return {"keys": [key.as_dict(private=False) | {"kid": kid} for kid, key in known.items()]}

    def token(self, form: dict[str, str], basic: str) -> dict[str, str] | None:
        """An identity token for a code, or nothing."""
        question = self.codes.pop(form.get("code", ""), None)
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (
            question is None
            or basic != "teleward:between-us%3Aand+nobody"
            or form.get("redirect_uri") != question["redirect_uri"]
            or base64.urlsafe_b64encode(proof).decode().rstrip("=") != question["code_challenge"]
        ):
            return None
        return {"token_type": "Bearer", "access_token": "unused", "id_token": self.identity(question)}

    def identity(self, question: dict[str, str]) -> str:
        at = int(now().timestamp())
        said = {
            "iss": self.issuer, "aud": self.client_id, "sub": self.subject, "nonce": question["nonce"],
            "iat": at, "exp": at + 300, "auth_time": at, "amr": ["pwd", "otp"],
        } | self.claims  # fmt: skip
        said = {name: value for name, value in said.items() if value is not None}
        head = {"alg": self.alg, "kid": self.kid} | self.head
        if head["alg"] == "none":
            parts = (json.dumps(head), json.dumps(said))
            return ".".join(base64.urlsafe_b64encode(p.encode()).decode().rstrip("=") for p in parts) + "."
        key = OctKey.import_key(self.client_secret) if self.alg.startswith("HS") else self.key
        return jwt.encode(head, said, key, algorithms=[head["alg"]])


@contextmanager
def served(provider: FakeProvider) -> Iterator[FakeProvider]:
    """The provider, listening until the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            pages = {"/.well-known/openid-configuration": provider.description, "/keys": provider.keys}
            self._say(pages[self.path]() if self.path in pages else None)

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            basic = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()
            self._say(provider.token(form, basic))

        def _say(self, answer: dict[str, Any] | None) -> None:
            text = json.dumps(answer or {"error": "invalid_grant"}).encode()
            self.send_response(200 if answer else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def rsa() -> Key:
    """A key of the other common kind."""
    return RSAKey.generate_key(2048)
