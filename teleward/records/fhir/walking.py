"""Paths over the structs, made into functions once: `component.code`, `subject[Patient]`.

Brackets keep those with a field of that value, or references to that type; `[exists=true]` says whether any.
"""

import re
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from teleward.records.fhir.rules import target_of

Take = Callable[[Any], tuple[Any, ...]]
Keep = Callable[[Any], bool]
_STEP = re.compile(r"(?P<name>\w+)(?:\[(?:(?P<key>\w+)=(?P<value>\w+)|(?P<target>\w+))\])?")
NOTHING: tuple[Any, ...] = ()


def taker(path: str) -> Take:
    """A function that takes every value of a path from a struct. The empty path is the struct itself."""
    found: Take = _itself
    for step in filter(None, path.split(".")):
        found = _then(found, _step(step))
    return found


def _itself(struct: Any) -> tuple[Any, ...]:  # noqa: ANN401 - any struct
    return (struct,)


def _then(first: Take, second: Take) -> Take:
    if first is _itself:
        return second

    def both(struct: Any) -> tuple[Any, ...]:  # noqa: ANN401 - any struct
        found = first(struct)
        return tuple(value for each in found for value in second(each)) if found else NOTHING

    return both


def _step(step: str) -> Take:
    said = _STEP.fullmatch(step)
    if said is None:
        raise ValueError(f"{step} is not a step of a path")
    take = _plain(said["name"])
    if said["key"] == "exists":
        return lambda struct: (True,) if take(struct) else NOTHING
    keep = _kept(said)
    return take if keep is None else lambda struct: tuple(value for value in take(struct) if keep(value))


def _plain(name: str) -> Take:
    get = attrgetter(name)

    def take(struct: Any) -> tuple[Any, ...]:  # noqa: ANN401 - any struct
        found = get(struct)
        if found is None:
            return NOTHING
        return found if type(found) is tuple else (found,)

    return take


def _kept(said: re.Match[str]) -> Keep | None:
    if said["target"]:
        return lambda reference: _points(reference, said["target"])
    if said["key"]:
        return lambda struct: getattr(struct, said["key"]) == said["value"]
    return None


def _points(reference: Any, kind: str) -> bool:  # noqa: ANN401 - a Reference
    target = target_of(reference.reference) if reference.reference else None
    return target[0] == kind if target else reference.type == kind
