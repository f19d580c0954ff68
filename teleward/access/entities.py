"""Actor, subject and circumstances as Cedar sees them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from .actors import Actor, ActorKind
from .evidence import Evidence
from .signin.factors import assurance_of
from .signin.limits import ASSURANCE, SESSION
from .smart import scopes
from .subjects import Subject

Entity = dict[str, Any]
Context = dict[str, bool | list[str]]
OF_PATIENTS = frozenset({"Patient", "Visit", "Objection", "Case", "Erasure"})


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the policies may ask about. Nobody changes it: the same question gets the same facts."""

    principal: Entity
    resource: Entity
    context: Context
    kept: list[str]  # the same for the ledger, enough to decide again

    @cached_property
    def told(self) -> tuple[str, str]:
        """The context and the entities as the engine reads them."""
        return json.dumps(self.context), json.dumps([self.principal, self.resource])


def facts(*, actor: Actor, subject: Subject, found: Evidence, at: datetime) -> Facts:
    """The facts of one question at one moment."""
    return _facts(actor, subject, found.tier, found.kinds, is_fresh(actor, at))


@lru_cache(maxsize=5_000)
def _facts(actor: Actor, subject: Subject, tier: str, ties: tuple[str, ...], fresh: bool) -> Facts:  # noqa: FBT001 - a key
    context: Context = {"self": _is_self(actor, subject), "fresh": fresh}
    if actor.kind is ActorKind.CLIENT and subject.interaction:
        context["asked"] = scopes.asked_words(subject.interaction)
    return Facts(
        principal=principal(actor),
        resource=resource(subject, tier, ties),
        context=context,
        kept=_kept(actor, subject, tier, ties, context),
    )


def is_fresh(actor: Actor, at: datetime) -> bool:
    """Whether the actor proved who they are a short while ago."""
    return actor.authenticated_at is not None and at - actor.authenticated_at <= SESSION.fresh


def too_weak_for(actor: Actor) -> list[str]:
    """What the policy file asks a stronger proof for than the actor gave: administration, glass."""
    given = assurance_of(actor.method, actor.aal)
    asked = {"administration": ASSURANCE.administration, "glass": ASSURANCE.break_glass}
    return [deed for deed, least in asked.items() if given < least]


def uid(kind: str, identifier: UUID | None) -> Entity:
    """A Cedar entity id; what has no id of its own is the one of its kind."""
    return {"type": kind, "id": str(identifier) if identifier else "-"}


def principal(actor: Actor) -> Entity:
    """The actor with the attributes the schema gives its kind."""
    every: Entity = {
        "organisation": str(actor.organisation),
        "roles": sorted(actor.roles),
        "active": actor.active,
        "locked": actor.locked,
        "aal": actor.aal,
        "managed": actor.managed,
        "held": actor.held,
        "weak": too_weak_for(actor),
        "patient": str(actor.patient),
        "visit": str(actor.visit),
        **(_may(actor) if actor.kind is ActorKind.CLIENT else {}),
    }
    return asker(actor.kind, uid(actor.kind.value, actor.id), every)


def _may(actor: Actor) -> Entity:
    """What a program holds at each level, and whether somebody stands behind it."""
    held = scopes.read(actor.scopes)
    at = {f"{level}_scopes": sorted(held.at(level)) for level in scopes.LEVELS}
    return {**at, "behalf": actor.behalf is not None}


def asker(kind: ActorKind, identity: Entity, every: Entity) -> Entity:
    """An actor of this kind, of `every` attribute those that the schema gives it."""
    return {"uid": identity, "attrs": {name: every[name] for name in ATTRIBUTES[kind]}, "parents": []}


def asked_about(kind: str, identity: Entity, organisation: str, of_patient: Entity) -> Entity:
    """A subject of this kind; `of_patient` counts where such a subject is a patient's."""
    attributes = {"organisation": organisation} | (of_patient if kind in OF_PATIENTS else {})
    return {"uid": identity, "attrs": attributes, "parents": []}


ATTRIBUTES: dict[ActorKind, tuple[str, ...]] = {
    ActorKind.STAFF: ("organisation", "roles", "active", "locked", "aal", "managed", "held", "weak"),
    ActorKind.PATIENT: ("organisation", "patient", "active", "locked", "aal", "held"),
    ActorKind.GUEST: ("organisation", "patient", "visit", "roles"),
    ActorKind.DEVICE: ("organisation", "patient", "active"),
    ActorKind.CLIENT: (
        "organisation",
        "patient",
        "active",
        "behalf",
        "patient_scopes",
        "user_scopes",
        "system_scopes",
    ),
    ActorKind.SYSTEM: (),
    ActorKind.NOBODY: (),
}


def resource(subject: Subject, tier: str, ties: Sequence[str]) -> Entity:
    """The subject with the attributes the schema gives its kind."""
    of_patient: Entity = {
        "patient": str(subject.patient),
        "tier": tier,
        "category": subject.category,
        "standing": ties,
    }
    identity = uid(subject.kind, subject.id)
    return asked_about(subject.kind, identity, str(subject.organisation), of_patient)


def _kept(actor: Actor, subject: Subject, tier: str, ties: Sequence[str], context: Context) -> list[str]:
    flags = {"managed": actor.managed, "held": actor.held, "behalf": actor.behalf is not None}
    flags |= {name: value for name, value in context.items() if isinstance(value, bool)}
    flags |= {"locked": actor.locked, "inactive": not actor.active}
    flags |= {"same-organisation": actor.organisation == subject.organisation}
    flags |= {"same-patient": actor.patient is not None and actor.patient == subject.patient}
    words = [f"aal={actor.aal}", f"tier={tier}", f"category={subject.category}"]
    same = [name for name, value in flags.items() if value]
    same += [f"weak={deed}" for deed in too_weak_for(actor)]
    same += _matching(actor, subject) if "asked" in context else []
    return words + same + [f"standing={kind}" for kind in ties]


def _matching(actor: Actor, subject: Subject) -> list[str]:
    """What a program asked for, and which of its scopes speak of that."""
    held, asked = scopes.read(actor.scopes), scopes.asked_words(subject.interaction)
    speaking = [f"{level}/{word}" for level in scopes.LEVELS for word in asked if word in held.at(level)]
    return [f"asked={subject.interaction}", *(f"scope={word}" for word in speaking)]


def _is_self(actor: Actor, subject: Subject) -> bool:
    if subject.kind == "Visit":
        return actor.kind is ActorKind.GUEST and actor.visit == subject.id
    return subject.kind == "Person" and actor.id is not None and actor.id == subject.id
