"""Which slice a value belongs to, by the discriminators of R4 (profiling.html#discriminator)."""

from typing import Any

from teleward.records.fhir.profiles.elements import values_at
from teleward.records.fhir.profiles.shape import Limit, Node
from teleward.records.fhir.rules import target_of

Json = Any


def fits(limit: Limit, value: Json) -> bool:
    """Whether a value is what is fixed, has the pattern, and is of the codes."""
    if limit.fixed is not None and value != limit.fixed:
        return False
    if limit.pattern is not None and not has(value, limit.pattern):
        return False
    if limit.id.endswith("[x]") and not isinstance(value, dict):
        return True  # codes are asked of the types that have one
    return not limit.codes or _code(value) & set(limit.codes) != set()


def has(value: Json, pattern: Json) -> bool:
    """Whether a value has everything of a pattern: each element, and of lists each entry somewhere."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(
            key in value and has(value[key], part) for key, part in pattern.items()
        )
    if isinstance(pattern, list):
        return isinstance(value, list) and all(any(has(each, part) for each in value) for part in pattern)
    return bool(value == pattern)


def _code(value: Json) -> set[str]:
    """The codes of a code, a coding, a quantity or a concept."""
    if isinstance(value, str):
        return {value}
    codings = value.get("coding", [value]) if isinstance(value, dict) else []
    return {coding["code"] for coding in codings if "code" in coding}


def kind_pointed_to(reference: Json) -> str | None:
    """The type a reference points to, if it says so."""
    target = target_of(reference.get("reference", ""))
    return target[0] if target else reference.get("type")


def belongs(slice_: Node, value: Json, by: tuple[str, ...]) -> bool:
    """Whether every discriminator says that the value is of the slice."""
    return all(_matches(slice_, value, *each.split(":", 1)) for each in by)


def _matches(slice_: Node, value: Json, kind: str, path: str) -> bool:
    steps = [] if path == "$this" else path.split(".")
    if kind == "exists":
        return _exists(slice_, value, steps)
    return _agrees(slice_, value, steps)


def _exists(node: Node, value: Json, steps: list[str]) -> bool:
    part = node.parts.get(steps[0])
    if part is None:
        return True
    there = bool(values_at(value, steps[0]))
    return there if part.limit.min else not there if part.limit.max == 0 else True


def _agrees(node: Node, value: Json, steps: list[str]) -> bool:
    """Whether the value has what is fixed on the way to the discriminator, and all that is fixed below it."""
    if not fits(node.limit, value):
        return False
    if node.slices and not any(_agrees(part, value, steps) for part in node.slices.values()):
        return False
    wanted = steps[:1] or list(node.parts)
    return all(_some(node.parts[name], value, steps[1:]) for name in wanted if name in node.parts)


def _some(part: Node, value: Json, steps: list[str]) -> bool:
    found = values_at(value, part.name)
    return any(_agrees(part, each, steps) for each in found) if found else not part.limit.min
