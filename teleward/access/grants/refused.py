"""Which refusal it is: the one that tells what can be done about it."""

from datetime import datetime

from teleward.access.actions import Action
from teleward.access.actors import Actor, ActorKind
from teleward.access.deciding import Decision
from teleward.access.signin.limits import ACCOUNT
from teleward.access.subjects import Subject
from teleward.kernel.errors import Problem

from .refusals import (
    AccountTooNew,
    GlassNeeded,
    OwnRecord,
    PasswordStolen,
    ProofTooWeak,
    ReasonNeeded,
    Refused,
    SessionLocked,
    SignInNeeded,
)

TREATING = frozenset({"physician", "nurse"})
BY_REASON = frozenset({Action.PATIENT_READ, Action.VISIT_READ})
BY_GLASS = BY_REASON | {Action.NOTE_READ, Action.RECORD_READ, Action.ALERT_ACKNOWLEDGE}
OWN = frozenset({"f-own-record", "f-family"})
NEW = "f-new-account"
STOLEN = frozenset({"f-stolen-password", "f-stolen-password-account"})
WEAK = frozenset({"f-weak-for-administration", "f-weak-for-glass"})
TOLD: dict[frozenset[str], type[Refused]] = {STOLEN: PasswordStolen, OWN: OwnRecord, WEAK: ProofTooWeak}
TIES = frozenset({"f-restricted", "f-closed", "f-sensitive"})  # forbids that a tie to the patient lifts


def refusal(*, actor: Actor, action: Action, subject: Subject, decision: Decision) -> Problem:
    """The problem to raise for a decision that was a no."""
    if actor.kind is ActorKind.NOBODY:
        return SignInNeeded()
    if actor.locked:
        return SessionLocked()
    if decision.policy == NEW:
        return AccountTooNew(_opened(decision) + ACCOUNT.first_days)
    for policies, problem in TOLD.items():
        if policies & set(decision.policies):
            return problem()
    return _way_on(actor, action, subject, set(decision.policies))


def _opened(decision: Decision) -> datetime:
    return datetime.fromisoformat(str(decision.detail["starts_at"]))


def _way_on(actor: Actor, action: Action, subject: Subject, by: set[str]) -> Problem:
    here = actor.kind is ActorKind.STAFF and actor.organisation == subject.organisation
    if not here or not by <= TIES:
        return Refused()
    if action in BY_REASON and not by and actor.roles & (TREATING | {"reception"}):
        return ReasonNeeded(subject)
    return GlassNeeded(subject) if action in BY_GLASS and actor.roles & TREATING else Refused()
