"""Who may do what, asked of the policies themselves: every role, every action, with and without evidence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from .actions import Action
from .actors import ActorKind
from .deciding import decide_on
from .entities import Context, Entity, Facts, asked_about, asker
from .policy import Rules, rules
from .policy.loading import FOLDER
from .smart.scopes import LETTERS

STAFF = (
    "physician",
    "nurse",
    "reception",
    "billing",
    "pharmacist",
    "interpreter",
    "researcher",
    "privacy-officer",
    "administrator",
)
OTHERS = {
    "patient": ActorKind.PATIENT,
    "proxy": ActorKind.PATIENT,
    "guest": ActorKind.GUEST,
    "device": ActorKind.DEVICE,
    "client": ActorKind.CLIENT,
}
ROLES = (*STAFF, *OTHERS)
APPLIES = re.compile(r"action ([^{]*?)\s*appliesTo \{.*?resource: (\[?[\w, ]+\]?),", re.DOTALL)
EVERYTHING = [f"*.{letter}" for letter in LETTERS]  # what a system may be given at most
Standing = tuple[str, ...]
EXCEPTIONAL = frozenset({"reason", "glass"})


@dataclass(frozen=True, kw_only=True)
class Permission:
    """What one role may do with one action."""

    role: str
    action: Action
    always: bool  # in their own practice, or with what is their own
    evidence: tuple[str, ...]  # kinds of standing any of which opens it
    needs: tuple[
        str, ...
    ]  # besides: fresh (a factor shown a moment ago), managed (a browser of the practice)

    @property
    def exceptional(self) -> tuple[str, ...]:
        """The evidence that somebody looks at afterwards: a reason, a broken glass."""
        return tuple(kind for kind in self.evidence if kind in EXCEPTIONAL)

    @property
    def is_open(self) -> bool:
        """Whether there is any way at all."""
        return self.always or bool(self.evidence)


def permissions(by: Rules | None = None) -> tuple[Permission, ...]:
    """Every role with every action, in the order of roles and actions."""
    return _permissions(by or rules())


@cache
def _permissions(loaded: Rules) -> tuple[Permission, ...]:
    return tuple(_permission(loaded, role, action) for role in ROLES for action in Action)


def _permission(loaded: Rules, role: str, action: Action) -> Permission:
    always = _allows(loaded, role, action, ())
    named = [] if always else _kinds(loaded, role, action)
    kinds = tuple(kind for kind in named if _allows(loaded, role, action, (kind,)))
    open_by: list[tuple[str, ...]] = [()] if always else [(kind,) for kind in kinds]
    needs = [
        name
        for name in ("fresh", "managed")
        if open_by and not any(_allows(loaded, role, action, standing, without=name) for standing in open_by)
    ]
    return Permission(role=role, action=action, always=always, evidence=kinds, needs=tuple(needs))


def _kinds(loaded: Rules, role: str, action: Action) -> list[str]:
    """The kinds of evidence that a policy about such a principal and this action names."""
    able = loaded.speaking(_kind(role).value, action.value)
    return list(dict.fromkeys(kind for each in able if each.effect == "permit" for kind in each.evidence))


def _allows(
    loaded: Rules, role: str, action: Action, standing: tuple[str, ...], *, without: str = ""
) -> bool:
    return any(
        decide_on(action=action, facts=facts, by=loaded).allowed
        for facts in _questions(role, action, standing, without)
    )


def _questions(role: str, action: Action, standing: tuple[str, ...], without: str) -> Iterator[Facts]:
    """The question as it is asked of each sort of thing, by somebody with everything they can have."""
    for kind in subjects_of()[action.value]:
        yield Facts(
            principal=_principal(role, managed=without != "managed"),
            resource=_resource(kind, own=role != "proxy", standing=standing),
            context=_context(role, kind, fresh=without != "fresh"),
            kept=[],
        )


def _context(role: str, kind: str, *, fresh: bool) -> Context:
    asked: Context = {"asked": EVERYTHING} if role == "client" else {}
    return {"self": role in OTHERS or kind == "Person", "fresh": fresh, **asked}


def _principal(role: str, *, managed: bool) -> Entity:
    every: Entity = {
        "organisation": "here",
        "patient": "p",
        "visit": "v",
        "roles": ["patient" if role == "guest" else role],
        "patient_scopes": [],
        "user_scopes": [],
        "system_scopes": EVERYTHING,
        "behalf": False,
        "active": True,
        "locked": False,
        "aal": 3,
        "managed": managed,
        "held": False,
        "weak": [],
    }
    return asker(_kind(role), {"type": _kind(role).value, "id": "someone"}, every)


def _resource(kind: str, *, own: bool, standing: tuple[str, ...]) -> Entity:
    of_patient: Entity = {
        "patient": "p" if own else "q",
        "tier": "normal",
        "category": "",
        "standing": list(standing),
    }
    return asked_about(kind, {"type": kind, "id": "something"}, "here", of_patient)


def _kind(role: str) -> ActorKind:
    return OTHERS.get(role, ActorKind.STAFF)


@cache
def subjects_of() -> dict[str, tuple[str, ...]]:
    """The sorts of thing each action can be asked of, as the schema says."""
    text = (FOLDER / "schema.cedarschema").read_text()
    found: dict[str, tuple[str, ...]] = {}
    for names, sorts in re.findall(
        r"action ([^{]*?)\s*appliesTo \{.*?resource: (\[?[\w, ]+\]?),", text, re.DOTALL
    ):
        kinds = tuple(re.findall(r"\w+", sorts))
        found |= dict.fromkeys(re.findall(r'"([^"]+)"', names), kinds)
    return found
