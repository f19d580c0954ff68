"""The signed word of a gateway: a JWT (RFC 7519) by ES256 that counts once and holds for a minute."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

LASTS = timedelta(seconds=60)
DRIFT = timedelta(seconds=60)  # of the gateway's clock
LONGEST = 2_048  # characters
LONGEST_ID = 128
COORDINATE = 43  # of P-256 in base64url
Json = dict[str, Any]
Key = dict[str, str | list[str]]


class WordInvalid(Exception):
    """`reason` is a stable word of docs/reference/readings-api.md."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, kw_only=True)
class Unread:
    """What a word says of itself, before anything of it is believed."""

    token: str
    pairing: UUID


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word that holds: its number, until when it would hold, and how far the gateway's clock is ahead."""

    jti: str
    expires_at: datetime
    skew: timedelta


def public_key(given: object) -> tuple[str, Key]:
    """Thumbprint (RFC 7638) and the public part of a key on P-256. Raises WordInvalid."""
    if not isinstance(given, dict) or given.get("kty") != "EC" or given.get("crv") != "P-256":
        raise WordInvalid("key")
    if "d" in given:
        raise WordInvalid("private-key")
    found: dict[str, str | list[str]] = {name: str(given.get(name)) for name in ("crv", "kty", "x", "y")}
    if any(len(found[name]) != COORDINATE for name in "xy"):
        raise WordInvalid("key")
    try:
        ECKey.import_key(found)
    except (JoseError, ValueError, TypeError) as unusable:
        raise WordInvalid("key") from unusable
    words = json.dumps(found, separators=(",", ":"), sort_keys=True)
    print_ = base64.urlsafe_b64encode(hashlib.sha256(words.encode()).digest())
    return print_.rstrip(b"=").decode(), found


def unread(token: str) -> Unread:
    """Whom a word says it is from. Raises WordInvalid."""
    if len(token) > LONGEST or token.count(".") != 2:
        raise WordInvalid("unreadable")
    head, body = (_object(part) for part in token.split(".")[:2])
    if head.get("alg") != "ES256":
        raise WordInvalid("algorithm")
    pairing = body.get("iss")
    if not isinstance(pairing, str) or pairing != body.get("sub"):
        raise WordInvalid("unreadable")
    try:
        return Unread(token=token, pairing=UUID(pairing))
    except ValueError as unreadable:
        raise WordInvalid("unreadable") from unreadable


def word_in(unread: Unread, *, key: Key, audience: str, at: datetime) -> Word:
    """What the word proves at this moment. Raises WordInvalid with the reason."""
    claims = _signed(unread, key)
    if claims.get("aud") != audience:
        raise WordInvalid("audience")
    begun, ends, jti = _when(claims, "iat"), _when(claims, "exp"), claims.get("jti")
    if not begun < ends <= begun + LASTS:
        raise WordInvalid("too-long")
    if not (begun - DRIFT <= at < ends + DRIFT):
        raise WordInvalid("time")
    if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_ID or not jti.isprintable():
        raise WordInvalid("number")
    return Word(jti=jti, expires_at=ends + DRIFT, skew=begun - at)


def _signed(unread: Unread, key: Key) -> Json:
    try:
        return dict(jwt.decode(unread.token, ECKey.import_key(key), algorithms=["ES256"]).claims)
    except (JoseError, ValueError, TypeError, RecursionError) as failure:
        raise WordInvalid("signature") from failure


def _when(claims: Json, name: str) -> datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 2**33:
        raise WordInvalid("time")
    return datetime.fromtimestamp(value, UTC)


def _object(part: str) -> Json:
    try:
        found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError) as unreadable:
        raise WordInvalid("unreadable") from unreadable
    if not isinstance(found, dict):
        raise WordInvalid("unreadable")
    return found
