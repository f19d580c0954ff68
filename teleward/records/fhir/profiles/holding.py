"""Whether a resource conforms, and nothing else: the quick way, made of functions once for each profile.

`checking.py` looks for the reasons, which takes longer, and only where this says no.
"""

from collections.abc import Callable
from typing import Any

from teleward.records.fhir.profiles.elements import typed, values_at
from teleward.records.fhir.profiles.invariants import INVARIANTS
from teleward.records.fhir.profiles.shape import Limit, Node
from teleward.records.fhir.profiles.slicing import belongs, fits, kind_pointed_to

Json = Any
Test = Callable[[Json], bool]


def test_of(node: Node) -> Test:
    """A function that says whether a value is as the node and all below it want it."""
    tests = [*_alone(node.limit), *(_part(part) for part in node.parts.values())]
    return lambda value: all(test(value) for test in tests)


def _alone(limit: Limit) -> list[Test]:
    tests: list[Test] = []
    if limit.fixed is not None or limit.pattern is not None or limit.codes:
        tests.append(lambda value: fits(limit, value))
    if limit.targets:
        allowed = {None, *limit.targets}
        tests.append(lambda value: not isinstance(value, dict) or kind_pointed_to(value) in allowed)
    return [*tests, *(INVARIANTS[key][1] for key in limit.obeys if key in INVARIANTS)]


def _part(part: Node) -> Test:
    name, least, most = part.name, part.limit.min, part.limit.max
    inside = [test_of(part)] if part.parts or _alone(part.limit) else []
    slices = [_slice(each, part.limit.by) for each in part.slices.values()]
    types = _types(part)

    def test(value: Json) -> bool:
        found = values_at(value, name)
        if len(found) < least or (most is not None and len(found) > most):
            return False
        every = all(of(each) for of in inside for each in found) and all(of(found) for of in slices)
        return every and (types is None or types(value)) and (not part.limit.closed or _only(part, found))

    return test


def _slice(node: Node, by: tuple[str, ...]) -> Test:
    inside, least, most = test_of(node), node.limit.min, node.limit.max

    def test(values: Json) -> bool:
        mine = [value for value in values if belongs(node, value, by)]
        return least <= len(mine) and (most is None or len(mine) <= most) and all(map(inside, mine))

    return test


def _types(part: Node) -> Test | None:
    allowed = {kind[0].upper() + kind[1:] for kind in part.limit.types}
    if not allowed:
        return None
    return lambda value: all(kind in allowed for kind, _found in typed(value, part.name))


def _only(part: Node, values: list[Json]) -> bool:
    return all(any(belongs(each, value, part.limit.by) for each in part.slices.values()) for value in values)
