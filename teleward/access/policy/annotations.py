"""What each policy says about itself: who answers for it, what it rests on, and for how long."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import cedarpy

DURATION = re.compile(r"P(\d+)D|PT(\d+)H")
NEEDED = ("id", "owner", "source", "reviewed_on", "purpose", "evidence", "window")


@dataclass(frozen=True)
class Window:
    """How long before a fact begins and after it ends it explains an access."""

    before: timedelta = timedelta()
    after: timedelta = timedelta()

    @classmethod
    def read(cls, text: str) -> "Window":
        """From two ISO 8601 durations in days or hours, `P15D/P3D`. Raises ValueError."""
        before, after = text.split("/")
        return cls(before=_duration(before), after=_duration(after))


@dataclass(frozen=True, kw_only=True)
class Annotations:
    """Of one policy, in the order of the files."""

    id: str
    effect: str  # permit, forbid
    owner: str
    source: str
    reviewed_on: date
    purpose: str  # HL7 v3 ActReason, empty where the action says it
    evidence: tuple[str, ...]  # kinds of standing, any of which it rests on; empty: none
    window: Window
    rank: int  # among several that allow, the lowest explains


def annotations(texts: Mapping[str, str]) -> dict[str, Annotations]:
    """The annotations of every policy by its id; `texts` by file name, in order. Raises ValueError."""
    found = [policy for text in texts.values() for policy in parsed(text)]
    read = [_read(policy, rank) for rank, policy in enumerate(found)]
    if len({each.id for each in read}) != len(read):
        raise ValueError("Two policies have the same @id.")
    return {each.id: each for each in read}


def parsed(text: str) -> list[dict[str, Any]]:
    """The policies of one file as Cedar's JSON, in the order of the file."""
    static: dict[str, dict[str, Any]] = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
    return [static[name] for name in sorted(static, key=_position)]


def windows(known: Iterable[Annotations]) -> dict[str, Window]:
    """The window of each kind of evidence. Raises ValueError where two policies disagree."""
    found: dict[str, Window] = {}
    for policy in known:
        for kind in policy.evidence:
            if found.setdefault(kind, policy.window) != policy.window:
                raise ValueError(f"{policy.id} gives {kind} another window than a policy before it.")
    return found


def _position(name: str) -> int:
    return int(name.removeprefix("policy"))


def _read(policy: dict[str, Any], rank: int) -> Annotations:
    said: dict[str, str] = policy.get("annotations", {})
    missing = [name for name in NEEDED if name not in said]
    if missing:
        raise ValueError(f"Policy {said.get('id', rank)} does not say its {', '.join(missing)}.")
    return Annotations(
        id=said["id"],
        effect=policy["effect"],
        owner=said["owner"],
        source=said["source"],
        reviewed_on=date.fromisoformat(said["reviewed_on"]),
        purpose="" if said["purpose"] == "as asked" else said["purpose"],
        evidence=() if said["evidence"] == "none" else tuple(said["evidence"].split()),
        window=Window() if said["window"] == "none" else Window.read(said["window"]),
        rank=rank,
    )


def _duration(text: str) -> timedelta:
    found = DURATION.fullmatch(text)
    if found is None:
        raise ValueError(f"{text} is no duration in days or hours.")
    days, hours = found.groups()
    return timedelta(days=int(days or 0), hours=int(hours or 0))
