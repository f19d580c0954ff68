"""Looking into the JSON of a resource as profiles name elements; `value[x]` is any of its types."""

from collections.abc import Iterator
from typing import Any

from teleward.records.fhir.structs import STEMS

Json = Any


def values_at(value: Json, name: str) -> list[Json]:
    """Everything that stands at one element below a value."""
    if name == "$this":
        return [value]
    if not isinstance(value, dict):
        return []
    found = value.get(name) if not name.endswith("[x]") else next(iter(typed(value, name)), (None, None))[1]
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def typed(value: Json, name: str) -> Iterator[tuple[str, Json]]:
    """The type and the value of a choice such as value[x]."""
    stem = name.removesuffix("[x]")
    for key, found in value.items():
        rest = key.removeprefix(stem)
        if key.startswith(stem) and rest[:1].isupper():
            yield rest, found


def path_of(name: str) -> str:
    """What FHIRPath calls an element: `value` for `value[x]` and `valueQuantity`."""
    return STEMS.get(name, name.removesuffix("[x]"))
