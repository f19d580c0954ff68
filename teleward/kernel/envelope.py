"""Envelope encryption: what is sealed for a patient opens only with that patient's key.

A sealed value is 12 bytes of nonce followed by AES-256-GCM ciphertext and tag. The context, a short
name of the place the value belongs to, is authenticated with it: a value moved to another patient
or another place does not open.
"""

import os
import uuid
from collections.abc import Iterable, Iterator
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .errors import Problem
from .models import PatientKey

NONCE = 12
DESTROYED = b""  # in the place of a wrapped key


class KeyDestroyed(Problem):
    """The patient's key is gone, and with it what was sealed."""

    code = "kernel:key-destroyed"
    status = 410
    message = _("This was erased at the patient's request and cannot be read any more.")


class SealBroken(Problem):
    """The sealed bytes do not belong here or were changed."""

    code = "kernel:seal-broken"
    status = 500
    message = _("This stored text has been damaged. Please tell the person who looks after the system.")


def seal(*, patient: uuid.UUID, plaintext: bytes, context: str) -> bytes:
    """Encrypts bytes with the patient's key, which is made at the first use. Raises KeyDestroyed."""
    return _seal(_key_to_seal(patient), plaintext, _associated(str(patient), context))


def unseal(*, patient: uuid.UUID, sealed: bytes, context: str) -> bytes:
    """The bytes that were sealed. Raises KeyDestroyed or SealBroken."""
    row = PatientKey.objects.filter(patient=patient).first()
    if row is None:
        raise KeyDestroyed
    return _unseal(_unwrap(row), sealed, _associated(str(patient), context))


def fresh_key() -> bytes:
    """A new key, wrapped, for whoever stores it in a statement of their own."""
    return aes_key_wrap(_master_key(), os.urandom(32))


def opened_key(*, wrapped: bytes | None) -> AESGCM:
    """A key that is at hand, for several values of one patient; None or empty: there is none any more."""
    if not wrapped:
        raise KeyDestroyed
    return AESGCM(aes_key_unwrap(_master_key(), wrapped))


def seal_under(*, key: AESGCM, patient: uuid.UUID, plaintext: bytes, context: str) -> bytes:
    """As `seal`, with the patient's key at hand."""
    return _sealed(key, plaintext, _associated(str(patient), context))


def seal_all(*, key: AESGCM, patient: uuid.UUID, each: Iterable[tuple[str, bytes]]) -> list[bytes]:
    """As `seal_under` for many values, each with its context, in their order."""
    whose, encrypt = f"{patient} ".encode(), key.encrypt
    pairs = list(each)
    random = os.urandom(NONCE * len(pairs))
    nonces = [random[place : place + NONCE] for place in range(0, len(random), NONCE)]
    return [
        nonce + encrypt(nonce, plaintext, whose + context.encode())
        for nonce, (context, plaintext) in zip(nonces, pairs, strict=True)
    ]


def unseal_under(*, key: AESGCM, patient: uuid.UUID, sealed: bytes, context: str) -> bytes:
    """As `unseal`, with the patient's key at hand."""
    return _unsealed(key, sealed, _associated(str(patient), context))


def unseal_all(*, key: AESGCM, patient: uuid.UUID, each: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """As `unseal_under` for many values, each with its context, in their order."""
    whose = f"{patient} ".encode()
    for context, sealed in each:
        yield _unsealed(key, sealed, whose + context.encode())


@lru_cache(maxsize=1000)
def hashing_key(*, context: str) -> bytes:
    """32 bytes for keyed hashes of what may be searched for but not read, such as names. Never stored."""
    return _own_key(f"hashing {context}")


def destroy_key(*, patient: uuid.UUID) -> None:
    """Erases the patient's key, for good: its empty place stays, so that nothing is sealed anew either."""
    PatientKey.objects.update_or_create(patient=patient, defaults={"wrapped": DESTROYED})


def seal_own(*, plaintext: bytes, context: str) -> bytes:
    """Encrypts a secret of the installation itself, such as the seed of an authenticator app."""
    return _seal(_own_key(context), plaintext, context.encode())


def unseal_own(*, sealed: bytes, context: str) -> bytes:
    """The bytes given to `seal_own`. Raises SealBroken."""
    return _unseal(_own_key(context), sealed, context.encode())


def _master_key() -> bytes:
    return bytes.fromhex(settings.MASTER_KEY)


def _own_key(context: str) -> bytes:
    return _derived(settings.MASTER_KEY, context)


@lru_cache(maxsize=1000)
def _derived(master: str, context: str) -> bytes:
    words = b"teleward own " + context.encode()
    return HKDF(SHA256(), 32, salt=None, info=words).derive(bytes.fromhex(master))


def _key_to_seal(patient: uuid.UUID) -> bytes:
    fresh = aes_key_wrap(_master_key(), os.urandom(32))
    row, _made = PatientKey.objects.get_or_create(patient=patient, defaults={"wrapped": fresh})
    return _unwrap(row)


def _unwrap(row: PatientKey) -> bytes:
    if bytes(row.wrapped) == DESTROYED:
        raise KeyDestroyed
    return aes_key_unwrap(_master_key(), bytes(row.wrapped))


def _associated(patient: str, context: str) -> bytes:
    return f"{patient} {context}".encode()


def _seal(key: bytes, plaintext: bytes, associated: bytes) -> bytes:
    return _sealed(AESGCM(key), plaintext, associated)


def _sealed(key: AESGCM, plaintext: bytes, associated: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + key.encrypt(nonce, plaintext, associated)


def _unseal(key: bytes, sealed: bytes, associated: bytes) -> bytes:
    return _unsealed(AESGCM(key), sealed, associated)


def _unsealed(key: AESGCM, sealed: bytes, associated: bytes) -> bytes:
    sealed = bytes(sealed)
    try:
        return key.decrypt(sealed[:NONCE], sealed[NONCE:], associated)
    except (InvalidTag, ValueError) as broken:
        raise SealBroken from broken
