"""Every address of the API: what it does, and which decision of the gate it waits for."""

from teleward.access.grants import Action
from teleward.records.fhir.r4.every import TYPES

from . import conditional, events, everything, exporting, reading, searching, writing
from .capability import capability
from .exchange import Exchange
from .messages import Answer, Request
from .problems import MethodNotOffered, NotOffered
from .route import Route
from .transactions import system_interaction

READ = (Action.RECORD_READ, Action.DIRECTORY_READ)
WRITE = (Action.RECORD_WRITE, Action.DIRECTORY_WRITE)
CREATE = (*WRITE, Action.PATIENT_CREATE)
EXPORT = (Action.PRACTICE_EXPORT,)
SEARCH = (*READ, Action.PRACTICE_SEARCH)
UNKEPT = frozenset({"Bundle", "CapabilityStatement", "OperationOutcome", "Parameters"})
KINDS = frozenset(TYPES) - UNKEPT


async def answer(x: Exchange) -> Answer:
    """What the route of this request gives."""
    route, places = route_of(x.request)
    return await route.handler(x, *places)


ROUTES: tuple[Route, ...] = (
    Route(method="POST", path="/", handler=system_interaction(answer), gated_by=(*SEARCH, *WRITE)),
    Route(
        method="GET",
        path="/metadata",
        handler=capability(lambda: ROUTES, KINDS),
        open_because="What the server can do, and nothing about anybody (FHIR R4, http.html#capabilities).",
    ),
    Route(method="GET", path="/$export", handler=exporting.begin, gated_by=EXPORT),
    Route(method="GET", path="/Patient/$export", handler=exporting.begin, gated_by=EXPORT),
    Route(method="GET", path="/$export/{id}", handler=exporting.look, gated_by=EXPORT),
    Route(method="DELETE", path="/$export/{id}", handler=exporting.give_up, gated_by=EXPORT),
    Route(method="GET", path="/$export/{id}/{file}", handler=exporting.fetch, gated_by=EXPORT),
    Route(method="GET", path="/Patient/{id}/$everything", handler=everything.everything, gated_by=READ),
    Route(method="POST", path="/{kind}/$validate", handler=everything.validate, gated_by=READ),
    Route(method="GET", path="/AuditEvent", handler=events.search, gated_by=(Action.LEDGER_READ,)),
    Route(method="POST", path="/AuditEvent/_search", handler=events.search, gated_by=(Action.LEDGER_READ,)),
    Route(method="GET", path="/AuditEvent/{id}", handler=events.read, gated_by=(Action.LEDGER_READ,)),
    Route(method="GET", path="/{kind}/{id}", handler=reading.read, gated_by=READ),
    Route(method="GET", path="/{kind}/{id}/_history", handler=reading.history, gated_by=READ),
    Route(method="GET", path="/{kind}/{id}/_history/{version}", handler=reading.vread, gated_by=READ),
    Route(method="GET", path="/{kind}", handler=searching.search, gated_by=SEARCH),
    Route(method="POST", path="/{kind}/_search", handler=searching.search, gated_by=SEARCH),
    Route(method="POST", path="/{kind}", handler=conditional.create, gated_by=CREATE),
    Route(method="PUT", path="/{kind}", handler=conditional.update_where, gated_by=(*SEARCH, *CREATE)),
    Route(method="DELETE", path="/{kind}", handler=conditional.remove_where, gated_by=(*SEARCH, *WRITE)),
    Route(method="PATCH", path="/{kind}", handler=conditional.patch_where, gated_by=(*SEARCH, *WRITE)),
    Route(method="PATCH", path="/{kind}/{id}", handler=conditional.patch, gated_by=WRITE),
    Route(method="PUT", path="/{kind}/{id}", handler=writing.replace_with, gated_by=WRITE),
    Route(method="DELETE", path="/{kind}/{id}", handler=writing.remove, gated_by=WRITE),
)


def route_of(request: Request) -> tuple[Route, list[str]]:
    """The route of a request, with what stands in its places. Raises NotOffered or MethodNotOffered."""
    method = "GET" if request.method == "HEAD" else request.method
    for route in ROUTES:
        places = route.fits(request.path) if route.method == method else None
        if places is not None:
            if "{kind}" in route.places and places[0] not in KINDS:
                raise NotOffered(f"There is no resource type {places[0][:64]} here.")
            return route, places
    known = any(route.fits(request.path) is not None for route in ROUTES)
    raise MethodNotOffered if known else NotOffered
