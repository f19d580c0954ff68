"""A decision of the ledger, decided again: by the policies of today, or by others that somebody proposes."""

from collections.abc import Mapping
from typing import Any

from .actions import Action
from .actors import ActorKind
from .deciding import Decision, decide_on
from .entities import Context, Entity, Facts, asked_about, asker
from .policy import Rules
from .smart.scopes import LEVELS, asked_words

HERE, ELSEWHERE = "here", "elsewhere"


def decided_again(*, facts: Mapping[str, Any], by: Rules) -> Decision | None:
    """The decision of one ledger entry (`facts` by the names of `ledger.Entry`) under these policies.

    None where the entry does not say what the decision rested on, or asks for an action nobody knows now.
    """
    detail = facts.get("detail", {})
    kept = detail.get("facts")
    if not isinstance(kept, list) or facts["action"] not in set(Action):
        return None
    if "by" in detail and facts["outcome"] == "deny":  # the person behind the program was refused
        return None
    return decide_on(action=Action(facts["action"]), facts=_facts(facts, set(kept)), by=by)


def _facts(entry: Mapping[str, Any], kept: set[str]) -> Facts:
    return Facts(
        principal=_principal(entry, kept),
        resource=_resource(entry, kept),
        context=_context(kept),
        kept=sorted(kept),
    )


def _context(kept: set[str]) -> Context:
    asked = [word for each in _values(kept, "asked") for word in asked_words(each)]
    said: Context = {name: name in kept for name in ("self", "fresh")}
    return said | ({"asked": asked} if asked else {})


def _words(kept: set[str], level: str) -> list[str]:
    return [each.partition("/")[2] for each in _values(kept, "scope") if each.startswith(f"{level}/")]


def _principal(entry: Mapping[str, Any], kept: set[str]) -> Entity:
    every: Entity = {
        "organisation": HERE,
        "patient": HERE,
        "visit": str(entry["visit"]),
        "roles": sorted(entry["actor_role"].split(",")),
        "behalf": "behalf" in kept,
        **{f"{level}_scopes": _words(kept, level) for level in LEVELS},
        "active": "inactive" not in kept,
        "locked": "locked" in kept,
        "aal": int(_value(kept, "aal") or 0),
        "managed": "managed" in kept,
        "held": "held" in kept,
        "weak": _values(kept, "weak"),
    }
    identity = {"type": entry["actor_kind"], "id": str(entry["actor_id"])}
    return asker(ActorKind(entry["actor_kind"]), identity, every)


def _resource(entry: Mapping[str, Any], kept: set[str]) -> Entity:
    of_patient: Entity = {
        "patient": HERE if "same-patient" in kept else ELSEWHERE,
        "tier": _value(kept, "tier"),
        "category": _value(kept, "category"),
        "standing": _values(kept, "standing"),
    }
    identity = {"type": entry["subject_kind"], "id": str(entry["subject_id"])}
    where = HERE if "same-organisation" in kept else ELSEWHERE
    return asked_about(entry["subject_kind"], identity, where, of_patient)


def _values(kept: set[str], name: str) -> list[str]:
    return sorted(each.partition("=")[2] for each in kept if each.startswith(f"{name}="))


def _value(kept: set[str], name: str) -> str:
    return next(iter(_values(kept, name)), "")
