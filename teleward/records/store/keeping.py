"""Versions to be kept, as the statement takes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from teleward.access.grants import Written
from teleward.kernel.envelope import seal_under
from teleward.kernel.ids import new_id
from teleward.records.sealing import context_of

from .finding import Found, holder_of


@dataclass(frozen=True, kw_only=True)
class NewVersion:
    """One version of one resource; an empty body says that it was removed."""

    kind: str
    logical_id: UUID
    version: int
    patient: UUID | None
    practice: UUID
    body: bytes
    deed: str
    id: UUID = field(default_factory=new_id)
    found: Found = field(default_factory=Found)

    def sealed(self, key: AESGCM) -> bytes:
        """The body as it is stored, under the patient's key or the practice's."""
        if not self.body:
            return b""
        context = context_of(self.kind, self.logical_id, self.version)
        owner = self.patient or self.practice
        return seal_under(key=key, patient=owner, plaintext=self.body, context=context)


def entries_told(entries: Iterable[Written]) -> str:
    """The entries as JSON, in the one order in which everybody waits for the chains of patients."""
    ordered = sorted(entries, key=lambda entry: str(entry.patient or ""))
    return _json([vars(entry) for entry in ordered])


def rows_named(rows: Iterable[UUID]) -> str:
    """Ids as PostgreSQL writes an array."""
    return "{" + ",".join(map(str, rows)) + "}"


def keep_values(
    entries: Iterable[Written], versions: Sequence[NewVersion], sealed: Sequence[bytes], at: datetime
) -> tuple[object, ...]:
    """The values of KEEP. All versions are of one practice. As JSON they cost a tenth of arrays."""
    holders = [holder_of(each.kind, each.logical_id) for each in versions]
    placed = list(zip(holders, versions, strict=True))
    return (
        entries_told(entries),
        versions[0].practice,
        at,
        _json([_row(each, holder, body) for (holder, each), body in zip(placed, sealed, strict=True)]),
        _json([_named("holder key low high", h, row) for h, each in placed for row in each.found.moments]),
        _json([_named("holder key number unit", h, row) for h, each in placed for row in each.found.amounts]),
    )


def _row(version: NewVersion, holder: UUID, body: bytes) -> dict[str, object]:
    return {
        "id": version.id,
        "type": version.kind,
        "logical_id": version.logical_id,
        "version": version.version,
        "patient": version.patient,
        "body": body,
        "deed": version.deed,
        "holder": holder,
        "low": version.found.low,
        "high": version.found.high,
        "keys": "{" + ",".join(map(str, sorted(version.found.keys))) + "}",
    }


def _named(names: str, holder: UUID, row: tuple[object, ...]) -> dict[str, object]:
    return dict(zip(names.split(), (holder, *row), strict=True))


def _json(rows: Sequence[object]) -> str:
    """With times in ISO 8601, bytes in base64."""
    return msgspec.json.encode(rows).decode()
