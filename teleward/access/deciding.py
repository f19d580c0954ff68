"""One decision: the facts are looked up, the policies are asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache

import cedarpy

from teleward.kernel.clock import now

from . import entities
from .actions import Action
from .actors import Actor, ActorKind
from .entities import Facts
from .evidence import NONE, Evidence, Standing, evidence
from .policy import Rules, rules
from .subjects import Subject

Detail = dict[str, str | int | list[str]]
NEVER = datetime.min.replace(tzinfo=UTC)
LETTERS = {  # of the scopes that may open an action
    Action.RECORD_READ: "rs",
    Action.RECORD_EXPORT: "rs",
    Action.RECORD_WRITE: "cud",
    Action.DIRECTORY_READ: "rs",
    Action.DIRECTORY_WRITE: "cud",
    Action.PRACTICE_SEARCH: "s",
    Action.PRACTICE_EXPORT: "rs",
    Action.LEDGER_READ: "rs",
    Action.PATIENT_CREATE: "c",
    Action.READING_WRITE: "cu",
}


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Whether it is allowed, by which policies, under which policy set."""

    allowed: bool
    policies: tuple[str, ...]  # ids of the policies that determined the answer, the explaining one first
    policy_set: str  # SHA-256 of schema and policies, hexadecimal
    purpose: str = ""  # that the policy names, empty where the action's own holds
    detail: Mapping[str, str | int | list[str]] = field(default_factory=dict)  # what it rests on

    @property
    def policy(self) -> str:
        """The one policy that is the key of the explanation, empty where none spoke."""
        return self.policies[0] if self.policies else ""


def decide(*, actor: Actor, action: Action, subject: Subject) -> Decision:
    """Looks up the facts of this moment and asks the policies."""
    at = now()
    found = evidence(actor=actor.behalf or actor, subject=subject, at=at)
    return decide_with(actor=actor, action=action, subject=subject, found=found, at=at)


def decide_with(*, actor: Actor, action: Action, subject: Subject, found: Evidence, at: datetime) -> Decision:
    """Asks the policies with evidence that is known.

    A program that asks for somebody needs both: its scopes must cover it, and that person must be allowed it
    themself; `found` is what they have to do with the subject. `by` in the detail names the policy about it.
    """
    letter = subject.interaction.rpartition(".")[2]
    if actor.kind is ActorKind.CLIENT and letter not in LETTERS.get(action, ""):
        subject = replace(subject, interaction="")
    if found is NONE and actor.kind is ActorKind.CLIENT:
        own = _without_evidence(rules(), actor, action, subject)
    else:
        facts = entities.facts(actor=actor, subject=subject, found=found, at=at)
        own = decide_on(action=action, facts=facts, ties=found.standing)
    if actor.behalf is None or not own.allowed:
        return own
    facts = entities.facts(actor=actor.behalf, subject=subject, found=found, at=at)
    theirs = decide_on(action=action, facts=facts, ties=found.standing)
    detail = {**theirs.detail, "facts": own.detail["facts"], "by": theirs.policy}
    return replace(own if theirs.allowed else theirs, detail=detail)


@lru_cache(maxsize=5_000)
def _without_evidence(loaded: Rules, actor: Actor, action: Action, subject: Subject) -> Decision:
    """Where nothing was looked up and no proof grows old, who asks for what decides alone."""
    facts = entities.facts(actor=actor, subject=subject, found=NONE, at=NEVER)
    return decide_on(action=action, facts=facts, by=loaded)


def decide_on(
    *, action: Action, facts: Facts, ties: Mapping[str, Standing] = NONE.standing, by: Rules | None = None
) -> Decision:
    """Asks the policies about facts that are known; `ties` are the dated standings behind them.

    Anything unforeseen, such as an entity that does not fit the schema, is a no.
    """
    loaded = by or rules()
    allowed, policies = _answer(loaded, action, *facts.told)
    return Decision(
        allowed=allowed,
        policies=policies,
        policy_set=loaded.digest,
        purpose=loaded.annotations[policies[0]].purpose if allowed else "",
        detail=_detail(loaded, facts, ties, policies[0] if policies else ""),
    )


@lru_cache(maxsize=20_000)
def _answer(loaded: Rules, action: Action, context: str, known: str) -> tuple[bool, tuple[str, ...]]:
    """Whether, and by which policies. The same question about the same facts has the same answer."""
    principal, resource = (each["uid"] for each in json.loads(known))
    request = {
        "principal": principal,
        "action": {"type": "Action", "id": action.value},
        "resource": resource,
        "context": context,
    }
    able = loaded.about(principal["type"], action.value)
    answer = cedarpy.is_authorized(request, able, known, schema=loaded.schema)
    reasons = tuple(sorted(answer.diagnostics.reasons, key=lambda each: loaded.annotations[each].rank))
    return answer.allowed and bool(reasons) and not answer.diagnostics.errors, reasons


def _detail(loaded: Rules, facts: Facts, ties: Mapping[str, Standing], policy: str) -> Detail:
    """What the ledger keeps: the evidence of the policy that explains, and all facts for a replay."""
    kinds = loaded.annotations[policy].evidence if policy else ()
    rests_on = next((ties[kind] for kind in kinds if kind in ties), None)
    dated: Detail = {} if rests_on is None else rests_on.dated()
    return dated | {"facts": facts.kept}
