"""What the API can do: the CapabilityStatement, made of the routes and parameters that there are."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import msgspec
from django.conf import settings

from teleward.kernel.clock import now
from teleward.records.fhir.search import PARAMETERS, Parameter
from teleward.records.store.modifiers import SEALED, modifiers, prefixes
from teleward.records.store.stamping import instant

from .exchange import Exchange
from .messages import Answer, root
from .plans import orders
from .route import Route
from .writing import READ_ONLY

SMART = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
CODES = {
    ("GET", "/{kind}/{id}"): "read",
    ("GET", "/{kind}/{id}/_history/{version}"): "vread",
    ("GET", "/{kind}/{id}/_history"): "history-instance",
    ("GET", "/{kind}"): "search-type",
    ("POST", "/{kind}"): "create",
    ("PUT", "/{kind}/{id}"): "update",
    ("PATCH", "/{kind}/{id}"): "patch",
    ("DELETE", "/{kind}/{id}"): "delete",
}
READS = frozenset({"read", "vread", "history-instance", "search-type"})
LEDGER = "AuditEvent"
DOES = {  # where a type does less than the others
    LEDGER: frozenset({"read", "search-type"}),
    "Patient": READS | {"create"},  # whom a system enters is the practice's own from then on
}
_encode = msgspec.json.Encoder().encode
Json = dict[str, Any]
Telling = Callable[[Exchange], Any]


def capability(routes: Callable[[], Iterable[Route]], kinds: Iterable[str]) -> Telling:
    """The handler of /metadata for these routes and types."""
    started = instant(now())

    async def metadata(_x: Exchange) -> Answer:
        return Answer(body=_statement(tuple(routes()), tuple(sorted(kinds)), started))

    return metadata


@cache
def _statement(routes: tuple[Route, ...], kinds: tuple[str, ...], started: str) -> bytes:
    codes = [code for place, code in CODES.items() if place in {(r.method, r.path) for r in routes}]
    rest: Json = {
        "mode": "server",
        "security": {"cors": False, "service": [{"coding": [SMART_CODE]}], "extension": [_addresses()]},
        "resource": [_resource(kind, codes, routes) for kind in kinds],
        "interaction": [{"code": "transaction"}, {"code": "batch"}],
        "operation": [_operation(route) for route in routes if route.path.startswith("/$")],
    }
    return _encode(
        {
            "resourceType": "CapabilityStatement",
            "status": "active",
            "date": started,
            "kind": "instance",
            "software": {"name": "Teleward"},
            "implementation": {"description": "The chart of a practice", "url": root()},
            "fhirVersion": "4.0.1",
            "format": ["application/fhir+json", "json"],
            "patchFormat": ["application/json-patch+json"],
            "rest": [{name: part for name, part in rest.items() if part}],
        }
    )


SMART_CODE = {
    "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
    "code": "SMART-on-FHIR",
}


def _addresses() -> Json:
    ends = [("authorize", "/oauth/authorize"), ("token", "/oauth/token")]
    return {
        "url": SMART,
        "extension": [{"url": name, "valueUri": settings.ORIGIN + path} for name, path in ends],
    }


def _resource(kind: str, codes: list[str], routes: tuple[Route, ...]) -> Json:
    params = PARAMETERS.get(kind, {})
    does = [code for code in codes if code in DOES.get(kind, READS if kind in READ_ONLY else codes)]
    operations = [_operation(r) for r in routes if "/$" in r.path and _is_of(r, kind)]
    references = [f"{kind}:{name}" for name, param in params.items() if param.type == "reference"]
    return {
        "type": kind,
        "interaction": [{"code": code} for code in does],
        "versioning": "versioned-update" if "vread" in does else "no-version",
        "readHistory": "history-instance" in does,
        "updateCreate": False,
        "conditionalCreate": "create" in does,
        "conditionalRead": "not-match" if "vread" in does else "not-supported",
        "conditionalUpdate": "update" in does,
        "conditionalDelete": "single" if "delete" in does else "not-supported",
        **({"searchInclude": sorted(references)} if references and kind != LEDGER else {}),
        "searchParam": [_param(kind, param) for param in params.values() if param.type != "composite"],
        **({"operation": operations} if operations else {}),
        "documentation": _documented(kind),
    }


def _documented(kind: str) -> str:
    if kind == LEDGER:
        return "The patient is named in each search. Sorted by -date, the newest first."
    return f"Sorted by {', '.join(orders(kind))}. {SEALED}"


def _is_of(route: Route, kind: str) -> bool:
    first = route.path.split("/")[1]
    return first in {"{kind}", kind}


def _operation(route: Route) -> Json:
    name = route.path.rpartition("$")[2].partition("/")[0]
    return {"name": name, "definition": f"http://hl7.org/fhir/OperationDefinition/Resource-{name}"}


def _param(kind: str, param: Parameter) -> Json:
    behind, before = modifiers(kind, param), prefixes(param)
    said = [
        f"Modifiers: {', '.join(behind)}." if behind else "",
        f"Prefixes: {', '.join(before)}." if before else "",
    ]
    told = " ".join(each for each in said if each)
    return {"name": param.name, "type": param.type, **({"documentation": told} if told else {})}
