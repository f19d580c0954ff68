"""A resource as patients read it: who works in the practice is named, or has a role, as it decided."""

from typing import Any
from uuid import UUID

import msgspec

from teleward.access.queries.naming import Naming
from teleward.kernel.openings import without_grant
from teleward.records.fhir.primitives import exact

Resource = dict[str, Any]
_decode = msgspec.json.Decoder(float_hook=exact).decode  # every digit as it was written
_encode = msgspec.json.Encoder(decimal_format="number").encode
WORK_HERE = frozenset({"Practitioner", "PractitionerRole"})
TELLS_WHO = frozenset({"name", "telecom", "address", "photo", "birthDate", "gender", "identifier"})


@without_grant("Takes names away from what a query with a grant has read.")
def as_told(*, resource: Resource, called: Naming) -> Resource:
    """The resource with members of staff called as patients read them; a narrative would name them."""
    if called.with_names:
        return resource
    told = {name: _told(value, called) for name, value in resource.items() if name != "text"}
    return _without_name(told, called) if told.get("resourceType") == "Practitioner" else told


@without_grant("As `as_told`.")
def body_as_told(*, body: bytes, called: Naming) -> bytes:
    """The same for the JSON of a resource."""
    if called.with_names or not body:
        return body
    return _encode(as_told(resource=_decode(body), called=called))


def _told(value: object, called: Naming) -> object:
    if isinstance(value, list):
        return [_told(each, called) for each in value]
    if not isinstance(value, dict):
        return value
    if "resourceType" in value:  # contained
        return as_told(resource=value, called=called)
    told = {name: _told(each, called) for name, each in value.items()}
    kind, _slash, identifier = str(told.get("reference", "")).rpartition("/")
    if WORK_HERE & {kind.rpartition("/")[2], str(told.get("type", ""))} and "display" in told:
        told["display"] = _of(identifier, called)
    return told


def _without_name(practitioner: Resource, called: Naming) -> Resource:
    kept = {name: value for name, value in practitioner.items() if name not in TELLS_WHO}
    return kept | {"name": [{"text": _of(str(practitioner.get("id", "")), called)}]}


def _of(identifier: str, called: Naming) -> str:
    """What somebody is called by their id; of an id that is none of ours, the practice."""
    try:
        return called.of(UUID(identifier), identifier)
    except ValueError:
        return called.practice
