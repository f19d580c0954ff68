"""Bundles put together from resources as they are kept, without reading them again."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from teleward.kernel.ids import new_id
from teleward.records.store.revealing import Version
from teleward.records.store.stamping import instant

from .messages import root

_encode = msgspec.json.Encoder().encode
Raw = msgspec.Raw
METHODS = {"POST": "POST", "PUT": "PUT", "DELETE": "DELETE"}


def entry_of_search(version: Version, *, mode: str = "match", body: bytes = b"") -> dict[str, Any]:
    """One resource that was found, or came along."""
    return {
        "fullUrl": f"{root()}/{version.type}/{version.id}",
        "resource": Raw(body or version.body),
        "search": {"mode": mode},
    }


def entry_of_history(version: Version) -> dict[str, Any]:
    """One version in a history."""
    method = METHODS.get(version.deed, "POST" if version.version == 1 else "PUT")
    place = version.type if method == "POST" else f"{version.type}/{version.id}"
    status = {"POST": "201", "DELETE": "204"}.get(method, "200")
    said = {"status": status, "etag": f'W/"{version.version}"', "lastModified": instant(version.last_updated)}
    return {
        "fullUrl": f"{root()}/{version.type}/{version.id}",
        **({"resource": Raw(version.body)} if version.body else {}),
        "request": {"method": method, "url": place},
        "response": said,
    }


def search_bundle(
    entries: Sequence[Mapping[str, Any]], *, total: int | None, links: Iterable[tuple[str, str]]
) -> bytes:
    """A page of what was found."""
    return _bundle(
        "searchset",
        **({"total": total} if total is not None else {}),
        link=[{"relation": relation, "url": url} for relation, url in links],
        **({"entry": list(entries)} if entries else {}),
    )


def history_bundle(entries: Sequence[Mapping[str, Any]]) -> bytes:
    """A history."""
    return _bundle("history", total=len(entries), entry=list(entries))


def response_bundle(kind: str, entries: Sequence[Mapping[str, Any]]) -> bytes:
    """What came of a batch or a transaction; kind: batch-response or transaction-response."""
    return _bundle(kind, **({"entry": list(entries)} if entries else {}))


def _bundle(kind: str, **parts: object) -> bytes:
    return _encode({"resourceType": "Bundle", "id": str(new_id()), "type": kind, **parts})
