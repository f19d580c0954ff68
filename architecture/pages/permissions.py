"""The permission matrix: every role with every action, found by asking the policies."""

from architecture.tables import code, table
from teleward.access.action_names import EVIDENCE, NAMES, NEEDS
from teleward.access.grants import Action
from teleward.access.permissions import ROLES, Permission, permissions
from teleward.access.policy import rules
from teleward.access.policy.annotations import windows
from teleward.access.role_names import role_name

HEAD = """# Who may do what

Found by asking the policies in force: every role, every action, with no evidence and with each kind of it.
The running installation shows the same at `/permissions/`, role by role, in the reader's language.

Everybody works within one practice. ● always · ○ only with dated evidence, named by the letters below ·
an empty cell: never. Whatever stands here, nobody opens their own record or that of their family through
the staff's pages, and a restricted or closed record opens only to those who treat the patient, or in an
emergency.
"""
LETTERS = dict(zip(EVIDENCE, "abcdefghijklmnopqrstuvwxyz", strict=False))
EXTRA = {"fresh": "!", "managed": "#"}


def write() -> str:
    """The page."""
    return f"{HEAD}\n{_matrix()}\n\n## Evidence\n\n{_evidence()}\n\n{_needs()}\n"


def _matrix() -> str:
    found = {(each.role, each.action): each for each in permissions()}
    rows = [
        [str(NAMES[action]), action.kind, code(action.value), *(_cell(found[role, action]) for role in ROLES)]
        for action in Action
    ]
    return table(["may …", "kind of data", "action", *(str(role_name(role)) for role in ROLES)], rows)


def _cell(permission: Permission) -> str:
    if not permission.is_open:
        return ""
    way = "●" if permission.always else "○ " + " ".join(LETTERS[kind] for kind in permission.evidence)
    return way + "".join(f" {EXTRA[need]}" for need in permission.needs)


def _evidence() -> str:
    known = windows(rules().annotations.values())
    rows = [
        [LETTERS[kind], code(kind), str(words), f"{known[kind].before.days} / {known[kind].after.days}"]
        for kind, words in EVIDENCE.items()
    ]
    return table(["", "kind", "meaning", "days before / after"], rows)


def _needs() -> str:
    return " · ".join(f"{EXTRA[name]} {words}" for name, words in NEEDS.items())
