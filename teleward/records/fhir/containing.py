"""What holds between a resource and those it contains (R4, references.html#contained; dom-2 and ref-1)."""

from collections.abc import Iterator
from typing import Any, Literal

from teleward.records.fhir.structs import STEMS

Json = Any
Found = Iterator[tuple[Literal["required", "invariant"], str, str]]


def contained_wrong(whole: dict[str, Json]) -> Found:
    """Code, place below the resource and sentence of each thing that is wrong."""
    listed = whole.get("contained")
    inside = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    for place, each in enumerate(inside):
        if "id" not in each:
            yield "required", f"contained[{place}].id", "What is contained has an id."
        if "contained" in each:
            yield "invariant", f"contained[{place}].contained", "What is contained contains nothing itself."
    known = {"#", *(f"#{each['id']}" for each in inside if isinstance(each.get("id"), str))}
    for where, reference in _pointers(whole, ""):
        if reference not in known:
            yield "invariant", where, "Nothing that is contained has this id."


def _pointers(value: Json, path: str) -> Iterator[tuple[str, str]]:
    """References to what is contained, with their place; resources of a bundle are left out."""
    if isinstance(value, list):
        for place, each in enumerate(value):
            yield from _pointers(each, f"{path}[{place}]")
    elif isinstance(value, dict):
        for key, part in value.items():
            name = STEMS.get(key, key)
            yield from _pointer(key, part, f"{path}.{name}".lstrip("."))


def _pointer(key: str, part: Json, path: str) -> Iterator[tuple[str, str]]:
    if key == "reference" and isinstance(part, str) and part.startswith("#"):
        yield path, part
    elif not (isinstance(part, dict) and "resourceType" in part):
        yield from _pointers(part, path)
