"""What the keeper of the policies asks: why was this decided, do the cases hold, what would change."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from teleward.access.actions import Action
from teleward.access.actors import ActorKind
from teleward.access.deciding import Decision, decide_on
from teleward.access.entities import Context, Facts, asked_about, asker
from teleward.access.permissions import OTHERS, Permission, permissions
from teleward.access.policy import FOLDER, PoliciesInvalid, Rules, rules
from teleward.access.replays import decided_again
from teleward.access.smart import scopes
from teleward.kernel.openings import without_grant

__all__ = [
    "Case",
    "Difference",
    "Permission",
    "PoliciesInvalid",
    "Replay",
    "Rules",
    "cases",
    "load",
    "policy_text",
    "replay",
    "why",
]
CASES = FOLDER / "cases"
KINDS = {**OTHERS, "system": ActorKind.SYSTEM, "nobody": ActorKind.NOBODY}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One question with the answer it must have: the id of the policy that decides, or "nobody"."""

    name: str
    file: str
    expect: str
    got: str

    @property
    def holds(self) -> bool:
        """Whether the policies answer as the case says."""
        return self.expect == self.got


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Decisions of the ledger that other policies would decide otherwise: how often, for whom and what."""

    role: str
    action: str
    before: str  # the policy that decided then, "nobody" where none allowed it
    after: str
    was_allowed: bool
    would_be_allowed: bool
    times: int


@dataclass(frozen=True, kw_only=True)
class Replay:
    """Decisions decided again."""

    decided: int
    unknown: int  # entries that do not say what they rested on
    differences: list[Difference]
    permissions: list[tuple[Permission, Permission]]  # before and after, where the matrix changes


@without_grant("loads files")
def load(*, folder: Path) -> Rules:
    """Other policies from a folder with `*.cedar` and `schema.cedarschema`. Raises PoliciesInvalid."""
    if not (folder / "schema.cedarschema").is_file():
        raise PoliciesInvalid(f"There is no schema.cedarschema in {folder}.")
    return rules(folder)


@without_grant("the keeper of the server asks with the owner's rights, on the server's own terminal")
def why(*, facts: Mapping[str, Any], by: Rules | None = None) -> Decision | None:
    """The decision of one ledger entry, decided again today. None where the entry does not say enough."""
    return decided_again(facts=facts, by=by or rules())


@without_grant("the rules of the house are nobody's data")
def policy_text(*, policy: str, by: Rules | None = None) -> str:
    """The policy as it stands in its file, empty where it is not known."""
    folder = (by or rules()).folder
    for path in sorted(folder.glob("*.cedar")):
        for part in path.read_text().split("\n\n"):
            if f'@id("{policy}")' in part:
                return part.strip()
    return ""


@without_grant("the rules of the house are nobody's data")
def cases(*, by: Rules | None = None, folder: Path = CASES) -> list[Case]:
    """Every case of the folder, asked of the policies."""
    return [
        Case(name=case["name"], file=path.name, expect=case["expect"], got=_answer(case, by or rules()))
        for path in sorted(folder.glob("*.toml"))
        for case in tomllib.loads(path.read_text())["case"]
    ]


@without_grant("the keeper of the server asks with the owner's rights, on the server's own terminal")
def replay(*, decisions: Iterable[Mapping[str, Any]], by: Rules) -> Replay:
    """The given decisions of the ledger under other policies: what would change, most often first."""
    counted: Counter[tuple[str, str, str, str, bool, bool]] = Counter()
    decided = unknown = 0
    for facts in decisions:
        again = decided_again(facts=facts, by=by)
        if again is None:
            unknown += 1
            continue
        decided += 1
        allowed = facts["outcome"] == "allow"
        if (allowed, facts["policy"]) != (again.allowed, again.policy):
            names = (facts["policy"] or "nobody", again.policy or "nobody")
            counted[facts["actor_role"], facts["action"], *names, allowed, again.allowed] += 1
    return Replay(
        decided=decided,
        unknown=unknown,
        differences=[_difference(key, times) for key, times in counted.most_common()],
        permissions=_changed(by),
    )


def _difference(key: tuple[str, str, str, str, bool, bool], times: int) -> Difference:
    role, action, before, after, was, would = key
    return Difference(
        role=role,
        action=action,
        before=before,
        after=after,
        was_allowed=was,
        would_be_allowed=would,
        times=times,
    )


def _changed(by: Rules) -> list[tuple[Permission, Permission]]:
    return [(now, then) for now, then in zip(permissions(), permissions(by), strict=True) if now != then]


def _answer(case: Mapping[str, Any], by: Rules) -> str:
    return decide_on(action=Action(case["action"]), facts=_facts(case), by=by).policy or "nobody"


def _facts(case: Mapping[str, Any]) -> Facts:
    kind = KINDS.get(case["role"], ActorKind.STAFF)
    return Facts(
        principal=asker(kind, {"type": kind.value, "id": "someone"}, _who(case)),
        resource=asked_about(
            case["on"], {"type": case["on"], "id": "something"}, case.get("organisation", "here"), _what(case)
        ),
        context=_context(case),
        kept=[],
    )


def _context(case: Mapping[str, Any]) -> Context:
    asked = {"asked": scopes.asked_words(case["asked"])} if "asked" in case else {}
    return {"self": case.get("self", False), "fresh": case.get("fresh", True), **asked}


def _held(case: Mapping[str, Any]) -> dict[str, Any]:
    """The scopes of a program, by level; `behalf`: somebody stands behind it."""
    held = scopes.read(case.get("scopes", ""))
    at = {f"{level}_scopes": sorted(held.at(level)) for level in scopes.LEVELS}
    return {**at, "behalf": case.get("behalf", False)}


def _who(case: Mapping[str, Any]) -> dict[str, Any]:
    role = case["role"]
    return {
        "organisation": "here",
        "patient": "p",
        "visit": "v",
        "roles": ["patient" if role == "guest" else role, *case.get("and_roles", [])],
        **_held(case),
        "active": case.get("active", True),
        "locked": case.get("locked", False),
        "aal": case.get("aal", 2),
        "managed": case.get("managed", False),
        "held": case.get("held", False),
        "weak": case.get("weak", []),
    }


def _what(case: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "patient": "p" if case.get("own") else "q",
        "tier": case.get("tier", "normal"),
        "category": case.get("category", ""),
        "standing": case.get("standing", []),
    }
