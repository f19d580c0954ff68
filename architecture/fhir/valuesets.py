"""The codes of a value set, where the definitions list all of them."""

from collections.abc import Iterator

from architecture.fhir.definitions import Definitions, Json

Code = tuple[str, str]


def codes(definitions: Definitions, canonical: str) -> tuple[Code, ...] | None:
    """Every (system, code) of the value set, or None where it cannot be listed."""
    found = definitions.terminology.get(canonical.split("|", maxsplit=1)[0])
    if found is None:
        return None
    parts = [_included(definitions, include) for include in found["compose"]["include"]]
    if any(part is None for part in parts):
        return None
    return tuple(dict.fromkeys(code for part in parts for code in part or ()))


def _included(definitions: Definitions, include: Json) -> tuple[Code, ...] | None:
    if "filter" in include or "valueSet" in include:
        return None
    system = include["system"]
    if "concept" in include:
        return tuple((system, concept["code"]) for concept in include["concept"])
    known = definitions.terminology.get(system)
    if known is None or known["content"] != "complete":
        return None
    return tuple((system, code) for code in _concepts(known))


def _concepts(of: Json) -> Iterator[str]:
    for concept in of.get("concept", ()):
        yield concept["code"]
        yield from _concepts(concept)
