"""What a struct has to obey beyond the type of each field, checked when it is made.

A rule takes the struct and raises ValueError; msgspec turns that into an error with the place.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import zip_longest
from operator import attrgetter
from typing import Any

from teleward.records.fhir.primitives import EXPECTED, RELATIVE, SEARCHING, SPELLINGS

Rule = Callable[[Any], None]
REMEMBERED = 4096


def attributes(*names: str) -> Callable[[Any], tuple[Any, ...]]:
    """The named fields of a struct as a tuple."""
    take = attrgetter(*names)
    return take if len(names) > 1 else lambda struct: (take(struct),)


def together(rules: tuple[Rule, ...]) -> Rule:
    """Several rules as one."""
    if len(rules) == 1:
        return rules[0]

    def every(struct: object) -> None:
        for rule in rules:
            rule(struct)

    return every


def spelled(kinds: Mapping[str, str]) -> Rule:
    """Codes and addresses look as they should. What was seen once is remembered, since they repeat."""
    take, seen = attrgetter(*kinds), set[Any]()

    def rule(struct: object) -> None:
        values = take(struct)
        if values in seen:
            return
        for (name, kind), value in zip(kinds.items(), values if len(kinds) > 1 else (values,), strict=True):
            if problem := misspelt(kind, value):
                raise ValueError(f"{name}: {problem}")
        if len(seen) >= REMEMBERED:
            seen.clear()
        seen.add(values)

    return rule


def misspelt(kind: str, value: object) -> str | None:
    """What is wrong with the value or values of one spelling."""
    for text in value if isinstance(value, tuple) else (value,):
        if text is not None and not SPELLINGS[kind].fullmatch(text):
            return f"Expected {EXPECTED[kind]}"
    return None


def chosen(stem: str, names: tuple[str, ...], *, required: bool) -> Rule:
    """At most one type of a choice such as value[x] is there, exactly one if it is required."""
    take, siblings, most = attributes(*names), tuple(f"ext_{name}" for name in names), len(names) - 1

    def rule(struct: object) -> None:
        empty = take(struct).count(None)
        if empty < most:
            raise ValueError(f"{stem}[x] may have one type only")
        if required and empty > most and not any(getattr(struct, name, None) for name in siblings):
            raise ValueError(f"{stem}[x] is required")

    return rule


def pointed(targets: Mapping[str, str]) -> Rule:
    """References point to types that may stand there; the types are given as words."""
    take = attributes(*targets)
    allowed = tuple((name, frozenset(kinds.split())) for name, kinds in targets.items())

    def rule(struct: object) -> None:
        for found, (name, kinds) in zip(take(struct), allowed, strict=True):
            if found:
                _point(found, name, kinds)

    return rule


def _point(found: Any, name: str, kinds: frozenset[str]) -> None:  # noqa: ANN401 - Reference is above its own rule
    for reference in found if isinstance(found, tuple) else (found,):
        if problem := astray(reference.reference, reference.type, kinds):
            raise ValueError(f"{name}: {problem}")


@lru_cache(REMEMBERED)
def kind_of(reference: str) -> str | None:
    """The type a reference points to, if it says so."""
    found = RELATIVE.fullmatch(reference) or SEARCHING.fullmatch(reference)
    return found["type"] if found else None


def target_of(reference: str) -> tuple[str, str] | None:
    """Type and id of what a literal reference points to, if it says so."""
    found = RELATIVE.fullmatch(reference)
    return (found["type"], found["id"]) if found else None


def astray(reference: str | None, said: str | None, targets: frozenset[str]) -> str | None:
    """What is wrong with where a reference points to."""
    kind = said if reference is None else kind_of(reference)
    if kind and kind not in targets:
        return f"Expected a reference to {' or '.join(sorted(targets))}, not to {kind}"
    return None


def bound(name: str, system: str, codes: Iterable[str]) -> Rule:
    """A concept has a code of the value set it is bound to."""
    take, allowed = attrgetter(name), frozenset(codes)

    def rule(struct: object) -> None:
        concept = take(struct)
        if concept is not None and not any(c.system == system and c.code in allowed for c in concept.coding):
            raise ValueError(f"{name}: Expected a code of {system}")

    return rule


def gapless(names: tuple[str, ...]) -> Rule:
    """A gap in a list of primitives is filled by the extension at the same place."""
    take = attributes(*names, *(f"ext_{name}" for name in names))
    half = len(names)

    def rule(struct: object) -> None:
        found = take(struct)
        for name, values, beside in zip(names, found[:half], found[half:], strict=True):
            if None in values and not all(v is not None or w for v, w in zip_longest(values, beside)):
                raise ValueError(f"{name}: Expected a value or an extension at each place")

    return rule
