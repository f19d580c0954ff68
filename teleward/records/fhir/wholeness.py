"""What the elements of one object must not do together: the rules of `rules.py`, told with their place."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

from teleward.records.fhir.narrative import harmful
from teleward.records.fhir.primitives import spelling_of
from teleward.records.fhir.rules import astray, misspelt
from teleward.records.fhir.slots import Slot, slots, stem_of
from teleward.records.fhir.structs import Fhir, json_name

Json = dict[str, Any]
Found = Iterator[tuple[Literal["structure", "required", "value", "code-invalid", "invariant"], str, str]]


def contradictions(kind: type[Fhir], value: Json) -> Found:
    """Code, place and sentence of each rule that the object breaks."""
    for rule in (_choices, _spellings, _targets, _bounds):
        yield from rule(kind, value)
    if kind.__name__ in _BY_NAME:
        yield from _BY_NAME[kind.__name__](value)


def _choices(kind: type[Fhir], value: Json) -> Found:
    for stem in getattr(kind, "CHOICES", ()):
        names = [s.json for s in slots(kind).values() if s.attribute.startswith(stem + "_")]
        found = [name for name in names if name in value or "_" + name in value]
        if len(found) > 1:
            yield "structure", json_name(stem), f"Only one of {', '.join(found)} may be given."
        if not found and stem in getattr(kind, "NEEDS", ()):
            yield "required", json_name(stem), f"One of {', '.join(names)} is required."


def _spellings(kind: type[Fhir], value: Json) -> Found:
    for slot in slots(kind).values():
        spelling = spelling_of(slot.type)
        for place, text in _entries(slot, value) if spelling else ():
            if isinstance(text, str) and text and (problem := misspelt(str(spelling), text)):
                yield "value", stem_of(kind, slot) + place, f"{problem}."


def _entries(slot: Slot, value: Json) -> Iterator[tuple[str, object]]:
    found = value.get(slot.json)
    if slot.many and isinstance(found, list):
        yield from ((f"[{place}]", entry) for place, entry in enumerate(found))
    elif not slot.many:
        yield "", found


def _targets(kind: type[Fhir], value: Json) -> Found:
    for attribute, allowed in getattr(kind, "TARGETS", {}).items():
        slot = slots(kind)[json_name(attribute)]
        for place, entry in _entries(slot, value):
            if isinstance(entry, dict) and (problem := _astray(entry, frozenset(allowed.split()))):
                yield "value", stem_of(kind, slot) + place + ".reference", f"{problem}."


def _astray(entry: Json, allowed: frozenset[str]) -> str | None:
    reference, said = entry.get("reference"), entry.get("type")
    if not isinstance(reference, str | None) or not isinstance(said, str | None):
        return None
    return astray(reference, said, allowed)


def _bounds(kind: type[Fhir], value: Json) -> Found:
    for attribute, (system, codes) in getattr(kind, "BOUND", {}).items():
        slot = slots(kind)[json_name(attribute)]
        for place, entry in _entries(slot, value):
            if isinstance(entry, dict) and not _is_bound(entry, system, codes):
                yield "code-invalid", slot.json + place, f"Expected one of {', '.join(codes)} of {system}."


def _is_bound(concept: Json, system: str, codes: tuple[str, ...]) -> bool:
    codings = concept.get("coding")
    listed = [c for c in codings if isinstance(c, dict)] if isinstance(codings, list) else []
    return any(c.get("system") == system and c.get("code") in codes for c in listed)


def _narrative(value: Json) -> Found:
    div = value.get("div")
    if isinstance(div, str) and (problem := harmful(div)):
        yield "invariant", "div", f"{problem}."


def _extension(value: Json) -> Found:
    values = [name for name in value if name.removeprefix("_").startswith("value")]
    if values and "extension" in value:
        yield "invariant", "", "Expected a value or further extensions, not both."
    if not values and "extension" not in value:
        yield "invariant", "", "Expected a value or further extensions."


_BY_NAME: dict[str, Callable[[Json], Found]] = {
    "Narrative": _narrative,
    "Extension": _extension,
}
