"""JSON to structs and back: strict, with every digit, and with all that is wrong named at once.

The fast way reads with msgspec, which stops at the first error. What that cannot see (an empty object, null,
a key given twice, a number in quotes) changes what would be written, so that the two are compared. The slow
way looks at every element, and is taken only where reading fails or the two differ.
"""

import re
from decimal import Decimal
from typing import Any

from msgspec import Struct, ValidationError, convert, json

from teleward.records.fhir.findings import Issue, findings
from teleward.records.fhir.r4.every import TYPES
from teleward.records.fhir.r4.resource import Resource
from teleward.records.fhir.structs import KINDS, AnyResource

_EMPTY = re.compile(rb"\{\}").search  # half the time of `in`
_WRITER = json.Encoder(decimal_format="number")


class Invalid(ValueError):
    """The body is not a resource of the type; `issues` says why and where, and is never empty."""

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        super().__init__("; ".join(f"{issue.expression}: {issue.diagnostics}" for issue in issues))
        self.issues = issues


def read(kind: str, body: bytes) -> Resource:
    """The resource of the type that the JSON holds. Raises Invalid with everything that is wrong with it."""
    if kind not in TYPES:
        raise Invalid((Issue("not-supported", kind, f"There is no resource type {kind} here."),))
    try:
        found = _READERS[kind].decode(body)
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise Invalid(findings(kind, body) or (_first(kind, error),)) from None
    if _is_odd(found, body) and (issues := findings(kind, body)):
        raise Invalid(issues)
    return found


def write(resource: Struct) -> bytes:
    """JSON of a resource or of a part of one, without spaces; numbers have the digits they were read with."""
    return _WRITER.encode(resource)


def held(kind: type, value: Any) -> object:  # noqa: ANN401 - any JSON
    """A resource within a resource, by its own resourceType."""
    if kind is not AnyResource or not isinstance(value, dict):
        raise ValueError("expected a resource")
    named = TYPES.get(str(value.get("resourceType")))
    if named is None:
        raise ValueError(f"there is no resource type {value.get('resourceType')} here")
    return convert(value, named, dec_hook=held)


def _is_odd(found: Resource, body: bytes) -> bool:
    """Whether something may have been lost; every scan costs a microsecond, which is why they are few."""
    written = write(found)
    if body.count(b'"') != written.count(b'"') or _EMPTY(written):
        return True
    return (b"#" in written and b'"#' in written) or bool(getattr(found, "contained", ()))


def _first(kind: str, error: Exception) -> Issue:
    if isinstance(error, ValidationError):
        return Issue("structure", kind, str(error))
    return Issue("structure", kind, "The body could not be read.")


# msgspec describes a struct to itself when it is first used, and breaks where two threads do that at once:
# all are described now, also those that only extensions hold.
_READERS = {kind: json.Decoder(known, float_hook=Decimal, dec_hook=held) for kind, known in TYPES.items()}
_VALUES = tuple(json.Decoder(kind) for kind in KINDS.values())
