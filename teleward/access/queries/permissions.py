"""The permission matrix as people read it: for each role what it may always, when, and never."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.utils.translation import ngettext

from teleward.access.action_names import EVIDENCE, NEEDS, action_name
from teleward.access.actions import Action
from teleward.access.permissions import ROLES, Permission, permissions
from teleward.access.policy import Rules, Window, rules
from teleward.access.policy.annotations import windows
from teleward.access.role_names import role_name
from teleward.kernel.openings import without_grant

DAY = timedelta(days=1)
OWN_ACCOUNT = frozenset({"session", "credential"})  # the same for everybody who signs in


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """One thing a role may do: `what` completes “may”, `when` says under which of several circumstances."""

    action: Action
    what: str
    kind: str
    when: list[str]
    needs: list[str]


@dataclass(frozen=True, kw_only=True)
class RoleCard:
    """One role with all it may do."""

    role: str
    name: str
    always: list[Allowed]
    sometimes: list[Allowed]
    never: list[str]


@without_grant("the rules of the house are nobody's data")
def role_cards() -> list[RoleCard]:
    """Every role in the language of the reader."""
    known = [each for each in permissions() if each.action.kind not in OWN_ACCOUNT]
    return [_card(role, [each for each in known if each.role == role]) for role in ROLES]


@without_grant("the rules of the house are nobody's data")
def overview() -> list[tuple[str, list[Permission]]]:
    """One line an action: its words, and what each role may, in the order of `role_cards`."""
    found = {(each.role, each.action): each for each in permissions()}
    asked = [action for action in Action if action.kind not in OWN_ACCOUNT]
    return [(action_name(action), [found[role, action] for role in ROLES]) for action in asked]


@without_grant("the rules of the house are nobody's data")
def matrix() -> tuple[Permission, ...]:
    """Every role with every action, as `teleward.access.permissions` finds them."""
    return permissions()


def _card(role: str, known: Iterable[Permission]) -> RoleCard:
    found = list(known)
    return RoleCard(
        role=role,
        name=str(role_name(role)),
        always=[_allowed(each) for each in found if each.always],
        sometimes=[_allowed(each) for each in found if each.evidence],
        never=[action_name(each.action) for each in found if not each.is_open],
    )


def _allowed(permission: Permission) -> Allowed:
    return Allowed(
        action=permission.action,
        what=action_name(permission.action),
        kind=permission.action.kind,
        when=[_when(kind) for kind in permission.evidence],
        needs=[str(NEEDS[name]) for name in permission.needs],
    )


def _when(kind: str) -> str:
    window = _windows(rules())[kind]
    length = ", ".join(filter(None, (_before(window), _after(window))))
    return f"{EVIDENCE[kind]} ({length})" if length else str(EVIDENCE[kind])


@cache
def _windows(loaded: Rules) -> dict[str, Window]:
    return windows(loaded.annotations.values())


def _before(window: Window) -> str:
    days = window.before // DAY
    return (
        ngettext("from %(days)s day before", "from %(days)s days before", days) % {"days": days}
        if days
        else ""
    )


def _after(window: Window) -> str:
    days = window.after // DAY
    return (
        ngettext("until %(days)s day after", "until %(days)s days after", days) % {"days": days}
        if days
        else ""
    )
