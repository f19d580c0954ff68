"""Which file holds what: the data types in a few, each resource in one, or in more where it is long."""

from collections.abc import Iterator

from architecture.fhir.definitions import Definitions
from architecture.fhir.kinds import DATATYPES, RESOURCES, SHARED
from architecture.fhir.parameters import parameters
from architecture.fhir.shapes import Shape, attribute, shapes
from architecture.fhir.writing import LINES, ROOM, File, file, index, searches, shared, summary


def every_file(definitions: Definitions) -> Iterator[File]:
    """Every file of `r4/`, lowest first."""
    homes = {"Fhir": f"{ROOM}.structs", "AnyResource": f"{ROOM}.structs"}
    yield File("__init__", "")
    for bound in SHARED:
        yield shared(definitions, bound)
    for name, kinds in DATATYPES.items():
        parts = [part for kind in kinds for part in shapes(definitions, kind)]
        yield file(definitions, name, "Data types" if name != "resource" else "Resource", parts, homes)
        homes |= {part.name: f"{ROOM}.r4.{name}" for part in parts}
    for kind in RESOURCES:
        yield from _resource(definitions, kind, dict(homes))
    yield index()
    yield summary(definitions)
    yield from searches(parameters(definitions))


def _resource(definitions: Definitions, kind: str, homes: dict[str, str]) -> Iterator[File]:
    for name, parts in _split(attribute(kind), shapes(definitions, kind)):
        yield file(definitions, name, kind, parts, homes)
        homes |= {part.name: f"{ROOM}.r4.{name}" for part in parts}


def _split(name: str, parts: tuple[Shape, ...]) -> Iterator[tuple[str, tuple[Shape, ...]]]:
    """The parts in as many files as needed; the resource itself is in the last, which has its name."""
    sizes = [_lines(part) for part in parts]
    if sum(sizes) <= LINES:
        yield name, parts
        return
    cut, room = 0, 0
    while cut < len(parts) - 1 and room + sizes[cut] <= LINES:
        room += sizes[cut]
        cut += 1
    yield f"{name}_parts", parts[:cut]
    yield from _split(name, parts[cut:])


def _lines(part: Shape) -> int:
    """Lines that the formatter will make of a struct, about."""
    listed = sum(len(f.codes) + 3 for f in part.fields if len(repr(f.codes)) > 70 and f.bound not in SHARED)
    return 8 + len(part.fields) + listed + 2 * sum(bool(f.targets) for f in part.fields)
