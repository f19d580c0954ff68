"""The key pair we prove ourselves with: made here, the private half sealed, the public for the other side."""

import json
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id, new_token

from .limits import WORD_LASTS

ALGORITHM = "ES384"
CURVE = "P-384"


def new_pair() -> tuple[bytes, dict[str, Any]]:
    """The private key as JSON, and the public one as a JWK set (RFC 7517 5)."""
    key, name = ECKey.generate_key(CURVE), str(new_id())
    private = {**key.as_dict(private=True), "kid": name}
    public = {**key.as_dict(private=False), "kid": name, "use": "sig", "alg": ALGORITHM}
    return json.dumps(private).encode(), {"keys": [public]}


def signed_word(private: bytes, *, client: str, audience: str) -> str:
    """Who we are, for the token endpoint (SMART App Launch 2.2, asymmetric authentication; RFC 7523 3)."""
    key, at = json.loads(private), now()
    claims = {
        "iss": client,
        "sub": client,
        "aud": audience,
        "jti": new_token(),
        "iat": int(at.timestamp()),
        "exp": int((at + WORD_LASTS).timestamp()),
    }
    head = {"alg": ALGORITHM, "kid": key["kid"], "typ": "JWT"}
    return jwt.encode(head, claims, ECKey.import_key(key), algorithms=[ALGORITHM])
