"""Programs as their makers write them: authlib as the client, over the pages themselves, without a socket."""

import io
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from django.test import Client as Browser
from joserfc.jwk import ECKey, Key
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

LEFT_OUT = {"Content-Type", "Content-Length", "Accept-Encoding"}
ORIGIN = "http://localhost:8000"
TOKEN = f"{ORIGIN}/oauth/token/"
KEY = ECKey.generate_key("P-384", parameters={"kid": "one"})


class Pages(BaseAdapter):
    """Hands requests to the pages as the server would."""

    def send(self, request: PreparedRequest, **_how: Any) -> Response:  # type: ignore[override]  # as requests calls it
        body = request.body or b""
        asked = Browser().generic(
            str(request.method),
            str(request.path_url),
            body.encode() if isinstance(body, str) else body,
            content_type=request.headers.get("Content-Type", ""),
            headers={name: value for name, value in request.headers.items() if name not in LEFT_OUT},
        )
        answer = Response()
        answer.status_code, answer.raw = asked.status_code, io.BytesIO(asked.content)
        answer.headers = CaseInsensitiveDict(asked.headers)
        answer.request, answer.url = request, str(request.url)
        return answer

    def close(self) -> None:
        """Nothing is open."""


class SoonOver(PrivateKeyJWT):
    """authlib's words hold for an hour; the standard allows five minutes."""

    def sign(self, auth: Any, token_endpoint: str) -> str:
        self.claims = {"exp": int(time.time()) + 240, "jti": str(uuid4())}
        return str(super().sign(auth, token_endpoint))


def app(client_id: object, *, key: Key | None = None, alg: str = "ES384", **how: Any) -> OAuth2Session:
    """A program of this name; with a key one that proves itself."""
    method = "private_key_jwt" if key else "none"
    ways = {"token_endpoint_auth_method": method, "revocation_endpoint_auth_method": method}
    session = OAuth2Session(str(client_id), key, **ways, **how)
    session.mount(ORIGIN, Pages())
    if key:
        session.register_client_auth_method(SoonOver(TOKEN, alg=alg, headers={"kid": "one"}))
    return session


def public(key: Key = KEY) -> Mapping[str, Any]:
    """What a program publishes of its key."""
    return {"keys": [{**key.as_dict(private=False), "kid": "one"}]}
