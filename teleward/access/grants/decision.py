"""The decision: the policies are asked, the ledger holds the answer, then the grant is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from teleward.access.actions import Action, Purpose, usual_purpose
from teleward.access.actors import Actor, ActorKind
from teleward.access.deciding import Decision, decide
from teleward.access.policy import rules
from teleward.access.subjects import Subject
from teleward.audit import ledger
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id

from .proof import Circumstances, Grant
from .refused import refusal

Detail = Mapping[str, "str | int | list[str]"]


def authorise(
    *,
    actor: Actor,
    action: Action,
    subject: Subject,
    circumstances: Circumstances,
    purpose: Purpose | None = None,
    detail: Detail | None = None,
) -> Grant:
    """Decides, writes the decision durably, and grants. Raises Refused or one of its kinds.

    Must not be called inside a transaction: the entry has to stand even if what follows is rolled back.
    """
    decision = decide(actor=actor, action=action, subject=subject)
    purpose = purpose or Purpose(decision.purpose or usual_purpose(action))
    asked = Asked(actor, action, subject, circumstances, purpose)
    with transaction.atomic(durable=True):
        receipt = ledger.append(entry=entry_of(asked, decision, {**decision.detail, **(detail or {})}))
    if not decision.allowed:
        raise refusal(actor=actor, action=action, subject=subject, decision=decision)
    return Grant(
        actor=actor,
        action=action,
        subject=subject,
        purpose=purpose,
        policy=decision.policy,
        ledger=receipt.id,
        at=receipt.at,
        circumstances=circumstances,
    )


def record(*, grant: Grant, outcome: str = "done", detail: Detail | None = None) -> UUID:
    """Adds to the ledger what was done under a grant, in the caller's transaction. Returns the entry's id."""
    return ledger.append(entry=_under(grant, outcome, detail)).id


def written(*, grant: Grant, outcome: str = "done", detail: Detail | None = None) -> "Written":
    """The same entry for a statement that appends it together with what it says was done."""
    entry, at = _under(grant, outcome, detail), now()
    return Written(id=new_id(), at=at, patient=entry.patient, body=ledger.body_of(entry=entry, at=at))


def _under(grant: Grant, outcome: str, detail: Detail | None) -> ledger.Entry:
    asked = Asked(grant.actor, grant.action, grant.subject, grant.circumstances, grant.purpose)
    decision = Decision(allowed=True, policies=(grant.policy,), policy_set=rules().digest)
    return entry_of(asked, decision, detail or {}, outcome)


@dataclass(frozen=True, kw_only=True)
class Written:
    """One entry as `audit_append` takes it."""

    id: UUID
    at: datetime
    patient: UUID | None
    body: str


@dataclass(frozen=True)
class Asked:
    """One question to the policies, with where it came from."""

    actor: Actor
    action: Action
    subject: Subject
    circumstances: Circumstances
    purpose: Purpose


def entry_of(asked: Asked, decision: Decision, detail: Detail, outcome: str = "") -> ledger.Entry:
    """What the ledger keeps of a question and its answer."""
    anonymous = asked.actor.kind is ActorKind.NOBODY and not decision.allowed  # may lengthen nobody's chain
    missing = asked.subject.organisation is None  # an id that nobody has begins no chain
    return ledger.Entry(
        actor_kind=asked.actor.kind.value,
        actor_id=asked.actor.id,
        actor_role=asked.actor.role,
        actor_organisation=asked.actor.organisation,
        action=asked.action.value,
        outcome=outcome or ("allow" if decision.allowed else "deny"),
        subject_kind=asked.subject.kind,
        subject_id=asked.subject.id,
        patient=None if anonymous or missing else asked.subject.patient,
        kind=asked.action.kind,
        purpose=asked.purpose.value,
        policy=decision.policy,
        policy_set=decision.policy_set,
        request_id=asked.circumstances.request_id,
        client_address=asked.circumstances.client_address,
        via=asked.circumstances.via,
        visit=asked.subject.id if asked.subject.kind == "Visit" else asked.actor.visit,
        detail={**detail, **_for_whom(asked.actor)},
    )


def _for_whom(actor: Actor) -> Detail:
    """The person behind a program, where there is one."""
    if actor.behalf is None:
        return {}
    return {"for": str(actor.behalf.id), "for_kind": actor.behalf.kind.value, "for_role": actor.behalf.role}
