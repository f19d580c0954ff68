"""A profile as data: what it adds to R4, element by element, and the tree that the checker walks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Any


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What is asked of one element; `id` is that of a StructureDefinition: `Observation.component:a.code`."""

    id: str
    min: int = 0
    max: int | None = None  # None is any number
    fixed: Json = None
    pattern: Json = None
    codes: tuple[str, ...] = ()  # of a required binding
    types: tuple[str, ...] = ()  # of an element such as value[x]
    targets: tuple[str, ...] = ()  # of a reference
    by: tuple[str, ...] = ()  # where slices are told apart: `pattern:code`, `value:coding.code`, `type:$this`
    closed: bool = False  # nothing but the slices may stand there
    obeys: tuple[str, ...] = ()  # rules of `invariants.py`


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A profile of one type. Everything of its parent holds too."""

    url: str
    type: str
    limits: tuple[Limit, ...]
    parent: str = ""


@dataclass
class Node:
    """One element of a profile with what is below it."""

    name: str
    limit: Limit
    parts: dict[str, "Node"] = field(default_factory=dict)
    slices: dict[str, "Node"] = field(default_factory=dict)


def tree(profile: Profile) -> Node:
    """The profile's limits as a tree below its type."""
    root = Node(profile.type, Limit(id=profile.type))
    for limit in profile.limits:
        _reach(root, limit.id).limit = limit
    return root


def _reach(root: Node, id_: str) -> Node:
    node = root
    for step in id_.split(".")[1:]:
        name, _colon, slice_ = step.partition(":")
        if name.endswith("[x]") and slice_.startswith(name[:-3]):  # a slice by type has that type's name
            name, slice_ = slice_, ""
        node = node.parts.setdefault(name, Node(name, Limit(id=f"{node.limit.id}.{name}")))
        if slice_:
            node = node.slices.setdefault(slice_, Node(name, Limit(id=f"{node.limit.id}:{slice_}")))
    return node


def from_definition(definition: Json, codes: Mapping[str, tuple[str, ...]]) -> Profile:
    """The profile that a StructureDefinition says in its differential. `codes` are those of value sets."""
    return Profile(
        url=definition["url"],
        type=definition["type"],
        parent=definition["baseDefinition"],
        limits=tuple(_limit(element, codes) for element in definition["differential"]["element"]),
    )


def _limit(element: Json, codes: Mapping[str, tuple[str, ...]]) -> Limit:
    slicing, binding = element.get("slicing", {}), element.get("binding", {})
    bound = binding["valueSet"].split("|")[0] if binding.get("strength") == "required" else ""
    most = element.get("max", "*")
    return Limit(
        id=element["id"],
        min=element.get("min", 0),
        max=None if most == "*" else int(most),
        fixed=_starting(element, "fixed"),
        pattern=_starting(element, "pattern"),
        codes=codes.get(bound, ()),
        types=tuple(t["code"] for t in element.get("type", ())) if element["id"].endswith("[x]") else (),
        by=tuple(f"{each['type']}:{each['path']}" for each in slicing.get("discriminator", ())),
        closed=slicing.get("rules") == "closed",
        obeys=tuple(constraint["key"] for constraint in element.get("constraint", ())),
    )


def _starting(element: Json, start: str) -> Json:
    return next((value for key, value in element.items() if key.startswith(start)), None)
