"""Actor, subject and circumstances as Cedar sees them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from teleward.kernel.clock import now

from .actors import Actor, ActorKind
from .evidence import standing
from .signin.limits import SESSION
from .subjects import Subject

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
    found = standing(actor=actor, subject=subject, at=at)
    context = {
        "appointment": found.visit is not None,
        "host": found.is_host,
        "self": _is_self(actor, subject),
        "fresh": actor.authenticated_at is not None and at - actor.authenticated_at <= SESSION.fresh,
    }
    return Facts(context=context, evidence=found.dated())


def _is_self(actor: Actor, subject: Subject) -> bool:
    if subject.kind == "Visit":
        return actor.kind is ActorKind.GUEST and actor.visit == subject.id
    return subject.kind == "Person" and actor.id is not None and actor.id == subject.id
