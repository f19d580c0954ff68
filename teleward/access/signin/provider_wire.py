"""What goes over the wire to an identity provider: its description, its keys, a code for a token."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import URLError
from urllib.parse import quote_plus, urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from teleward.access.signin.limits import PROVIDER
from teleward.access.signin.providers import Provider, is_safe
from teleward.kernel.clock import now

LARGEST = 262_144  # bytes of an answer
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderFailed(Exception):
    """The provider is silent or says what it must not. The reason is for the ledger, one word."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class _Stay(HTTPRedirectHandler):
    """A provider answers where it was asked; a redirect could lead the secret elsewhere."""

    def redirect_request(self, *_args: object) -> None:
        return None


_opener = build_opener(_Stay)


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """An answer that is good for a while."""

    value: dict[str, Any]
    at: datetime


_descriptions: dict[str, _Kept] = {}
_keys: dict[str, _Kept] = {}


def describe(provider: Provider) -> dict[str, Any]:
    """The provider's metadata (OpenID Connect Discovery 4). Raises ProviderFailed."""
    kept = _descriptions.get(provider.issuer)
    if kept is None or now() - kept.at > PROVIDER.keys_kept:
        found = _ask(provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if found.get("issuer") != provider.issuer:
            raise ProviderFailed("issuer")
        if not all(is_safe(str(found.get(name, ""))) for name in ENDPOINTS):
            raise ProviderFailed("endpoints")
        kept = _descriptions[provider.issuer] = _Kept(value=found, at=now())
    return kept.value


def keys_of(provider: Provider, key: str) -> dict[str, Any]:
    """The provider's keys as a JWK set; asked anew for an unknown key, but not all the time."""
    kept = _keys.get(provider.issuer)
    if kept is not None:
        age = now() - kept.at
        knows = any(one.get("kid") == key for one in kept.value["keys"]) or not key
        if age <= PROVIDER.keys_kept and (knows or age <= PROVIDER.keys_asked_again):
            return kept.value
    found = _ask(describe(provider)["jwks_uri"])
    if not isinstance(found.get("keys"), list):
        raise ProviderFailed("keys")
    _keys[provider.issuer] = _Kept(value=found, at=now())
    return found


def token_for(provider: Provider, *, code: str, verifier: str, back: str) -> str:
    """The identity token for a code (RFC 6749 4.1.3, RFC 7636 4.5). Raises ProviderFailed."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
    secret = f"{quote_plus(provider.client_id)}:{quote_plus(provider.client_secret)}"
    headers = {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}
    endpoint = describe(provider)["token_endpoint"]
    found = _ask(endpoint, data=urlencode(form).encode(), headers=headers)
    token = found.get("id_token")
    if not isinstance(token, str):
        raise ProviderFailed("token")
    return token


def address_to_ask(provider: Provider, question: Mapping[str, str]) -> str:
    """Where the browser goes to sign in. Raises ProviderFailed."""
    asked = {"response_type": "code", "client_id": provider.client_id, "scope": "openid", **question}
    endpoint = str(describe(provider)["authorization_endpoint"])
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"


def challenge_of(verifier: str) -> str:
    """What is sent ahead of a verifier (RFC 7636 4.2, S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _ask(
    address: str, *, data: bytes | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    if not is_safe(address):
        raise ProviderFailed("endpoints")
    said = {"Accept": "application/json", **(headers or {})}
    request = Request(address, data=data, headers=said)  # noqa: S310 - is_safe lets only TLS and this machine through
    try:
        with _opener.open(request, timeout=PROVIDER.patience.total_seconds()) as answer:
            return _object_in(answer)
    except (URLError, HTTPException, TimeoutError, ConnectionError) as failure:
        refused = getattr(failure, "code", 0) in range(400, 500)
        raise ProviderFailed("refused" if refused else "silent") from failure


def _object_in(answer: HTTPResponse) -> dict[str, Any]:
    text = answer.read(LARGEST + 1)
    try:
        found = json.loads(text) if len(text) <= LARGEST else None
    except ValueError as unreadable:
        raise ProviderFailed("unreadable") from unreadable
    if not isinstance(found, dict):
        raise ProviderFailed("unreadable")
    return found
