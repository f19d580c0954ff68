"""Identity tokens (OpenID Connect Core 2): who the person is, for the app they signed in to."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from teleward.access.models import AppGrant, SigningKey
from teleward.access.smart import places
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal_own, unseal_own
from teleward.kernel.openings import without_grant

ALGORITHM = "RS256"  # what SMART App Launch 2.2 asks for
CONTEXT = "access.signing-key"
BITS = 3072
LASTS = timedelta(minutes=5)  # it is read in the moment it arrives


@dataclass(frozen=True)
class _Key:
    id: str
    private: RSAKey


@without_grant("Public keys, for whoever checks an identity token.")
def published_keys() -> dict[str, list[dict[str, Any]]]:
    """The public halves as a JWK set (RFC 7517 5)."""
    return {"keys": [row.public for row in SigningKey.objects.order_by("-made_at")]}


def identity_token(given: AppGrant, *, nonce: str, who: str) -> str:
    """A signed word for the app of this consent; `who` is the address of the person's FHIR resource."""
    key, at = _key(), now()
    claims: dict[str, Any] = {
        "iss": places.origin(),
        "sub": str(given.person_id),
        "aud": str(given.client_id),
        "iat": int(at.timestamp()),
        "exp": int((at + LASTS).timestamp()),
    }
    claims |= {"nonce": nonce} if nonce else {}
    claims |= {"auth_time": int(given.session.authenticated_at.timestamp())} if given.session else {}
    claims |= {"fhirUser": who, "profile": who} if who else {}
    return jwt.encode({"alg": ALGORITHM, "kid": key.id}, claims, key.private, algorithms=[ALGORITHM])


def _key() -> _Key:
    row = SigningKey.objects.order_by("-made_at").first() or _made()
    private = RSAKey.import_key(json.loads(unseal_own(sealed=bytes(row.sealed), context=CONTEXT)))
    return _Key(id=str(row.id), private=private)


def _made() -> SigningKey:
    private = RSAKey.generate_key(BITS)
    plain = json.dumps(private.as_dict(private=True)).encode()
    row = SigningKey(sealed=seal_own(plaintext=plain, context=CONTEXT))
    row.public = {**private.as_dict(private=False), "kid": str(row.id), "use": "sig", "alg": ALGORITHM}
    row.save()
    return row
