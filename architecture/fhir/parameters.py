"""The search parameters of our types: kind, paths over the structs, types a reference may point to."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from architecture.fhir.definitions import Definitions, Json
from architecture.fhir.kinds import RESOURCES
from architecture.fhir.paths import Paths, TooMuch
from architecture.fhir.shapes import attribute

SEARCHED = ("token", "reference", "string", "date", "uri", "quantity", "number", "composite")
OF_THE_STORE = {"_id", "_lastUpdated"}  # known without looking into the body


@dataclass(frozen=True)
class Parameter:
    """One parameter of one type."""

    kind: str
    name: str
    type: str
    paths: tuple[str, ...]
    targets: tuple[str, ...]


def parameters(definitions: Definitions) -> list[Parameter]:
    """Every parameter of our types that our paths can say, in order."""
    paths = Paths(definitions)
    published = [p for p in definitions.search_parameters if p["type"] in SEARCHED and p.get("expression")]
    found: dict[tuple[str, str], Parameter] = {}
    for each in (p for one in published for p in _of(paths, one)):
        key = each.kind, each.name
        found[key] = _joined(found[key], each) if key in found else each
    return [found[key] for key in sorted(found)]


def _joined(one: Parameter, other: Parameter) -> Parameter:
    paths, targets = (*one.paths, *other.paths), (*one.targets, *other.targets)
    return replace(one, paths=tuple(dict.fromkeys(paths)), targets=tuple(dict.fromkeys(targets)))


def _of(paths: Paths, published: Json) -> Iterator[Parameter]:
    bases = published.get("base", ())
    everywhere = "Resource" in bases or "DomainResource" in bases
    for kind in RESOURCES if everywhere else [base for base in bases if base in RESOURCES]:
        try:
            found = _paths(paths, kind, published)
        except TooMuch:
            continue
        if found and published["code"] not in OF_THE_STORE:
            yield Parameter(
                kind, published["code"], published["type"], found, tuple(published.get("target", ()))
            )


def _paths(paths: Paths, kind: str, published: Json) -> tuple[str, ...]:
    if published["type"] != "composite":
        return paths.of(kind, published["expression"])
    bases = [part.strip() for part in published["expression"].split(" | ")]
    mine = [base for base in bases if base.split(".", 1)[0] == kind]
    return tuple(path for base in mine for path in _composites(paths, kind, base, published["component"]))


def _composites(paths: Paths, kind: str, base: str, components: list[Json]) -> Iterator[str]:
    """`component:code:value_quantity`: below each component, a code and a value that belong together."""
    below = base.partition(".")[2]
    first, second = (paths.under(kind, below, component["expression"]) for component in components)
    start = ".".join(map(attribute, below.split(".")))
    yield from (f"{start}:{one}:{other}" for one in first for other in second)
