"""A document goes out with what it points at: nobody out there can read our Binary."""

from typing import Any
from uuid import UUID

import msgspec

from teleward.access.grants import Action, Grant
from teleward.records.fhir.primitives import exact
from teleward.records.queries.resources import body_of

Json = dict[str, Any]
_decode = msgspec.json.Decoder(dict[str, Any], float_hook=exact).decode  # every digit as it was written
_encode = msgspec.json.Encoder(decimal_format="number").encode


def whole(*, grant: Grant, body: bytes) -> bytes:
    """The JSON of a DocumentReference with its attachments inside; what is not here any more stays away."""
    grant.must_cover(Action.RECORD_SEND)
    resource: Json = _decode(body)
    for content in resource["content"]:
        content["attachment"] = _with_data(grant, content["attachment"])
    return _encode(resource)


def _with_data(grant: Grant, attachment: Json) -> Json:
    kind, _slash, named = attachment.get("url", "").rpartition("/")
    if kind != "Binary":
        return attachment
    rest = {name: value for name, value in attachment.items() if name != "url"}
    data = _data(grant, named)
    return {**rest, "data": data} if data else rest


def _data(grant: Grant, named: str) -> str:
    """What that Binary of the patient's holds, nothing where there is none."""
    try:
        found = body_of(grant=grant, kind="Binary", logical_id=UUID(named))
    except ValueError:
        return ""
    return str(_decode(found.body).get("data", "")) if found is not None and found.body else ""
