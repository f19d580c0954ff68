"""Cedar decides. Policies are files, checked against their schema when they load.

Without a permit the answer is no.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import cedarpy

from . import entities
from .actions import Action
from .actors import Actor
from .subjects import Subject

FOLDER = Path(__file__).parent / "policies"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Whether it is allowed, by which policies, under which policy set."""

    allowed: bool
    policies: tuple[str, ...]  # ids of the policies that determined the answer
    policy_set: str  # SHA-256 of schema and policies, hexadecimal
    evidence: Mapping[str, str] = field(default_factory=dict)  # the dated facts that the answer rests on

    @property
    def policy(self) -> str:
        """The one policy that is the key of the explanation, empty where none spoke."""
        return self.policies[0] if self.policies else ""


@dataclass(frozen=True)
class Rules:
    """The loaded policies and schema."""

    policies: cedarpy.PolicySet
    schema: cedarpy.Schema
    digest: str


class PoliciesInvalid(Exception):
    """The policy files do not fit their schema; the message says where."""


def sources() -> tuple[str, str]:
    """The text of all policies, in the order of their file names, and of the schema."""
    texts = [path.read_text() for path in sorted(FOLDER.glob("*.cedar"))]
    return "\n".join(texts), (FOLDER / "schema.cedarschema").read_text()


@cache
def rules() -> Rules:
    """The policies, loaded once per process. Raises PoliciesInvalid."""
    policies, schema = sources()
    checked = cedarpy.validate_policies(policies, schema)
    if not checked.validation_passed:
        raise PoliciesInvalid("; ".join(str(error.error) for error in checked.errors))
    digest = hashlib.sha256(f"{schema}\x00{policies}".encode()).hexdigest()
    return Rules(cedarpy.PolicySet.from_str(policies), cedarpy.Schema.from_str(schema), digest)


def decide(*, actor: Actor, action: Action, subject: Subject) -> Decision:
    """Asks the policies. Anything unforeseen, such as an entity that does not fit the schema, is a no."""
    loaded = rules()
    facts = entities.facts(actor, subject)
    request = {
        "principal": entities.uid(actor.kind.value, actor.id),
        "action": {"type": "Action", "id": action.value},
        "resource": entities.uid(subject.kind, subject.id),
        "context": facts.context,
    }
    known = [entities.principal(actor), entities.resource(subject)]
    answer = cedarpy.is_authorized(request, loaded.policies, known, schema=loaded.schema)
    allowed = answer.allowed and not answer.diagnostics.errors
    return Decision(allowed=allowed, policies=_ids(answer), policy_set=loaded.digest, evidence=facts.evidence)


def _ids(answer: cedarpy.AuthzResult) -> tuple[str, ...]:
    named = answer.diagnostics.id_annotations_by_reason
    return tuple(sorted(named.get(reason) or reason for reason in answer.diagnostics.reasons))
