"""Who saw a patient's record, as FHIR AuditEvents from the ledger."""

from collections.abc import Iterator
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
    *, grant: Grant, origin: str, wanted: dict[str, tuple[str, ...]], after: UUID | None, most: int
) -> list[dict[str, Any]]:
    """At most so many of the entries with the codes that are wanted, from the one after `after`.

    `wanted` may name action, outcome, type, subtype, and date as the beginnings of an instant, and _id.
    """
    grant.must_cover(Action.LEDGER_READ)
    found: list[dict[str, Any]] = []
    begun = after is None
    for event in audit_events(grant=grant, origin=origin):
        if not begun:
            begun = event["id"] == str(after)
        elif _fits(event, wanted):
            found.append(event)
            if len(found) == most:
                break
    return found


def _fits(event: dict[str, Any], wanted: dict[str, tuple[str, ...]]) -> bool:
    return all(_is_among(name, event, values) for name, values in wanted.items())


def _is_among(name: str, event: dict[str, Any], values: tuple[str, ...]) -> bool:
    if name == "date":
        return any(event["recorded"].startswith(value) for value in values)
    return bool(set(values) & _codes(name, event))


def _codes(name: str, event: dict[str, Any]) -> set[str]:
    if name == "_id":
        return {event["id"]}
    if name == "type":
        return {event["type"]["code"]}
    if name == "subtype":
        return {each["code"] for each in event.get("subtype", [])}
    return {event[name]}
