"""What a version says, once the ledger holds who opened it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from teleward.kernel.envelope import opened_key, unseal_under
from teleward.records.sealing import context_of


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of one resource; `body` is FHIR JSON, empty where it says that it was removed."""

    type: str
    id: UUID
    version: int
    patient: UUID | None
    deed: str
    last_updated: datetime
    body: bytes


def opened(rows: Iterable[tuple[Any, ...]]) -> list[Version]:
    """The rows of REVEAL, unsealed. Raises KeyDestroyed or SealBroken."""
    keys: dict[bytes | None, AESGCM] = {}
    return [_opened(keys, *row) for row in rows]


def _opened(  # noqa: PLR0917 - the columns of the statement
    keys: dict[bytes | None, AESGCM],
    kind: str,
    logical_id: UUID,
    version: int,
    practice: UUID,
    patient: UUID | None,
    deed: str,
    last_updated: datetime,
    body: bytes,
    wrapped: bytes | None,
) -> Version:
    words = b""
    if body:
        key = keys[wrapped] = keys.get(wrapped) or opened_key(wrapped=wrapped)
        context, owner = context_of(kind, logical_id, version), patient or practice
        words = unseal_under(key=key, patient=owner, sealed=body, context=context)
    return Version(
        type=kind,
        id=logical_id,
        version=version,
        patient=patient,
        deed=deed,
        last_updated=last_updated,
        body=words,
    )
