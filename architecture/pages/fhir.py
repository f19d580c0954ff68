"""Which types of FHIR R4 the chart reads, what each is found by, and the profiles that are known."""

from architecture.fhir.definitions import PACKAGE
from architecture.tables import code, codes, table
from teleward.records.fhir.profiles.known import PROFILES
from teleward.records.fhir.search import PARAMETERS, Parameter

HEAD = f"""# FHIR R4: types, parameters, profiles

Every type of FHIR R4 (4.0.1) here is read strictly: an unknown element, a code outside a required list, a
wrong number of elements, a date that does not exist or a reference to the wrong type is refused with an
OperationOutcome that names each place. Numbers keep every digit. What the server does with a type is said by
`/fhir/metadata`.

The types and parameters are written from HL7's own definitions (`{PACKAGE}`). Each type is also found by
`_id` and `_lastUpdated`. A few parameters that look into extensions or into the entries of a bundle are left
out.

## Types and what they are found by
"""
ORDER = ("token", "reference", "date", "string", "quantity", "number", "uri", "composite")
PROFILES_HEAD = """
## Profiles

A resource that names one of these in `meta.profile` is held against it, and against those it builds on. A
profile that is not here is told, not refused.
"""


def write() -> str:
    """The page."""
    types = [[code(kind), *_cells(kind)] for kind in sorted(PARAMETERS)]
    known = [[code(url), profile.type, code(profile.parent)] for url, profile in sorted(PROFILES.items())]
    first = table(["type", "parameters"], types)
    return f"{HEAD}\n{first}\n{PROFILES_HEAD}\n{table(['profile', 'type', 'builds on'], known)}\n"


def _cells(kind: str) -> list[str]:
    known = [parameter for parameter in PARAMETERS[kind].values() if parameter.paths]
    parts = [_of(type_, [p for p in known if p.type == type_]) for type_ in ORDER]
    return ["; ".join(part for part in parts if part)]


def _of(type_: str, parameters: list[Parameter]) -> str:
    names = codes(parameter.name for parameter in parameters)
    return f"**{type_}** {names}" if names else ""
