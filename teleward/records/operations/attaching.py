"""A document goes out with what it points at: nobody out there can read our Binary."""

from typing import Any
from uuid import UUID

import msgspec

from teleward.access.grants import Action, Grant
from teleward.records.queries.resources import body_of

Json = dict[str, Any]


def whole(*, grant: Grant, body: bytes) -> bytes:
    """The JSON of a DocumentReference with its attachments inside; what is not here any more stays away."""
    grant.must_cover(Action.RECORD_SEND)
    resource: Json = msgspec.json.decode(body)
    for content in resource["content"]:
        content["attachment"] = _with_data(grant, content["attachment"])
    return msgspec.json.encode(resource)


def _with_data(grant: Grant, attachment: Json) -> Json:
    kind, _slash, named = attachment.get("url", "").rpartition("/")
    if kind != "Binary":
        return attachment
    rest = {name: value for name, value in attachment.items() if name != "url"}
    found = body_of(grant=grant, kind="Binary", logical_id=UUID(named))
    if found is None or not found.body:
        return rest
    return {**rest, "data": msgspec.json.decode(found.body)["data"]}
