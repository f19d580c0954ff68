"""Actor, subject and circumstances as Cedar sees them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models.functions import Coalesce

from teleward.kernel.clock import now

from .actors import Actor, ActorKind
from .models import Standing
from .signin.limits import SESSION
from .subjects import Subject

BEFORE_VISIT = timedelta(days=15)
AFTER_VISIT = timedelta(days=3)

Entity = dict[str, Any]


def uid(kind: str, identifier: UUID | None) -> Entity:
    """A Cedar entity id; what has no id of its own is the one of its kind."""
    return {"type": kind, "id": str(identifier) if identifier else "-"}


def principal(actor: Actor) -> Entity:
    """The actor with the attributes the schema gives its kind."""
    attributes: Entity = {"organisation": str(actor.organisation)}
    if actor.kind in {ActorKind.STAFF, ActorKind.PATIENT}:
        attributes |= {"active": actor.active, "locked": actor.locked, "aal": actor.aal}
    if actor.kind in {ActorKind.STAFF, ActorKind.GUEST}:
        attributes |= {"roles": sorted(actor.roles)}
    if actor.kind in {ActorKind.PATIENT, ActorKind.GUEST}:
        attributes |= {"patient": str(actor.patient)}
    if actor.kind is ActorKind.GUEST:
        attributes |= {"visit": str(actor.visit)}
    if actor.kind in {ActorKind.SYSTEM, ActorKind.NOBODY}:
        attributes = {}
    return {"uid": uid(actor.kind.value, actor.id), "attrs": attributes, "parents": []}


def resource(subject: Subject) -> Entity:
    """The subject with the attributes the schema gives its kind."""
    attributes: Entity = {"organisation": str(subject.organisation)}
    if subject.kind in {"Patient", "Visit", "Objection"}:
        attributes |= {"patient": str(subject.patient)}
    return {"uid": uid(subject.kind, subject.id), "attrs": attributes, "parents": []}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the policies may ask about, and the dated evidence behind it for the ledger."""

    context: dict[str, bool]
    evidence: dict[str, str]


def facts(actor: Actor, subject: Subject) -> Facts:
    """The facts of this moment, each looked up now."""
    at = now()
    standing = _standing(actor, subject, at)
    context = {
        "appointment": standing is not None,
        "host": _is_host(actor, subject),
        "self": _is_self(actor, subject),
        "fresh": actor.authenticated_at is not None and at - actor.authenticated_at <= SESSION.fresh,
    }
    evidence = {"visit": str(standing.visit), "starts_at": standing.starts_at.isoformat()} if standing else {}
    return Facts(context=context, evidence=evidence)


def _standing(actor: Actor, subject: Subject, at: datetime) -> Standing | None:
    """The nearest visit that the actor has with the patient, within the window that explains an access."""
    if actor.kind is not ActorKind.STAFF or subject.patient is None:
        return None
    near = Standing.objects.filter(staff=actor.id, patient=subject.patient, starts_at__lte=at + BEFORE_VISIT)
    return (
        near.annotate(over_at=Coalesce("ended_at", "ends_at"))
        .filter(over_at__gte=at - AFTER_VISIT)
        .order_by("-starts_at")
        .first()
    )


def _is_host(actor: Actor, subject: Subject) -> bool:
    if actor.kind is not ActorKind.STAFF or subject.kind != "Visit" or subject.id is None:
        return False
    return Standing.objects.filter(staff=actor.id, visit=subject.id).exists()


def _is_self(actor: Actor, subject: Subject) -> bool:
    if subject.kind == "Visit":
        return actor.kind is ActorKind.GUEST and actor.visit == subject.id
    return subject.kind == "Person" and actor.id is not None and actor.id == subject.id
