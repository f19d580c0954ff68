"""FHIRPath of search parameters as paths over the structs: `value_quantity`, `telecom[system=phone]`.

Only what the published parameters need: a parameter that says more is left out.
"""

import re
from collections.abc import Iterator

from architecture.fhir.definitions import Definitions
from architecture.fhir.kinds import DATATYPES, RESOURCES
from architecture.fhir.shapes import Field, attribute, shapes

AS = re.compile(r"\((?P<path>[\w.]+) as (?P<type>\w+)\)|(?P<path2>[\w.]+)\.(?:as|ofType)\((?P<type2>\w+)\)")
STEP = re.compile(
    r"(?P<name>\w+)(?:\.where\((?:resolve\(\) is (?P<target>\w+)|(?P<key>\w+)='(?P<value>[^']+)')\))?"
)
DECEASED = "Patient.deceased.exists() and Patient.deceased != false"


class TooMuch(Exception):
    """The expression says more than our paths can."""


class Paths:
    """Turns expressions of one set of definitions into paths."""

    def __init__(self, definitions: Definitions) -> None:
        kinds = [*RESOURCES, *(kind for kinds in DATATYPES.values() for kind in kinds)]
        found = [part for kind in kinds for part in shapes(definitions, kind)]
        self._shapes = {part.name: part for part in found}

    def of(self, kind: str, expression: str) -> tuple[str, ...]:
        """The paths of the expression that begin at this type."""
        if expression == DECEASED:
            return ("deceased_boolean", "deceased_date_time[exists=true]")
        parts = [part.strip() for part in expression.split(" | ")]
        mine = [part for part in parts if re.match(rf"\(?(?:{kind}|Resource|DomainResource)\b", part)]
        return tuple(dict.fromkeys(path for part in mine for path in self._alternatives(kind, part)))

    def under(self, kind: str, base: str, expression: str) -> tuple[str, ...]:
        """The paths of a part of a composite, below its base."""
        for step in filter(None, base.split(".")):
            kind = self._fields(kind)[step].type
        parts = [part.strip().replace("DateTime", "dateTime") for part in expression.split(" | ")]
        return tuple(path for part in parts for path in self._alternatives(kind, f"{kind}.{part}"))

    def _alternatives(self, kind: str, part: str) -> Iterator[str]:
        wanted = ""
        if found := AS.search(part):
            wanted = found["type"] or found["type2"]
            part = part.replace(found[0], found["path"] or found["path2"])
        steps = list(STEP.finditer(part))
        if ".".join(match[0] for match in steps) != part:
            raise TooMuch(part)
        yield from self._walk(kind, steps[1:], wanted)

    def _walk(self, kind: str, steps: list[re.Match[str]], wanted: str) -> Iterator[str]:
        if not steps:
            yield ""
            return
        step, *rest = steps
        fields = [f for f in self._fields(kind).values() if _is(f, step["name"], wanted)]
        if not fields:
            raise TooMuch(step[0])
        for field in fields:
            for tail in self._walk(field.type, rest, wanted):
                end = f".{tail}" if tail else f"@{field.system}" if field.system else ""
                yield field.attribute + _filter(step) + end

    def _fields(self, kind: str) -> dict[str, Field]:
        shape = self._shapes.get(kind)
        if shape is None:
            return {}
        return {**self._fields(shape.parent), **{field.name: field for field in shape.fields}}


def _is(field: Field, name: str, wanted: str) -> bool:
    if field.name == name:
        return True
    return field.choice == attribute(name) and wanted in {"", field.type}


def _filter(step: re.Match[str]) -> str:
    if step["target"]:
        return f"[{step['target']}]"
    return f"[{step['key']}={step['value']}]" if step["key"] else ""
