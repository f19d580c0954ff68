"""The catalogue of what happens, and the outbox that tells other rooms.

An event is published inside the transaction that makes it true: it waits as a job in the same
database and is delivered at least once after the commit. Reactions are therefore idempotent.
"""

import uuid
from collections.abc import Callable
from enum import StrEnum

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

Reaction = Callable[..., None]


class Event(StrEnum):
    """Past tense, with the ids each one carries."""

    VISIT_BOOKED = "consult:visit:booked"  # visit
    VISIT_CANCELLED = "consult:visit:cancelled"  # visit
    NOTE_WRITTEN = "consult:note:written"  # visit: of one that is over
    CATEGORY_CHANGED = "consult:category:changed"  # visit: or no longer
    VISIT_ARRIVED = "consult:visit:arrived"  # visit: somebody waits or is talked to, or went away again
    VISIT_MISSED = "consult:visit:missed"  # visit
    VISIT_ENDED = "consult:visit:ended"  # visit
    INVITATION_SENT = "consult:invitation:sent"  # visit, invitation
    CONSENT_GIVEN = "consult:consent:given"  # visit, consent
    FORM_ANSWERED = "consult:form:answered"  # visit, form
    CONSENT_WITHDRAWN = "consult:consent:withdrawn"  # visit, consent
    READING_KEPT = "devices:reading:kept"  # visit, kept
    READINGS_TAKEN = "devices:readings:taken"  # batch, patient
    READINGS_DISOWNED = "devices:readings:disowned"  # disowned: one of them, patient
    READINGS_REOWNED = "devices:readings:reowned"  # disowned: one of the marks, patient
    ALERT_RAISED = "devices:alert:raised"  # alert
    ALERT_CHANGED = "devices:alert:changed"  # alert
    OBJECTION_OPENED = "trust:objection:opened"  # objection, patient
    OBJECTION_ANSWERED = "trust:objection:answered"  # objection
    GLASS_ASKED = "access:glass:asked"  # glass
    GLASS_BROKEN = "access:glass:broken"  # glass
    GLASS_ENDED = "access:glass:ended"  # glass
    REASON_GIVEN = "access:reason:given"  # reason
    CASE_REVIEWED = "watch:case:reviewed"  # case
    ERASURE_ASKED = "trust:erasure:asked"  # erasure
    RESOURCE_KEPT = "records:resource:kept"  # resource: the row of the version
    OBSERVATION_DISOWNED = "records:observation:disowned"  # observation, patient
    APPOINTMENT_RECEIVED = "records:appointment:received"  # request
    PATIENT_REGISTERED = "access:patient:registered"  # patient
    PATIENT_CHANGED = "access:patient:changed"  # patient
    CREDENTIAL_CHANGED = "access:credential:changed"  # person
    PERSON_INVITED = "access:person:invited"  # invitation
    ACCOUNT_OFFERED = "access:account:offered"  # patient
    ACCOUNT_OPENED = "access:account:opened"  # patient
    ADDRESS_CHANGED = "access:address:changed"  # change, patient
    ROLE_CHANGED = "access:role:changed"  # person
    PERSON_LEFT = "access:person:left"  # person


LEDGER_ONLY: frozenset[Event] = frozenset(
    {Event.ROLE_CHANGED, Event.PERSON_LEFT, Event.GLASS_ENDED, Event.ERASURE_ASKED}
)
reactions: dict[Event, list[Reaction]] = {}


def reaction(event: Event) -> Callable[[Reaction], Reaction]:
    """Registers a function of a room's `reactions.py` for an event; it is called with the event's ids."""

    def register(function: Reaction) -> Reaction:
        reactions.setdefault(event, []).append(function)
        return function

    return register


def publish(event: Event, **ids: uuid.UUID) -> None:
    """Puts the event into the outbox of the current transaction. Raises outside of one."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            f"{event} must be published in the transaction that makes it true"
        )
    told: list[JSONDict] = [_told(event, reacting, ids) for reacting in reactions.get(event, [])]
    if told:
        app.configure_task("kernel.deliver", allow_unknown=True).batch_defer(*told)


def _told(event: Event, reacting: Reaction, ids: dict[str, uuid.UUID]) -> JSONDict:
    reaction_name = f"{reacting.__module__}.{reacting.__qualname__}"
    texts: JSONDict = {name: str(value) for name, value in ids.items()}
    return {"event": event.value, "reaction": reaction_name, "ids": texts}
