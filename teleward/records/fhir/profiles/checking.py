"""Holds a resource against a profile: how many, fixed, pattern, codes, types, targets, slices, rules."""

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from msgspec.json import Decoder

from teleward.records.fhir.findings import Issue
from teleward.records.fhir.profiles.elements import path_of, typed, values_at
from teleward.records.fhir.profiles.holding import Test, test_of
from teleward.records.fhir.profiles.invariants import INVARIANTS
from teleward.records.fhir.profiles.known import PROFILES
from teleward.records.fhir.profiles.shape import Node, tree
from teleward.records.fhir.profiles.slicing import belongs, fits, kind_pointed_to
from teleward.records.fhir.r4.resource import Resource
from teleward.records.fhir.reading import write

Json = Any
_plain = Decoder(float_hook=Decimal).decode


def check(resource: Resource, url: str) -> tuple[Issue, ...]:
    """What keeps the resource from being of the profile; nothing for one that is not among `PROFILES`."""
    body = _plain(write(resource))
    return tuple(issue for each in line(url) if not conforms(each, body) for issue in against(each, body))


def check_claims(resource: Resource) -> tuple[Issue, ...]:
    """Holds a resource against each profile it says it follows. An unknown one is told, not refused."""
    claimed = [claim.split("|")[0] for claim in resource.meta.profile if claim] if resource.meta else []
    found = [issue for url in claimed for issue in check(resource, url)]
    unknown = [url for url in claimed if url not in PROFILES]
    said = "There is no such profile here; the resource was not held against it."
    where = f"{type(resource).__name__}.meta.profile"
    return (*found, *(Issue("not-found", where, f"{url}: {said}", "information") for url in unknown))


def line(url: str) -> Iterator[str]:
    """The profile and the profiles it builds on."""
    while url in PROFILES:
        yield url
        url = PROFILES[url].parent


def conforms(url: str, body: Json) -> bool:
    """Whether the JSON of a resource is of this profile, without those it builds on."""
    return body["resourceType"] == PROFILES[url].type and _test(url)(body)


@cache
def _test(url: str) -> Test:
    return test_of(_tree(url))


def against(url: str, body: Json) -> Iterator[Issue]:
    """What keeps the JSON of a resource from being of this profile, without those it builds on."""
    root = _tree(url)
    if body["resourceType"] != root.name:
        yield Issue("structure", body["resourceType"], f"Expected {root.name} for {url}.")
        return
    yield from _inside(root, body, root.name)


@cache
def _tree(url: str) -> Node:
    return tree(PROFILES[url])


def _inside(node: Node, value: Json, path: str) -> Iterator[Issue]:
    """One value, and what is below it."""
    yield from _itself(node, value, path)
    for part in node.parts.values():
        place = f"{path}.{path_of(part.name)}"
        found = values_at(value, part.name)
        yield from _number(part, len(found), place)
        yield from _types(part, value, place)
        for number, each in enumerate(found):
            yield from _inside(
                part, each, f"{place}[{number}]" if isinstance(value.get(part.name), list) else place
            )
        yield from _sliced(part, found, place)


def _number(node: Node, count: int, path: str) -> Iterator[Issue]:
    limit = node.limit
    what = f" ({limit.id.rpartition(':')[2]})" if ":" in limit.id.rpartition(".")[2] else ""
    if count < limit.min:
        yield Issue("required", path, f"Expected {limit.min} or more{what}, found {count}.")
    if limit.max is not None and count > limit.max:
        yield Issue("structure", path, f"Expected {limit.max} at most{what}, found {count}.")


def _itself(node: Node, value: Json, path: str) -> Iterator[Issue]:
    limit = node.limit
    if not fits(limit, value):
        wanted = json.dumps(limit.pattern if limit.fixed is None else limit.fixed, default=str)
        yield Issue("value", path, f"Expected {wanted if limit.codes == () else ', '.join(limit.codes)}.")
    if limit.targets and isinstance(value, dict) and kind_pointed_to(value) not in {None, *limit.targets}:
        yield Issue("value", path, f"Expected a reference to {' or '.join(limit.targets)}.")
    for key in limit.obeys:
        if key in INVARIANTS and not INVARIANTS[key][1](value):
            yield Issue("invariant", path, INVARIANTS[key][0])


def _types(node: Node, value: Json, path: str) -> Iterator[Issue]:
    allowed = {kind[0].upper() + kind[1:] for kind in node.limit.types}
    for kind, _found in typed(value, node.name) if allowed else ():
        if kind not in allowed:
            yield Issue("structure", path, f"Expected {' or '.join(sorted(allowed))}, found {kind}.")


def _sliced(node: Node, values: list[Json], path: str) -> Iterator[Issue]:
    mine: set[int] = set()
    for part in node.slices.values():
        found = [(place, value) for place, value in enumerate(values) if belongs(part, value, node.limit.by)]
        mine |= {place for place, _value in found}
        yield from _number(part, len(found), path)
        for place, value in found:
            yield from _inside(part, value, f"{path}[{place}]")
    if node.limit.closed:
        for place in set(range(len(values))) - mine:
            yield Issue("structure", f"{path}[{place}]", "There may be nothing else here.")
