"""What the practice's other systems hold about a patient: asked now, or from the last time, with its age."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from teleward.access.grants import Action, Grant, authorise
from teleward.kernel.clock import now
from teleward.kernel.envelope import KeyDestroyed, seal, unseal
from teleward.kernel.openings import without_grant
from teleward.records.connections import asking
from teleward.records.connections.kind import Link, Refused, Unreachable
from teleward.records.connections.known import KINDS
from teleward.records.connections.words import reason
from teleward.records.models import Elsewhere
from teleward.records.queries.due import connected
from teleward.records.queries.links import link_to
from teleward.records.queries.resources import body_of

SECTIONS = ("problems", "medication", "allergies", "results", "documents")
FRESH = timedelta(minutes=1)  # so long what was asked is as good as asked now


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line: what it is, how much or how it is taken, and when as the other side wrote it."""

    text: str
    note: str
    at: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part, by a word of SECTIONS. `has_more` there; `is_closed`: not kept there, or not for us."""

    name: str
    findings: tuple[Finding, ...]
    has_more: bool
    is_closed: bool


@dataclass(frozen=True, kw_only=True)
class HeldElsewhere:
    """What one system holds. `asked_at`: of what is shown, None where there is nothing; `is_live`: just now.

    `left_out` could not be shown, `odd` were not written as FHIR asks. `problem`: why it could not be asked.
    """

    connection: UUID
    system: str
    asked_at: datetime | None
    is_live: bool
    sections: tuple[Section, ...]
    left_out: int
    odd: int
    problem: str


@without_grant("How the practice is connected is nobody's data.")
def can_look_elsewhere(*, practice: UUID) -> bool:
    """Whether there is a system to ask."""
    return any(KINDS[each.kind].looks for each in connected(practice=practice) if each.kind in KINDS)


def summary(*, grant: Grant, patient: UUID) -> tuple[HeldElsewhere, ...]:
    """One for each connected system that can be asked. Each has an entry in the ledger before it is.

    Raises Refused of the gate. Waits a few seconds at most for each; outside of transactions only.
    """
    grant.must_cover(Action.RECORD_READ, Action.ELSEWHERE_READ, patient=patient)
    known = connected(practice=grant.organisation)
    able = [each.id for each in known if each.kind in KINDS and KINDS[each.kind].looks]
    return tuple(_held(grant, patient, link_to(connection=each)) for each in able)


def _held(grant: Grant, patient: UUID, link: Link) -> HeldElsewhere:
    asking = authorise(
        actor=grant.actor,
        action=Action.ELSEWHERE_READ,
        subject=grant.subject,
        circumstances=grant.circumstances,
        purpose=grant.purpose,
        detail={"system": link.name, "connection": str(link.id), "host": link.host},
    )
    asking.must_cover(Action.ELSEWHERE_READ, patient=patient)
    row = Elsewhere.objects.filter(connection=link.id, patient=patient).first()
    if row is not None and now() - row.asked_at < FRESH:
        return _shown(link, row, is_live=True)
    try:
        found = _asked(asking, link, patient)
    except (Refused, Unreachable) as no:
        return _shown(link, row, is_live=False, problem=reason(no.reason))
    return _shown(link, _kept(link, patient, found), is_live=True)


def _asked(grant: Grant, link: Link, patient: UUID) -> dict[str, Any]:
    known = body_of(grant=grant, kind="Patient", logical_id=patient)
    if known is None or not known.body:
        raise Refused("patient-unnamed")
    return asking.look(connection=link, patient=known.body)


def _kept(link: Link, patient: UUID, found: dict[str, Any]) -> Elsewhere:
    context = _context(link.id)
    sealed = seal(patient=patient, plaintext=msgspec.json.encode(found), context=context)
    row, _made = Elsewhere.objects.update_or_create(
        connection_id=link.id,
        patient=patient,
        defaults={"organisation": link.organisation, "asked_at": now(), "body": sealed},
    )
    return row


def _shown(link: Link, row: Elsewhere | None, *, is_live: bool, problem: str = "") -> HeldElsewhere:
    found = _opened(row) if row is not None else {}
    return HeldElsewhere(
        connection=link.id,
        system=link.name,
        asked_at=row.asked_at if row is not None else None,
        is_live=is_live,
        sections=tuple(_sections(found)),
        left_out=found.get("left_out", 0),
        odd=found.get("odd", 0),
        problem=problem,
    )


def _opened(row: Elsewhere) -> dict[str, Any]:
    try:
        body = unseal(patient=row.patient, sealed=bytes(row.body), context=_context(row.connection_id))
    except KeyDestroyed:
        return {}
    found: dict[str, Any] = msgspec.json.decode(body)
    return found


def _sections(found: dict[str, Any]) -> Iterator[Section]:
    for name in SECTIONS if found else ():
        lines = tuple(Finding(**line) for line in found["findings"].get(name, ()))
        yield Section(
            name=name, findings=lines, has_more=name in found["more"], is_closed=name in found["closed"]
        )


def _context(connection: UUID) -> str:
    return f"records.elsewhere:{connection}"
