"""The two WebAuthn ceremonies, without storage: what to ask of the browser, and whether its answer holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    CollectedClientData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

REQUIRED = UserVerificationRequirement.REQUIRED


class CeremonyFailed(Exception):
    """The browser's answer does not hold. The reason is for the ledger, one word, never for the screen."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, kw_only=True)
class NewKey:
    """A passkey a browser has just made."""

    credential_id: bytes
    public_key: bytes  # COSE, CBOR
    sign_count: int
    aaguid: UUID
    is_backup_eligible: bool
    is_backed_up: bool
    transports: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class KnownKey:
    """What is stored of a passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    is_backup_eligible: bool


@dataclass(frozen=True, kw_only=True)
class Touch:
    """A passkey was used, its owner verified."""

    sign_count: int
    is_backed_up: bool


def _server() -> Fido2Server:
    host = urlsplit(settings.ORIGIN).hostname or "localhost"
    party = PublicKeyCredentialRpEntity(name="Teleward", id=host)
    return Fido2Server(party, verify_origin=lambda origin: origin == settings.ORIGIN)


def _descriptors(credential_ids: Iterable[bytes]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=i) for i in credential_ids
    ]


def creation_options(
    *, challenge: bytes, person: UUID, email: str, name: str, known: Iterable[bytes] = ()
) -> dict[str, Any]:
    """What `navigator.credentials.create` needs, as WebAuthn JSON. `known` keys are not made twice."""
    user = PublicKeyCredentialUserEntity(id=person.bytes, name=email, display_name=name)
    options, _ = _server().register_begin(
        user,
        _descriptors(known),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=REQUIRED,
        challenge=challenge,
    )
    return dict(options.public_key)


def request_options(*, challenge: bytes, known: Iterable[bytes] = ()) -> dict[str, Any]:
    """What `navigator.credentials.get` needs, as WebAuthn JSON. Without `known` any key may answer."""
    options, _ = _server().authenticate_begin(_descriptors(known), REQUIRED, challenge)
    return dict(options.public_key)


def finish_creation(*, challenge: bytes, response: Mapping[str, Any]) -> NewKey:
    """Check a registration (WebAuthn §7.1). Raises CeremonyFailed."""
    try:
        registration = RegistrationResponse.from_dict(response)
        _same_frame(registration.response.client_data)
        data = _server().register_complete(_state(challenge), registration)
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError, IndexError) as failure:
        raise CeremonyFailed(_reason(failure)) from failure
    credential = data.credential_data
    if credential is None:
        raise CeremonyFailed("no-key")
    return NewKey(
        credential_id=credential.credential_id,
        public_key=cbor.encode(dict(credential.public_key)),
        sign_count=data.counter,
        aaguid=UUID(bytes=bytes(credential.aaguid)),
        is_backup_eligible=data.is_backup_eligible(),
        is_backed_up=_backed_up(data),
        transports=_transports(response),
    )


def challenge_in(response: Mapping[str, Any]) -> bytes:
    """The challenge an assertion or registration claims to answer. Raises CeremonyFailed."""
    try:
        return CollectedClientData(websafe_decode(response["response"]["clientDataJSON"])).challenge
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as failure:
        raise CeremonyFailed("malformed") from failure


def credential_in(response: Mapping[str, Any]) -> tuple[bytes, bytes | None]:
    """The credential id and user handle an assertion names. Raises CeremonyFailed."""
    try:
        parsed = AuthenticationResponse.from_dict(response)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as failure:
        raise CeremonyFailed("malformed") from failure
    return parsed.raw_id, parsed.response.user_handle


def finish_request(*, challenge: bytes, key: KnownKey, response: Mapping[str, Any]) -> Touch:
    """Check an assertion (WebAuthn §7.2), its counter included. Raises CeremonyFailed."""
    try:
        parsed = AuthenticationResponse.from_dict(response)
        _same_frame(parsed.response.client_data)
        known = AttestedCredentialData.create(
            Aaguid.NONE, key.credential_id, CoseKey.parse(_mapping(key.public_key))
        )
        _server().authenticate_complete(_state(challenge), [known], parsed)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as failure:
        raise CeremonyFailed(_reason(failure)) from failure
    return _touch(key, parsed.response.authenticator_data)


def _mapping(public_key: bytes) -> Mapping[int, Any]:
    decoded: Any = cbor.decode(public_key)
    return dict(decoded)


def _touch(key: KnownKey, data: AuthenticatorData) -> Touch:
    counts = data.counter or key.sign_count
    if counts and data.counter <= key.sign_count:
        raise CeremonyFailed("counter")
    if data.is_backup_eligible() != key.is_backup_eligible:
        raise CeremonyFailed("backup-eligibility")
    return Touch(sign_count=data.counter, is_backed_up=_backed_up(data))


def _backed_up(data: AuthenticatorData) -> bool:
    if data.is_backed_up() and not data.is_backup_eligible():
        raise CeremonyFailed("backup-state")
    return data.is_backed_up()


def _same_frame(client: CollectedClientData) -> None:
    if client.cross_origin:
        raise ValueError("Cross origin.")


def _state(challenge: bytes) -> dict[str, Any]:
    return {"challenge": websafe_encode(challenge), "user_verification": REQUIRED}


def _transports(response: Mapping[str, Any]) -> tuple[str, ...]:
    listed = response["response"].get("transports") or ()
    return tuple(t for t in listed if isinstance(t, str) and t.isascii() and len(t) <= 16)[:8]


_REASONS = {
    "Cross origin": "cross-origin",
    "origin": "origin",
    "Wrong challenge": "challenge",
    "RP ID": "relying-party",
    "User Present": "not-present",
    "ser verification": "not-verified",
    "signature": "signature",
    "Incorrect type": "type",
}


def _reason(failure: Exception) -> str:
    return next((word for part, word in _REASONS.items() if part in str(failure)), "malformed")
