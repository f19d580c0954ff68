"""Everything that is wrong with the JSON of a resource, each with its place as FHIRPath names it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from msgspec import ValidationError, convert

from teleward.records.fhir.containing import contained_wrong
from teleward.records.fhir.primitives import exact
from teleward.records.fhir.r4.every import TYPES
from teleward.records.fhir.slots import Slot, slots, stem_of
from teleward.records.fhir.structs import Fhir
from teleward.records.fhir.wholeness import contradictions

Code = Literal[
    "structure", "required", "value", "code-invalid", "invariant", "not-supported", "not-found", "extension"
]
MOST = 100
_WITHIN = re.compile(r"\.contained\[\d+\]$")
Json = dict[str, Any]


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong: a code of FHIR's issue-type, and where, as `Observation.component[1].code`."""

    code: Code
    expression: str
    diagnostics: str
    severity: Literal["fatal", "error", "warning", "information"] = "error"


def findings(kind: str, body: bytes) -> tuple[Issue, ...]:
    """What is wrong with a body that should be a resource of the type; at most a hundred things."""
    try:
        whole = json.loads(body, parse_float=exact, parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        return (Issue("structure", kind, f"The body is not JSON: {error}", "fatal"),)
    found = []
    for issue in _resource(whole, kind, kind):
        found.append(issue)
        if len(found) == MOST:
            break
    return tuple(found)


def _no_number(constant: str) -> None:
    raise ValueError(f"{constant} is not a number of JSON")


def _once(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise ValueError(f"{next(n for n in names if names.count(n) > 1)} is given twice")
    return found


def _resource(value: object, path: str, expected: str | None = None) -> Iterator[Issue]:
    if not isinstance(value, dict):
        yield Issue("structure", path, "Expected an object.")
        return
    name = value.get("resourceType")
    if not isinstance(name, str):
        yield Issue("required", f"{path}.resourceType", "A resource says its resourceType.")
    elif expected is not None and name != expected:
        yield Issue("structure", f"{path}.resourceType", f"Expected {expected}, found {name}.")
    elif name not in TYPES:
        yield Issue("not-supported", f"{path}.resourceType", f"There is no resource type {name} here.")
    else:
        rest = {key: part for key, part in value.items() if key != "resourceType"}
        yield from _struct(TYPES[name], rest, path, may_be_empty=True)
        if not _WITHIN.search(path):
            yield from (Issue(code, f"{path}.{place}", what) for code, place, what in contained_wrong(rest))


def _struct(kind: type[Fhir], value: object, path: str, *, may_be_empty: bool = False) -> Iterator[Issue]:
    if not isinstance(value, dict):
        yield Issue("structure", path, "Expected an object.")
        return
    if not value and not may_be_empty:
        yield Issue("structure", path, "Expected at least one element; an empty object says nothing.")
    for key in value.keys() - slots(kind).keys():
        yield Issue("structure", f"{path}.{key}", f"There is no element {key} here.")
    for slot in slots(kind).values():
        yield from _slot(slot, value, f"{path}.{stem_of(kind, slot)}")
    for code, place, what in contradictions(kind, value):
        yield Issue(code, f"{path}.{place}" if place else path, what)


def _slot(slot: Slot, around: Json, path: str) -> Iterator[Issue]:
    if slot.json not in around:
        if slot.required:
            yield Issue("required", path, f"{slot.json} is required.")
        return
    value = around[slot.json]
    if not slot.many:
        yield from _one(slot, value, path)
    elif not isinstance(value, list):
        yield Issue("structure", path, "Expected a list.")
    elif not value:
        yield Issue("structure", path, "Expected at least one entry; an empty list says nothing.")
    else:
        yield from _many(slot, value, around, path)


def _many(slot: Slot, values: list[Any], around: Json, path: str) -> Iterator[Issue]:
    partner = around.get(slot.partner)
    beside = partner if isinstance(partner, list) else []
    for place, value in enumerate(values):
        if value is not None or not slot.may_be_null:
            yield from _one(slot, value, f"{path}[{place}]")
        elif place >= len(beside) or beside[place] is None:
            yield Issue("structure", f"{path}[{place}]", f"Expected a value here or in {slot.partner}.")


def _one(slot: Slot, value: object, path: str) -> Iterator[Issue]:
    if value is None:
        yield Issue("structure", path, "Expected a value; null says nothing.")
    elif slot.holds == "resource":
        yield from _resource(value, path)
    elif slot.holds == "struct":
        yield from _struct(slot.type, value, path)
    else:
        yield from _primitive(slot, value, path)


def _primitive(slot: Slot, value: object, path: str) -> Iterator[Issue]:
    if slot.type is Decimal and (isinstance(value, (str, bool)) or not isinstance(value, (int, Decimal))):
        yield Issue("value", path, "Expected a number, without quotes.")
        return
    try:
        convert(value, slot.type)
    except (ValidationError, OverflowError) as error:
        yield Issue("code-invalid" if "enum" in str(error) else "value", path, _explained(slot, str(error)))


def _explained(slot: Slot, error: str) -> str:
    if "enum" in error:
        return f"Expected one of: {', '.join(slot.choices)}."
    return f"Expected {slot.expected}." if "regex" in error else error.rstrip(".") + "."
