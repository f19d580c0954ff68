"""What each type is found by, and the values of a resource for it (R4, search.html).

The parameters are HL7's own, turned into paths over the structs by `architecture/fhir`: `r4/search_1.py` …
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from teleward.records.fhir.r4.resource import Resource
from teleward.records.fhir.r4.search_1 import SEARCH_1
from teleward.records.fhir.r4.search_2 import SEARCH_2
from teleward.records.fhir.r4.search_3 import SEARCH_3
from teleward.records.fhir.r4.search_4 import SEARCH_4
from teleward.records.fhir.r4.search_5 import SEARCH_5
from teleward.records.fhir.values import EXTRACTORS, Value, coded_in, type_of
from teleward.records.fhir.walking import Take, taker

_PUBLISHED = {**SEARCH_1, **SEARCH_2, **SEARCH_3, **SEARCH_4, **SEARCH_5}


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter. `type` is token, reference, string, date, uri, quantity, number or composite.

    `targets` are the types a reference may point to, none where it may be any. `paths` are attributes of the
    struct, with `@` the system of a code that a resource leaves unsaid; those of a composite are
    `base:one:other`.
    """

    name: str
    type: str
    paths: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


def _parameter(name: str, said: str) -> Parameter:
    kind, _space, rest = said.partition(" ")
    paths, _arrow, targets = rest.partition(" > ")
    return Parameter(name=name, type=kind, paths=tuple(paths.split()), targets=tuple(targets.split()))


# Without paths: the store knows them without looking into the body.
_EVERYWHERE = {
    name: Parameter(name=name, type=kind) for name, kind in (("_id", "token"), ("_lastUpdated", "date"))
}

PARAMETERS: dict[str, dict[str, Parameter]] = {
    kind: _EVERYWHERE | {name: _parameter(name, said) for name, said in published.items()}
    for kind, published in _PUBLISHED.items()
}


def values(resource: Resource) -> tuple[Value, ...]:
    """Everything the resource is found by, except `_id` and `_lastUpdated`.

    A composite's value has the values of its two parts in `parts`, which belong to the same component.
    """
    found: list[Value] = []
    for extract in _extractors(type(resource).__name__):
        extract(resource, found)
    return tuple(found)


Extract = Callable[[Resource, list[Value]], None]


@cache
def _extractors(kind: str) -> tuple[Extract, ...]:
    """One function per attribute a type is found by, so that a resource without it costs one look."""
    known = [p for p in PARAMETERS[kind].values() if p.paths and p.type != "composite"]
    simple: dict[str, list[Parameter]] = {}
    for parameter in known:
        for path in parameter.paths:
            simple.setdefault(path, []).append(parameter)
    composites = [p for p in PARAMETERS[kind].values() if p.type == "composite"]
    return (*(_simple(path, tuple(them)) for path, them in simple.items()), *map(_composite, composites))


def _simple(path: str, parameters: tuple[Parameter, ...]) -> Extract:
    take, system = taker(path.partition("@")[0]), path.partition("@")[2]
    ways = tuple((p.name, coded_in(system) if system else EXTRACTORS[p.type]) for p in parameters)

    def extract(resource: Resource, found: list[Value]) -> None:
        for leaf in take(resource):
            for name, way in ways:
                found.extend(way(name, leaf))

    return extract


def _composite(parameter: Parameter) -> Extract:
    ways = [_parts(path) for path in parameter.paths]

    def extract(resource: Resource, found: list[Value]) -> None:
        for bases, one, other in ways:
            for base in bases(resource):
                found.extend(_pairs(parameter.name, one(base), other(base)))

    return extract


def _parts(path: str) -> tuple[Take, Take, Take]:
    base, one, other = (part.partition("@")[0] for part in re.split(r":(?!//)", path))
    return taker(base), taker(one), taker(other)


def _pairs(name: str, ones: tuple[Any, ...], others: tuple[Any, ...]) -> Iterator[Value]:
    for other in others:
        for one in ones:
            for first in EXTRACTORS["token"](name, one):
                for second in EXTRACTORS[type_of(name, other)](name, other):
                    yield Value(name, "composite", parts=(first, second))
