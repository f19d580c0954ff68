"""The elements of a struct as JSON names them, for the slow and thorough way of reading."""

from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import Meta
from msgspec.structs import FieldInfo, fields

from teleward.records.fhir.extending import type_of_value
from teleward.records.fhir.primitives import LOOKS
from teleward.records.fhir.structs import AnyResource, Fhir, json_name


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One element: `holds` says whether its type is a struct, a resource of any type or a primitive."""

    json: str
    attribute: str
    type: Any
    holds: Literal["struct", "resource", "primitive"]
    many: bool
    required: bool

    @property
    def partner(self) -> str:
        """The name of the sibling: `given` and `_given`."""
        return self.json[1:] if self.json.startswith("_") else "_" + self.json

    @property
    def may_be_null(self) -> bool:
        """Whether null may stand in its list, because the sibling says something there."""
        return self.holds == "primitive" or self.json.startswith("_")

    @property
    def choices(self) -> tuple[str, ...]:
        """The codes it may have."""
        return get_args(self.type)

    @property
    def expected(self) -> str:
        """How its text has to look, in words."""
        return LOOKS.get(str(pattern_of(self.type)), "another form")


def pattern_of(hint: object) -> str | None:
    """The pattern a type has to follow."""
    return next(
        (n.pattern for n in getattr(hint, "__metadata__", ()) if isinstance(n, Meta) and n.pattern), None
    )


@cache
def slots(kind: type[Fhir]) -> dict[str, Slot]:
    """Every element of a struct by its name in JSON."""
    return {field.encode_name: _slot(field) for field in fields(kind)}


def _slot(field: FieldInfo) -> Slot:
    many, of = _unwrapped(field.type)
    of = (type_of_value(field.name) if of is Any else None) or of
    struct = isinstance(of, type) and issubclass(of, Fhir)
    holds: Literal["struct", "resource", "primitive"] = "struct" if struct else "primitive"
    return Slot(
        json=field.encode_name,
        attribute=field.name,
        type=of,
        holds="resource" if of is AnyResource else holds,
        many=many,
        required=field.required,
    )


def _unwrapped(hint: Any) -> tuple[bool, Any]:  # noqa: ANN401 - a type as Python writes it
    """Whether a type is a list, and of what."""
    if get_origin(hint) in {Union, UnionType}:
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    inner = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    if get_origin(inner) is tuple:
        return True, _unwrapped(get_args(inner)[0])[1]
    return False, hint


def stem_of(kind: type[Fhir], slot: Slot) -> str:
    """What FHIRPath calls an element: `value` for `valueQuantity`, `status` for `_status`."""
    attribute = slot.attribute.removeprefix("ext_")
    for base in kind.__mro__:
        for stem in getattr(base, "CHOICES", ()):
            if attribute.startswith(stem + "_"):
                return json_name(stem)
    return json_name(attribute)
