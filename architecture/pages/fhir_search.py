"""What a search over FHIR may say: each parameter, what may follow its name and precede its value."""

from architecture.tables import code, codes, table
from teleward.records.fhir.search import PARAMETERS, Parameter
from teleward.records.store.modifiers import PREFIXES, WHY, modifiers, prefixes, types

HEAD = """# FHIR R4: what a search may say

`parameter:modifier=prefix value`, several values with a comma between (one of them), a parameter again for
what has to hold as well. What is not in these tables is refused with an OperationOutcome that says why, and
never passed over. The tables are written from the code that answers, and a test holds them against it.

What a resource says is sealed with the patient's key. It is found by keyed hashes: of whole codes and
references, of whole texts, and of the first 24 letters of texts and of their words. So a text is found by
how it or one of its words begins and with `:exact`; the middle of a word is found by nothing, and no order
by a name is kept, for it would tell of names. Only times and amounts stand beside the hashes as they are.
The ledger is no content and in no such index: its entries (`AuditEvent`) are looked through one by one, so
that `:contains` works there.

## Modifiers and prefixes of each sort of parameter

A reference also takes the type it points to (`subject:Patient=…`), and a dot with a parameter of what it
points to (`patient.identifier=…`), three deep at most. A composite is not asked for as one, but by its parts.
"""
LISTED = {  # which parameters a telemedicine practice's programs need; the rest is in fhir.md
    "Appointment": "date status patient practitioner actor slot service-type specialty part-status"
    " identifier",
    "Slot": "schedule status start",
    "Schedule": "active actor service-type specialty",
    "Encounter": "patient date status class appointment participant type identifier",
    "Observation": "patient category code date device encounter component-code status",
    "Device": "patient type identifier udi-di status",
    "DeviceMetric": "source parent type",
    "Communication": "patient sender recipient sent category encounter",
    "Consent": "patient status category scope purpose actor action period source-reference",
    "AuditEvent": "date agent agent-name patient entity entity-type entity-role action type subtype outcome"
    " policy address source",
    "Provenance": "target agent recorded",
    "Claim": "patient encounter status use created",
    "Coverage": "patient payor subscriber status",
    "QuestionnaireResponse": "patient questionnaire authored status encounter",
}
SORTS = ("token", "reference", "string", "uri", "date", "number", "quantity", "composite")
MANY = 6
REFUSED = "\n## What is refused, and what its OperationOutcome says\n"
EACH = """
## The parameters that scheduling, visits, readings and the ledger are asked by

Every type is found by `_id` and `_lastUpdated` too (dates, with all prefixes). All other types and
parameters are in [FHIR: types, parameters, profiles](fhir.md) and follow the first table.
"""


def write() -> str:
    """The page."""
    sorts = table(["sort", "modifiers", "prefixes"], [_sort(each) for each in SORTS])
    refused = table(["modifier", "why"], [[code(f":{name}"), why] for name, why in WHY.items()])
    each = table(["type", "parameter", "sort", "modifiers", "prefixes", "points to"], list(_rows()))
    return f"{HEAD}\n{sorts}\n{REFUSED}\n{refused}\n{EACH}\n{each}\n"


def _sort(sort: str) -> list[str]:
    param = Parameter(name="", type=sort, paths=("x",))
    return [sort, codes(modifiers("", param)), codes(prefixes(param))]


def _rows() -> list[list[str]]:
    return [_row(kind, PARAMETERS[kind][name]) for kind, names in LISTED.items() for name in names.split()]


def _row(kind: str, param: Parameter) -> list[str]:
    before = "all" if prefixes(param) == PREFIXES else codes(prefixes(param))
    named = types(param)
    to = "any" if len(named) > MANY else codes(named)
    return [code(kind), code(param.name), param.type, codes(modifiers(kind, param)), before, to]
