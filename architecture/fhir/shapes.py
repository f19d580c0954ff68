"""What the definitions say about a type, in the few words the written structs need."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from architecture.fhir.definitions import Definitions, Json
from architecture.fhir.valuesets import codes

PREFIX = "http://hl7.org/fhir/StructureDefinition/"
# Attributes in XML, which have no type of FHIR.
BARE = {"Resource.id": "id", "Element.id": "string", "Extension.url": "uri"}
POINTING = {"Reference.reference": "reference"}  # a text with a form of its own
BINDABLE = {"code", "Coding", "CodeableConcept"}
ANCESTORS = {"Resource", "DomainResource", "Element", "BackboneElement"}
NOT_A_NAME = {"class", "for", "import", "global", "from", "assert", "with", "is", "in", "not"}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a struct."""

    name: str  # as in JSON
    type: str  # FHIR's name of the type, or the name of a nested struct
    required: bool
    many: bool
    codes: tuple[str, ...] = ()  # of a required binding
    system: str = ""  # of all these codes
    bound: str = ""  # the value set its codes have to be of
    targets: tuple[str, ...] = ()  # of a reference
    choice: str = ""  # the element this is one of the types of

    @property
    def attribute(self) -> str:
        """The name in Python."""
        return attribute(self.name)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One struct: a resource, a data type, or a part of one."""

    name: str
    parent: str
    fields: tuple[Field, ...]
    choices: tuple[str, ...]
    needs: tuple[str, ...]  # the choices one has to make


def attribute(name: str) -> str:
    """`effectiveDateTime` as Python writes it."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return snake + "_" if snake in NOT_A_NAME else snake


def shapes(definitions: Definitions, kind: str) -> tuple[Shape, ...]:
    """The struct of a type and those of its parts, parts first."""
    elements = definitions.structures[kind]["snapshot"]["element"]
    parts = [e["path"] for e in elements if _has_parts(e, elements)]
    ordered = sorted(parts, key=lambda path: -path.count("."))
    found = [_shape(definitions, elements, path, _parent(path, elements)) for path in ordered]
    whole = _shape(definitions, elements, elements[0]["path"], _ancestor(definitions, kind), kind)
    return (*found, _like_its_parent(whole) if whole.parent == "Quantity" else whole)


def _like_its_parent(whole: Shape) -> Shape:
    """A quantity by another name, or one that has fewer fields and therefore is not a quantity to msgspec."""
    fewer = not any(field.name == "comparator" for field in whole.fields)
    return replace(whole, parent="Element") if fewer else replace(whole, fields=())


def _has_parts(element: Json, elements: list[Json]) -> bool:
    path = element["path"]
    return "." in path and any(e["path"].startswith(path + ".") for e in elements)


def _parent(path: str, elements: list[Json]) -> str:
    return str(next(e["type"][0]["code"] for e in elements if e["path"] == path))


def _ancestor(definitions: Definitions, kind: str) -> str:
    return str(definitions.structures[kind].get("baseDefinition", "").rpartition("/")[2])


def _shape(definitions: Definitions, elements: list[Json], path: str, parent: str, name: str = "") -> Shape:
    children = [e for e in elements if e["path"].rpartition(".")[0] == path and _is_own(e)]
    choices = [e for e in children if e["path"].endswith("[x]") and len(e["type"]) > 1]
    return Shape(
        name=name or nested(path),
        parent=parent,
        fields=tuple(field for e in children for field in _fields(definitions, e)),
        choices=tuple(_choice(e) for e in choices),
        needs=tuple(_choice(e) for e in choices if e["min"]),
    )


def _is_own(element: Json) -> bool:
    first = element["base"]["path"].partition(".")[0]
    inherited = first in ANCESTORS and first != element["path"].partition(".")[0]
    return element["max"] != "0" and not inherited


def _choice(element: Json) -> str:
    return attribute(_last(element).removesuffix("[x]"))


def nested(path: str) -> str:
    """The name of the struct for a part: `ObservationComponent`."""
    return "".join(part[0].upper() + part[1:] for part in path.split("."))


def _fields(definitions: Definitions, element: Json) -> Iterator[Field]:
    name, many, required = _last(element), element["max"] == "*", bool(element["min"])
    if "contentReference" in element:
        kind = nested(element["contentReference"].lstrip("#"))
        yield Field(name=name, type=kind, required=required, many=many)
    for of in element.get("type", ()):
        open_ = len(element["type"]) > 1
        yield Field(
            name=_named(name, of["code"]),
            type=_kind(of, element),
            required=required and not open_,
            many=many,
            codes=_codes(definitions, element) if of["code"] == "code" else (),
            system=_system(definitions, element) if of["code"] == "code" else "",
            bound=_bound(element) if of["code"] in BINDABLE else "",
            targets=_targets(of),
            choice=_choice(element) if open_ else "",
        )


def _last(element: Json) -> str:
    return str(element["path"].rpartition(".")[2])


def _named(name: str, kind: str) -> str:
    return name.removesuffix("[x]") + kind[0].upper() + kind[1:] if name.endswith("[x]") else name


def _targets(of: Json) -> tuple[str, ...]:
    targets = of.get("targetProfile", ()) if of["code"] == "Reference" else ()
    return tuple(target.removeprefix(PREFIX) for target in targets)


def _kind(of: Json, element: Json) -> str:
    if of["code"] in {"BackboneElement", "Element"}:
        return nested(element["path"])
    if of.get("profile"):
        return str(of["profile"][0].removeprefix(PREFIX))
    if element["path"] in {**BARE, **POINTING}:
        return {**BARE, **POINTING}[element["path"]]
    return "AnyResource" if of["code"] == "Resource" else str(of["code"])


def _bound(element: Json) -> str:
    binding = element.get("binding", {})
    return str(binding["valueSet"].split("|")[0]) if binding.get("strength") == "required" else ""


def _system(definitions: Definitions, element: Json) -> str:
    """The one system of all codes, which FHIR leaves unsaid in the resource."""
    found = (
        {system for system, _code in codes(definitions, _bound(element)) or ()} if _bound(element) else set()
    )
    return found.pop() if len(found) == 1 else ""


def _codes(definitions: Definitions, element: Json) -> tuple[str, ...]:
    bound = _bound(element)
    return tuple(code for _system, code in codes(definitions, bound) or ()) if bound else ()
