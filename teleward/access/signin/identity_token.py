"""Whether an identity token holds (OpenID Connect Core 3.1.3.7), and how strong a sign-in it tells of."""

import base64
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from teleward.access.signin.factors import Method
from teleward.access.signin.limits import PROVIDER, SESSION
from teleward.access.signin.provider_wire import ProviderFailed, keys_of
from teleward.access.signin.providers import Provider
from teleward.kernel.clock import now

# Public keys only: a shared secret is refused, and so is no signature at all.
SIGNED_WITH = ("RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519")
LONGEST_SUBJECT = 255
KINDS = {  # RFC 8176 2, by kind of factor; a message to a telephone counts as none
    "knows": frozenset({"pwd", "pin"}),
    "has": frozenset({"otp", "hwk", "swk", "sc", "pop"}),
    "is": frozenset({"fpt", "face", "iris", "retina", "vbm"}),
}


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who somebody is at their provider, when they showed it, and how."""

    issuer: str
    subject: str
    at: datetime
    aal: int
    method: Method


def identity_in(token: str, *, provider: Provider, nonce: str) -> Identity:
    """The identity a token proves. Raises ProviderFailed with the reason."""
    claims = _signed(token, provider)
    at = now().timestamp()
    drift = PROVIDER.clock_drift.total_seconds()
    if claims.get("iss") != provider.issuer:
        raise ProviderFailed("issuer")
    if claims.get("aud") not in (provider.client_id, [provider.client_id]):
        raise ProviderFailed("audience")
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise ProviderFailed("audience")
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise ProviderFailed("nonce")
    made, ends = _number(claims, "iat"), _number(claims, "exp")
    if not made - drift <= at < ends + drift or at - made > PROVIDER.token_age.total_seconds() + drift:
        raise ProviderFailed("time")
    return _identity(claims, provider, at)


def _identity(claims: dict[str, Any], provider: Provider, at: float) -> Identity:
    subject, shown = claims.get("sub"), _number(claims, "auth_time")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise ProviderFailed("subject")
    if at - shown > SESSION.overall.total_seconds() or shown > at + PROVIDER.clock_drift.total_seconds():
        raise ProviderFailed("auth-time")
    aal, method = strength(provider, acr=claims.get("acr"), amr=claims.get("amr"))
    return Identity(
        issuer=provider.issuer,
        subject=subject,
        at=datetime.fromtimestamp(min(shown, at), UTC),
        aal=aal,
        method=method,
    )


def strength(provider: Provider, *, acr: object, amr: object) -> tuple[int, Method]:
    """Assurance level and method that the provider's word is evidence of; one factor without any."""
    if acr in provider.device_bound:
        return 3, Method.PROVIDER_KEY
    if acr in provider.phishing_resistant:
        return 2, Method.PROVIDER_KEY
    used = {word for word in amr if isinstance(word, str)} if isinstance(amr, list) else set()
    kinds = sum(bool(used & words) for words in KINDS.values())
    two = acr in provider.two_factors or "mfa" in used or kinds >= 2
    return (2 if two else 1), Method.PROVIDER


def _signed(token: str, provider: Provider) -> dict[str, Any]:
    head = _head(token)
    if head.get("alg") not in SIGNED_WITH:
        raise ProviderFailed("algorithm")
    keys = keys_of(provider, str(head.get("kid", "")))
    try:
        known = KeySet.import_key_set({"keys": [key for key in keys["keys"] if key.get("kty") != "oct"]})
        return dict(jwt.decode(token, known, algorithms=list(SIGNED_WITH)).claims)
    except (JoseError, ValueError, KeyError, TypeError) as failure:
        raise ProviderFailed("signature") from failure


def _head(token: str) -> dict[str, Any]:
    part = token.partition(".")[0]
    try:
        found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError as unreadable:
        raise ProviderFailed("unreadable") from unreadable
    return found if isinstance(found, dict) else {}


def _number(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProviderFailed("time" if name != "auth_time" else "auth-time")
    return float(value)
