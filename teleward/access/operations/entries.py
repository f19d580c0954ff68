"""Ledger entries about signing in, where no grant exists yet."""

from uuid import UUID

from teleward.access.actions import Action, usual_purpose
from teleward.access.actors import NOBODY, Actor
from teleward.access.grants import Circumstances
from teleward.access.models import Person
from teleward.access.policy import rules
from teleward.audit import ledger


def note(
    *,
    action: Action,
    outcome: str,
    circumstances: Circumstances,
    person: Person | None = None,
    patient: UUID | None = None,
    visit: UUID | None = None,
    actor: Actor = NOBODY,
    detail: ledger.Detail | None = None,
) -> None:
    """Writes what was tried on whose account, by whom as far as known. No typed text ever enters `detail`.

    `patient`: whose chain it joins; only where a secret of that patient was shown. `visit`: what it is about,
    where it is no person.
    """
    kind, subject = ("Visit", visit) if visit else ("Person", person.id if person else None)
    entry = ledger.Entry(
        actor_kind=actor.kind.value,
        actor_id=actor.id,
        actor_role=actor.role,
        actor_organisation=actor.organisation,
        action=action.value,
        outcome=outcome,
        subject_kind=kind,
        subject_id=subject,
        patient=patient,
        kind=action.kind,
        purpose=usual_purpose(action).value,
        policy="",
        policy_set=rules().digest,
        request_id=circumstances.request_id,
        client_address=circumstances.client_address,
        via=circumstances.via,
        visit=visit,
        detail=detail or {},
    )
    ledger.append(entry=entry)
