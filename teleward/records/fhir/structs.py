"""What every struct of FHIR shares: exact names, nothing unknown, beside each primitive a place for `_name`.

The structs under `r4/` are written by `architecture/fhir` and name only the elements of the definitions. This
file adds, for every primitive element `x`, the attribute `ext_x`, in JSON `_x`: its id and extensions.
"""

import re
import sys
from types import GenericAlias
from typing import Any, ClassVar, cast

from msgspec import Struct, StructMeta

from teleward.records.fhir.primitives import spelling_of
from teleward.records.fhir.rules import Rule, bound, chosen, gapless, pointed, spelled, together

KINDS: dict[str, type["Fhir"]] = {}
STEMS: dict[str, str] = {}  # what FHIRPath calls a choice: `value` for `valueQuantity`
_NAME = re.compile(r"(?:Annotated\[)?(?P<many>tuple\[)?(?P<name>\w+)")


class AnyResource:
    """Anything that has a resourceType: what may be contained, or stand in a bundle."""

    __slots__ = ()


def json_name(attribute: str) -> str:
    """What JSON calls an attribute: `ext_birth_date` is `_birthDate`."""
    if attribute.startswith("ext_"):
        return "_" + json_name(attribute[4:])
    first, *rest = attribute.rstrip("_").split("_")
    return first + "".join(word[0].upper() + word[1:] for word in rest)


def _primitives(namespace: dict[str, Any]) -> dict[str, tuple[object, bool]]:
    """Primitive fields, with type and whether they repeat: those whose type is known and is no struct."""
    scope = vars(sys.modules[namespace["__module__"]])
    found = {}
    for field, text in namespace.get("__annotations__", {}).items():
        named = _NAME.match(str(text))
        hint = scope.get(named["name"]) if named else None
        if _is_primitive(hint) and field != "id":
            found[field] = (hint, bool(named and named["many"]))
    return found


def _is_primitive(hint: object) -> bool:
    complex_ = isinstance(hint, type) and issubclass(hint, Struct)
    return not complex_ and not any(hint is other for other in _NOT_PRIMITIVE)


_NOT_PRIMITIVE: tuple[object, ...] = (None, Any, ClassVar, AnyResource)


def _sibling(*, many: bool) -> tuple[object, Any]:
    element: Any = KINDS["Element"]
    return (GenericAlias(tuple, (element | None, ...)), ()) if many else (element | None, None)


def _rules(namespace: dict[str, Any], primitives: dict[str, tuple[object, bool]]) -> tuple[Rule, ...]:
    fields = namespace.get("__annotations__", {})
    kinds = {name: kind for name, (hint, _many) in primitives.items() if (kind := spelling_of(hint))}
    rules = [spelled(kinds)] if kinds else []
    if lists := tuple(name for name, (_hint, many) in primitives.items() if many):
        rules.append(gapless(lists))
    for stem in namespace.get("CHOICES", ()):
        names = tuple(name for name in fields if name.startswith(stem + "_"))
        rules.append(chosen(stem, names, required=stem in namespace.get("NEEDS", ())))
    if targets := namespace.get("TARGETS"):
        rules.append(pointed(targets))
    return (*rules, *(bound(name, *codes) for name, codes in namespace.get("BOUND", {}).items()))


def _stems(namespace: dict[str, Any]) -> dict[str, str]:
    fields, stems = namespace.get("__annotations__", {}), namespace.get("CHOICES", ())
    return {json_name(f): json_name(stem) for stem in stems for f in fields if f.startswith(stem + "_")}


class Shaped(StructMeta):
    """Gives each primitive field its sibling, and each struct its rules."""

    def __new__(
        cls,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        **options: Any,  # noqa: ANN401 - what msgspec takes
    ) -> "Shaped":
        """Adds what the definitions leave unsaid to the fields before msgspec makes the struct."""
        primitives = _primitives(namespace)
        for field, (_hint, many) in primitives.items():
            namespace["__annotations__"]["ext_" + field], namespace["ext_" + field] = _sibling(many=many)
        inherited = next((base.RULES for base in bases if issubclass(base, Fhir)), ()) if KINDS else ()
        namespace["RULES"] = (*inherited, *_rules(namespace, primitives), *namespace.get("ALSO", ()))
        if namespace["RULES"]:
            namespace["__post_init__"] = together(namespace["RULES"])
        made = super().__new__(cls, name, bases, namespace, **options)
        KINDS[name] = cast("type[Fhir]", made)
        STEMS.update(_stems(namespace))
        return made


class Fhir(
    Struct,
    metaclass=Shaped,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    gc=False,
    rename=json_name,
):
    """Anything of FHIR R4."""

    RULES: ClassVar[tuple[Rule, ...]] = ()
