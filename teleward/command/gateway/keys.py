"""The gateway's ES256 key: made here, never leaves, new each month. Each request has a proof of its own."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from joserfc import jwt
from joserfc.jwk import ECKey

from teleward.command.gateway.folder import write
from teleward.command.refusal import CannotContinue

VALID = timedelta(seconds=55)  # a minute is the most that a server takes
ROTATED = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Who asks, and whom."""

    pairing: str
    origin: str


def make_key(path: Path) -> ECKey:
    """A new key, durably in its file before anybody hears of it."""
    key = ECKey.generate_key("P-256", private=True)
    write(path, msgspec.json.encode(key.as_dict(private=True)))
    return key


def read_key(path: Path) -> ECKey:
    """Raises CannotContinue where it is missing or damaged."""
    try:
        return ECKey.import_key(msgspec.json.decode(path.read_bytes(), type=dict[str, str | list[str]]))
    except (OSError, ValueError, msgspec.DecodeError) as error:
        raise CannotContinue(
            f"The gateway's key {path} cannot be read. Pair again: teleward gateway forget, "
            "then ask the practice for a new code."
        ) from error


def public(key: ECKey) -> dict[str, str]:
    """What the server is told of it."""
    told = key.as_dict(private=False)
    return {name: str(told[name]) for name in ("kty", "crv", "x", "y")}


def sign(key: ECKey, proof: Proof, at: datetime) -> str:
    """A token for one request, at this time of the server's."""
    began = int(at.timestamp())
    claims = {
        "iss": proof.pairing,
        "sub": proof.pairing,
        "aud": proof.origin,
        "iat": began,
        "exp": began + int(VALID.total_seconds()),
        "jti": secrets.token_urlsafe(18),
    }
    return jwt.encode({"alg": "ES256", "typ": "JWT"}, claims, key)
