"""What the policies leave to ask of each row: partial evaluation for one actor and one action."""

import json
from datetime import datetime
from typing import Any

import cedarpy

from teleward.access import entities
from teleward.access.actions import Action
from teleward.access.actors import Actor, ActorKind
from teleward.access.policy import Rules, rules
from teleward.access.policy.grammar import read_policy

from .condition import Condition, Sql
from .rows import Row


class NotListed(Exception):
    """A list for a guest or a program, or policies that could not be evaluated. A mistake in the program."""


def condition(*, actor: Actor, action: Action, row: Row, at: datetime, by: Rules | None = None) -> Condition:
    """Which rows the policies allow: any permit, no forbid. A bool where all rows are alike."""
    words = Sql(actor, row, at)
    permits: Condition = False
    forbids: Condition = False
    for residual in _residuals(actor, action, at, by or rules()):
        said = read_policy(residual, words)
        if residual["effect"] == "permit":
            permits = words.either(permits, said)
        else:
            forbids = words.either(forbids, said)
    return words.both(permits, words.negated(forbids))


def _residuals(actor: Actor, action: Action, at: datetime, loaded: Rules) -> list[dict[str, Any]]:
    """Resource unknown, everything else known. What a guest or a program may see depends on the row.

    Of a guest it is the visit, of a program what it asks for; the gate weighs each row for them.
    """
    if actor.kind in {ActorKind.GUEST, ActorKind.CLIENT}:
        raise NotListed(f"A list for a {actor.kind}.")
    who = entities.principal(actor)
    known = cedarpy.Entities.from_json_str(json.dumps([who]), schema=loaded.schema)
    request = {
        "principal": _name(who["uid"]),
        "action": _name({"type": "Action", "id": action.value}),
        "context": {"self": False, "fresh": entities.is_fresh(actor, at)},
    }
    able = loaded.about(who["uid"]["type"], action.value)
    answer = cedarpy.is_authorized_partial(request, able, known, schema=loaded.schema)
    if answer.diagnostics.errors:
        raise NotListed(f"The policies for {action.value} could not be evaluated.")
    return list(answer.residuals.values())


def _name(uid: dict[str, str]) -> str:
    return f"{uid['type']}::{json.dumps(uid['id'])}"
