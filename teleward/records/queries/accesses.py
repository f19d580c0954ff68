"""Who saw a patient's record, as FHIR AuditEvents from the ledger."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.audit.queries.events import events_of_patient
from teleward.kernel.errors import NotFound


def audit_events(*, grant: Grant, origin: str) -> Iterator[dict[str, Any]]:
    """Every entry of the grant's patient that was not erased, newest first; `origin` is our own address."""
    grant.must_cover(Action.LEDGER_READ)
    if grant.subject.patient is None:
        raise NotFound
    return events_of_patient(patient=grant.subject.patient, origin=origin)


def audit_page(
    *, grant: Grant, origin: str, fits: Callable[[dict[str, Any]], bool], after: UUID | None, most: int
) -> list[dict[str, Any]]:
    """At most so many of the entries for which `fits` says yes, from the one after `after`."""
    grant.must_cover(Action.LEDGER_READ)
    found: list[dict[str, Any]] = []
    begun = after is None
    for event in audit_events(grant=grant, origin=origin):
        if not begun:
            begun = event["id"] == str(after)
        elif fits(event):
            found.append(event)
            if len(found) == most:
                break
    return found
