"""A resource as it is kept: with id, version and time of it, and every digit as it was written."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec

Parts = dict[str, msgspec.Raw]
_decoder = msgspec.json.Decoder(Parts)
_encode = msgspec.json.Encoder().encode


def stamped(body: bytes, *, logical_id: UUID, version: int, at: datetime) -> bytes:
    """The JSON of a resource with `id`, `meta.versionId` and `meta.lastUpdated` set."""
    parts = _decoder.decode(body)
    kind = parts.pop("resourceType")
    meta = _decoder.decode(parts.pop("meta")) if "meta" in parts else {}
    meta["versionId"] = msgspec.Raw(f'"{version}"'.encode())
    meta["lastUpdated"] = msgspec.Raw(f'"{instant(at)}"'.encode())
    parts.pop("id", None)
    first: Parts = {"resourceType": kind, "id": msgspec.Raw(f'"{logical_id}"'.encode())}
    first["meta"] = msgspec.Raw(_encode(meta))
    return _encode({**first, **parts})


def instant(at: datetime) -> str:
    """As FHIR writes an instant: UTC, with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def kept_time(at: datetime) -> datetime:
    """Cut to milliseconds, so that what is stored is what is said."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
