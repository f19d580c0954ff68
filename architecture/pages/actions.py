"""Every action, and every policy that speaks about it."""

import json
import re
from dataclasses import dataclass

import cedarpy

from architecture.rooms import PACKAGE
from architecture.tables import code, codes, table
from teleward.access.actions import usual_purpose
from teleward.access.grants import Action

FOLDER = PACKAGE / "access" / "policies"
HEAD = """# Actions and policies

Nothing is allowed unless a policy permits it, and no permit counts where a policy forbids. The gate asks
for one of these actions, writes the answer to the ledger, and names the policy that gave it. Where a policy
says `resource.standing`, `resource.tier` or `context.self`, the gate itself has looked up that fact:
nobody can claim it. The [matrix](permissions.md) says the same role by role.
"""


@dataclass(frozen=True)
class Policy:
    """One Cedar policy, as far as the page shows it."""

    id: str
    effect: str
    file: str
    principal: str
    actions: tuple[str, ...]
    condition: str


def policies() -> list[Policy]:
    """All policies in the order of their files."""
    files = sorted(FOLDER.glob("*.cedar"))
    return [policy for file in files for policy in _in_file(file.name, file.read_text())]


def _in_file(file: str, text: str) -> list[Policy]:
    found = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"].values()
    written = _conditions(text)
    return [
        Policy(
            id=each["annotations"]["id"],
            effect=each["effect"],
            file=file,
            principal=each["principal"].get("entity_type", "anybody"),
            actions=tuple(_actions(each["action"])),
            condition=written[each["annotations"]["id"]],
        )
        for each in sorted(found, key=lambda policy: text.index(f'@id("{policy["annotations"]["id"]}")'))
    ]


def _conditions(text: str) -> dict[str, str]:
    """What stands after `when` or `unless` in each policy, by its id, on one line."""
    found = {}
    for part in text.split("@id(")[1:]:
        body = re.sub(r"//.*", "", part.rpartition(";")[0])
        _scope, *condition = re.split(r"(?=\b(?:when|unless)\s*{)", body, maxsplit=1)
        words = " ".join("".join(condition).split())
        found[part.split('"')[1]] = re.sub(r"^(\w+) { ?(.*?) ?}$", r"\1 \2", words)
    return found


def _actions(scope: dict[str, object]) -> list[str]:
    named = scope.get("entities") or [scope.get("entity")]
    return [item["id"] for item in named if isinstance(item, dict)] if isinstance(named, list) else []


def write() -> str:
    """The page of all actions and policies."""
    known = policies()
    return f"{HEAD}\n## Actions\n\n{_action_table(known)}\n\n## Policies\n\n{_policy_table(known)}\n"


def _action_table(known: list[Policy]) -> str:
    rows = [
        [
            code(action.value),
            action.kind,
            code(usual_purpose(action).value),
            codes(
                policy.id for policy in known if policy.effect == "permit" and action.value in policy.actions
            ),
        ]
        for action in sorted(Action)
    ]
    return table(["action", "kind of data", "usual purpose", "permitted by"], rows)


def _policy_table(known: list[Policy]) -> str:
    rows = [
        [
            code(each.id),
            each.effect,
            each.principal,
            codes(each.actions) or "all",
            code(each.condition),
            code(each.file),
        ]
        for each in known
    ]
    return table(["policy", "effect", "who", "actions", "on condition", "file"], rows)
