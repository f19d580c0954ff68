"""Which parameters there are, what may stand behind their names, and why the rest may not."""

from typing import Final

from teleward.records.fhir.search import PARAMETERS, Parameter

PREFIXES: Final = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")
MODIFIERS: Final[dict[str, tuple[str, ...]]] = {  # beside the types that a reference may point to
    "token": ("missing", "not"),
    "reference": ("missing", "not"),
    "string": ("exact", "missing"),
    "uri": ("missing",),
    "date": ("missing",),
    "number": ("missing",),
    "quantity": ("missing",),
    "composite": ("missing",),
}
SEALED: Final = "What is written there is sealed. It is found by how its words begin and, with :exact, whole."
NO_SETS: Final = "No sets or hierarchies of codes are kept here. Name the codes, with a comma between."
WHY: Final = {
    "contains": SEALED,
    "text": SEALED,
    "in": NO_SETS,
    "not-in": NO_SETS,
    "above": NO_SETS,
    "below": NO_SETS,
    "of-type": "Only a number has a sort; ask for it by the parameter identifier.",
    "identifier": "Ask through the resource: the name, a dot, and identifier.",
}


class NotSearchable(ValueError):
    """A parameter, modifier or value that is not known; the text says which, without the value."""


def parameter(kind: str, name: str) -> Parameter:
    """The parameter of this name. Raises NotSearchable."""
    found = PARAMETERS.get(kind, {}).get(name)
    if found is None:
        raise NotSearchable(f"{kind} is not found by a parameter {name[:64]!r} here.")
    return found


def modifiers(kind: str, param: Parameter) -> tuple[str, ...]:
    """What may stand behind the name of this parameter."""
    if not param.paths:
        return ()
    if kind == "AuditEvent":
        return {**MODIFIERS, "reference": ("identifier", "missing", "not"), "string": IN_CLEAR}[param.type]
    return (*MODIFIERS[param.type], *sorts(param))


def sorts(param: Parameter) -> tuple[str, ...]:
    """The modifier that asks for numbers of one sort, where there are numbers."""
    return ("of-type",) if param.name == "identifier" and param.type == "token" else ()


def types(param: Parameter) -> tuple[str, ...]:
    """The types that a reference may point to: those its definition names, or every one."""
    if param.type != "reference":
        return ()
    return param.targets or tuple(PARAMETERS)


IN_CLEAR: Final = ("contains", "exact", "missing")  # what the ledger says is in no index, and no content


def prefixes(param: Parameter) -> tuple[str, ...]:
    """What may stand before a value of it."""
    return PREFIXES if param.type in {"date", "number", "quantity"} else ()


def no_modifier(name: str, modifier: str) -> NotSearchable:
    """That the parameter takes no such modifier, and why."""
    return NotSearchable(f"{name} has no modifier {modifier[:64]!r} here. {WHY.get(modifier, '')}".strip())


def must_be_simple(param: Parameter) -> None:
    """Raises NotSearchable for what is made of two."""
    if param.type == "composite":
        raise NotSearchable(f"{param.name} is not searched for as one here; ask for its parts.")


def truth(name: str, value: str) -> bool:
    """The value of `:missing`. Raises NotSearchable."""
    if value not in {"true", "false"}:
        raise NotSearchable(f"{name}:missing is true or false.")
    return value == "true"
