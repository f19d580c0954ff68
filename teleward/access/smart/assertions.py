"""Whether a client's signed word holds (SMART App Launch 2.2, asymmetric authentication; RFC 7523 3)."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from .limits import ASSERTION_LASTS, CLOCK_DRIFT
from .problems import InvalidClient

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = {"ES384": "EC", "RS384": "RSA"}  # with the kind of key each takes
LONGEST = 8_192  # characters
LONGEST_ID = 255
LEAST_RSA_BITS = 2048
JsonKeys = list[dict[str, Any]]
KeysOf = Callable[[str], JsonKeys]  # the client's public keys; the name of the one that is looked for


@dataclass(frozen=True)
class Assertion:
    """What a signed word says of itself, before anything of it is believed."""

    token: str
    head: dict[str, Any]
    client: str


@dataclass(frozen=True)
class Proof:
    """A word that holds: its number, which is taken once, and until when it would hold."""

    jti: str
    expires_at: datetime


def unread(token: str) -> Assertion:
    """Whom the word says it is from. Raises InvalidClient."""
    if len(token) > LONGEST or token.count(".") != 2:
        raise InvalidClient("unreadable")
    head, body = (_object(part) for part in token.split(".")[:2])
    client = body.get("iss")
    if not isinstance(client, str) or client != body.get("sub"):
        raise InvalidClient("issuer-and-subject")
    return Assertion(token, head, client)


def proof_in(assertion: Assertion, *, keys: KeysOf, audiences: frozenset[str], at: datetime) -> Proof:
    """What the word proves at this moment. Raises InvalidClient with the reason."""
    claims = _signed(assertion, keys)
    said = claims.get("aud")
    named = said if isinstance(said, list) else [said]
    if not any(isinstance(each, str) and each in audiences for each in named):
        raise InvalidClient("audience")
    expires_at = _when(claims)
    if not at - CLOCK_DRIFT < expires_at <= at + ASSERTION_LASTS + CLOCK_DRIFT:
        raise InvalidClient("time")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_ID:
        raise InvalidClient("jti")
    return Proof(jti=jti, expires_at=expires_at)


def faults_of(keys: JsonKeys) -> list[str]:
    """What is wrong with a set of public keys, in words of the ledger; nothing where it serves."""
    if not keys or not all(isinstance(key, dict) for key in keys):
        return ["no-keys"]
    faults = [] if all(key.get("kid") for key in keys) else ["no-kid"]
    if any("d" in key or key.get("kty") == "oct" for key in keys):
        faults.append("private-key")
    return faults or ([] if any(_usable(key) for key in keys) else ["no-usable-key"])


def _signed(assertion: Assertion, keys: KeysOf) -> dict[str, Any]:
    algorithm, name = assertion.head.get("alg"), assertion.head.get("kid")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise InvalidClient("algorithm")
    if not isinstance(name, str) or not name:
        raise InvalidClient("no-kid")
    known = [key for key in keys(name) if key.get("kid") == name and key.get("kty") == ALGORITHMS[algorithm]]
    found = [key for key in map(_usable, known) if key is not None]
    if len(found) != 1:
        raise InvalidClient("unknown-key")
    try:
        return dict(jwt.decode(assertion.token, found[0], algorithms=[algorithm]).claims)
    except (JoseError, ValueError, TypeError) as failure:
        raise InvalidClient("signature") from failure


def _usable(key: dict[str, Any]) -> RSAKey | ECKey | None:
    """The public key, if it is of a kind and a size that is taken here and made for signatures."""
    try:
        if key.get("use", "sig") != "sig" or "verify" not in key.get("key_ops", ["verify"]):
            return None
        if key.get("kty") == "RSA":
            return RSAKey.import_key(_public(key, "n", "e")) if _is_long(key) else None
        return ECKey.import_key(_public(key, "crv", "x", "y")) if key.get("crv") == "P-384" else None
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _is_long(key: dict[str, Any]) -> bool:
    """Whether the modulus has the least length; six bits stand in each letter."""
    return 6 * len(str(key["n"])) >= LEAST_RSA_BITS


def _public(key: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: key[name] for name in ("kty", *names)}


def _when(claims: dict[str, Any]) -> datetime:
    value = claims.get("exp")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 2**33:
        raise InvalidClient("time")
    return datetime.fromtimestamp(value, UTC)


def _object(part: str) -> dict[str, Any]:
    try:
        found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError) as unreadable:
        raise InvalidClient("unreadable") from unreadable
    if not isinstance(found, dict):
        raise InvalidClient("unreadable")
    return found
