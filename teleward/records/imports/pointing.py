"""What the resources of a file call each other, made into what they are called here."""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

import msgspec

from .reading import Item, Json

HOUSE = UUID("6e0b9d5c-51a5-5a0e-8a5f-6d1f5d3c7a10")  # of the names below; another would import all twice
OWNED_BY = ("subject", "patient", "beneficiary", "for", "individual", "securityContext")
RELATIVE = re.compile(r"([A-Z][A-Za-z]+)/([A-Za-z0-9.\-]{1,64})(?:/_history/[A-Za-z0-9.\-]{1,64})?")
LONGEST = 200


def logical_id(*, practice: UUID, source: str, item: Item) -> UUID:
    """The id here of a resource there: the same whenever it comes again from the same system."""
    own = (item.said or {}).get("id") or item.full_url or _digest(item.said or {})
    return uuid5(HOUSE, "\n".join((str(practice), source, item.kind, str(own))))


def owners_named(said: Json) -> Iterator[Json]:
    """The references that say whose a resource is."""
    for name in OWNED_BY:
        if isinstance(said.get(name), dict):
            yield said[name]
    participants = said.get("participant")
    for part in participants if isinstance(participants, list) else []:
        if isinstance(part, dict) and isinstance(part.get("actor"), dict):
            yield part["actor"]


def pointed(said: Any, places: dict[str, str], source: str) -> Any:  # noqa: ANN401 - any JSON
    """The same with each reference to something of the file as it is called here.

    What is not in the file is named as the other system's, by an identifier instead of a reference.
    """
    if isinstance(said, list):
        return [pointed(each, places, source) for each in said]
    if not isinstance(said, dict):
        return said
    changed = {name: pointed(each, places, source) for name, each in said.items()}
    if isinstance(said.get("url"), str) and said["url"] in places:  # of an attachment
        changed["url"] = places[said["url"]]
    target = said.get("reference")
    return _changed(changed, target, places, source) if isinstance(target, str) else changed


def pointers(said: Any) -> Iterable[str]:  # noqa: ANN401 - any JSON
    """Every reference in it, and every address of an attachment."""
    if isinstance(said, list):
        for each in said:
            yield from pointers(each)
    elif isinstance(said, dict):
        yield from (said[name] for name in ("reference", "url") if isinstance(said.get(name), str))
        for each in said.values():
            yield from pointers(each)


def _changed(said: Json, target: str, places: dict[str, str], source: str) -> Json:
    found = places.get(target) or places.get(target.partition("/_history/")[0])
    if found:
        return said | {"reference": found}
    if not RELATIVE.fullmatch(target) and not target.startswith("urn:"):
        return said
    bare = {name: each for name, each in said.items() if name != "reference"}
    known = said.get("identifier") or {"system": "urn:ietf:rfc:3986", "value": _name(source, target)}
    return bare | {"identifier": known}


def _name(source: str, target: str) -> str:
    return target if target.startswith("urn:") else f"{source} {target}"[:LONGEST]


def _digest(said: Json) -> str:
    plain = msgspec.json.Encoder(decimal_format="number", order="deterministic").encode(said)
    return sha256(plain).hexdigest()
