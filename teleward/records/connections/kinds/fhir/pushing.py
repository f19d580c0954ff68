"""Bringing a resource there, so that it is there once, however often it is sent.

It carries our identifier, a UUID that no other thing has. What has it there is changed, with If-Match; where
nothing has it, it is created, with If-None-Exist, so that two who try at the same moment still make one.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.conf import settings

from teleward.records.connections.kind import Delivered, Item, Link, Refused

from .client import SAME, Found, address_of, search, told
from .people import patient_there
from .wire import Json, decoded

LEFT_HERE = frozenset({"id", "meta", "text"})  # a narrative would name our places
FOUND_THERE = frozenset({"Appointment", "Encounter"})  # what others point at, and what was sent before them


def send(link: Link, item: Item) -> Delivered:
    """Raises Refused or Unreachable."""
    there = patient_there(link, item.patient)
    resource = _shaped(link, item, there)
    found = _named(link, item.type, item.key)
    if len(found.resources) > 1:
        raise Refused("found-twice")
    if found.resources:
        return _changed(link, item.type, resource, found.resources[0])
    headers = {"If-None-Exist": f"identifier={SAME}|{item.key}"}
    answer = told(link, "POST", item.type, resource, headers)
    return Delivered(remote=address_of(link, answer.headers.get("location", ""))[:200])


def _changed(link: Link, kind: str, resource: Json, there: Json) -> Delivered:
    logical_id, version = str(there.get("id", "")), there.get("meta", {}).get("versionId")
    headers = {"If-Match": f'W/"{version}"'} if version else {}
    place = f"{kind}/{quote(logical_id, safe='')}"
    told(link, "PUT", place, {**resource, "id": logical_id}, headers)
    return Delivered(remote=place)


def _named(link: Link, kind: str, key: str) -> Found:
    return search(link, kind, {"identifier": f"{SAME}|{key}"})


def _shaped(link: Link, item: Item, patient: str) -> Json:
    resource: Json = decoded(item.body)
    own = f"Patient/{decoded(item.patient)['id']}"
    known = {own: patient} | {each: _place(link, each) for each in _pointed_at(link, resource)}
    ours = {name: value for name, value in resource.items() if name not in LEFT_HERE}
    said: Json = {name: _pointed(value, known) for name, value in ours.items()}
    others = [each for each in said.get("identifier", []) if each.get("value") != item.key]
    said["identifier"] = [{"system": SAME, "value": item.key}, *others]
    said["meta"] = {"source": f"{settings.ORIGIN}/fhir/{item.type}/{item.logical_id}"}
    return said


def _pointed_at(link: Link, value: object) -> Iterator[str]:
    """What this points at and may be there already: of the types that we bring there."""
    if isinstance(value, dict):
        named = str(value.get("reference", ""))
        if named.partition("/")[0] in FOUND_THERE & set(link.settings.get("sends", ())):
            yield named
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from _pointed_at(link, part)


def _place(link: Link, named: str) -> str:
    """Its place there; empty where it is not there, or not once."""
    kind, _slash, logical_id = named.partition("/")
    found = _named(link, kind, f"urn:uuid:{logical_id}").resources
    return f"{kind}/{found[0]['id']}" if len(found) == 1 and "id" in found[0] else ""


def _pointed(value: Any, known: dict[str, str]) -> Any:  # noqa: ANN401 - any JSON
    """With every reference of ours as one that means something there: a place, or an identifier."""
    if isinstance(value, list):
        return [_pointed(each, known) for each in value]
    if not isinstance(value, dict):
        return value
    named = value.get("reference")
    if not isinstance(named, str) or "/" not in named:
        return {name: _pointed(each, known) for name, each in value.items()}
    rest = {name: each for name, each in value.items() if name == "display"}
    if known.get(named):
        return {"reference": known[named], **rest}
    kind, _slash, logical_id = named.partition("/")
    return {"type": kind, "identifier": {"system": SAME, "value": f"urn:uuid:{logical_id}"}, **rest}
