"""What a policy may say about the thing asked for, so that a list can be asked in one SQL condition.

It walks Cedar's JSON, of a policy or of what partial evaluation leaves of one, and speaks it in the words of
whoever listens: SQL for a list, or nothing at all where a policy is only checked as it loads. What speaks of
the actor alone may say more, since it is known before the rows are looked at.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Generic, Protocol, TypeVar

Node = Mapping[str, Any]
Said = TypeVar("Said")
Heard = TypeVar("Heard", covariant=True)  # noqa: PLC0105 - it is what is heard

TEXTS = ("organisation", "patient", "tier", "category")
STANDING = "standing"
FOREGONE = frozenset(  # evaluation cannot fail on these, so that what is known always folds to a value
    [
        "Value",
        "Var",
        ".",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "&&",
        "||",
        "!",
        "Set",
        "if-then-else",
        "is",
        "has",
    ]
) | {"contains", "containsAny", "containsAll"}
RESOURCES = ({"Var": "resource"}, {"unknown": [{"Value": "resource"}]})


class Untranslatable(ValueError):
    """A policy says something about the thing asked for that no list could ask for."""


class Words(Protocol[Said]):
    """The words a policy is spoken in."""

    def truth(self, node: Node) -> Said:
        """What is true or false whatever the row."""

    def is_kind(self, kind: str) -> Said:
        """The row is of this kind."""

    def is_one_of(self, attribute: str, texts: Iterable[Node]) -> Said:
        """The attribute is one of the texts."""

    def has(self, attribute: str) -> Said:
        """Rows have such an attribute."""

    def stands(self, kinds: Iterable[Node], *, every: bool) -> Said:
        """The actor has one of these ties to the row's patient, or every one."""

    def both(self, left: Said, right: Said) -> Said:
        """And."""

    def either(self, left: Said, right: Said) -> Said:
        """Or."""

    def negated(self, said: Said) -> Said:
        """Not."""


class Reader(Generic[Said]):
    """Speaks one expression. Raises Untranslatable."""

    def __init__(self, words: Words[Said]) -> None:
        self._words = words

    def read(self, node: Node) -> Said:
        """The expression, which is true or false, in these words."""
        if not speaks_of_resource(node):
            _foregone(node)
            return self._words.truth(node)
        operator, parts = next(iter(node.items()))
        speak = getattr(self, SPOKEN[operator], None) if operator in SPOKEN else None
        if speak is None:
            raise Untranslatable(f"{operator} about the resource")
        said: Said = speak(parts)
        return said

    def _and(self, parts: Node) -> Said:
        return self._words.both(self.read(parts["left"]), self.read(parts["right"]))

    def _or(self, parts: Node) -> Said:
        return self._words.either(self.read(parts["left"]), self.read(parts["right"]))

    def _not(self, parts: Node) -> Said:
        return self._words.negated(self.read(parts["arg"]))

    def _choice(self, parts: Node) -> Said:
        asked = self.read(parts["if"])
        then = self._words.both(asked, self.read(parts["then"]))
        return self._words.either(
            then, self._words.both(self._words.negated(asked), self.read(parts["else"]))
        )

    def _is(self, parts: Node) -> Said:
        if not _is_resource(parts["left"]) or "in" in parts:
            raise Untranslatable("is … in")
        return self._words.is_kind(parts["entity_type"])

    def _has(self, parts: Node) -> Said:
        if not _is_resource(parts["left"]):
            raise Untranslatable("has of something else than the resource")
        return self._words.has(parts["attr"])

    def _equal(self, parts: Node) -> Said:
        about, other = parts["left"], parts["right"]
        if not speaks_of_resource(about):
            about, other = other, about
        return self._words.is_one_of(_text(about), [_known(other)])

    def _unequal(self, parts: Node) -> Said:
        return self._words.negated(self._equal(parts))

    def _contains(self, parts: Node) -> Said:
        if speaks_of_resource(parts["right"]):
            return self._words.is_one_of(_text(parts["right"]), _elements(parts["left"]))
        return self._stands(parts["left"], [_known(parts["right"])], every=True)

    def _contains_any(self, parts: Node) -> Said:
        return self._stands(parts["left"], _elements(parts["right"]), every=False)

    def _contains_all(self, parts: Node) -> Said:
        return self._stands(parts["left"], _elements(parts["right"]), every=True)

    def _stands(self, base: Node, kinds: Iterable[Node], *, every: bool) -> Said:
        if _attribute(base) != STANDING:
            raise Untranslatable("a set that is not resource.standing")
        return self._words.stands(kinds, every=every)


SPOKEN = {
    "&&": "_and",
    "||": "_or",
    "!": "_not",
    "if-then-else": "_choice",
    "is": "_is",
    "has": "_has",
    "==": "_equal",
    "!=": "_unequal",
    "contains": "_contains",
    "containsAny": "_contains_any",
    "containsAll": "_contains_all",
}


def read_policy(policy: Node, words: Words[Said]) -> Said:
    """The scope of the resource and all conditions of one policy. Raises Untranslatable."""
    reader = Reader(words)
    said = _scope(policy["resource"], words)
    for condition in policy["conditions"]:
        each = reader.read(condition["body"])
        said = words.both(said, each if condition["kind"] == "when" else words.negated(each))
    return said


def speaks_of_resource(node: object) -> bool:
    """Whether the expression depends on the thing asked for."""
    if isinstance(node, dict):
        return node in RESOURCES or any(map(speaks_of_resource, node.values()))
    return isinstance(node, list) and any(map(speaks_of_resource, node))


def _scope(scope: Node, words: Words[Said]) -> Said:
    if scope["op"] == "All":
        return words.truth({"Value": True})
    if scope["op"] == "is" and "in" not in scope:
        return words.is_kind(scope["entity_type"])
    raise Untranslatable(f"a scope of the resource with {scope['op']}")


def _is_resource(node: object) -> bool:
    return node in RESOURCES


def _attribute(node: Node) -> str:
    parts = node.get(".")
    if parts is None or not _is_resource(parts["left"]):
        raise Untranslatable("something else of the resource than an attribute")
    attribute: str = parts["attr"]
    return attribute


def _text(node: Node) -> str:
    attribute = _attribute(node)
    if attribute not in TEXTS:
        raise Untranslatable(f"comparing resource.{attribute}")
    return attribute


def _known(node: Node) -> Node:
    if speaks_of_resource(node):
        raise Untranslatable("comparing the resource with itself")
    _foregone(node)
    return node


def _elements(node: Node) -> list[Node]:
    known = _known(node)
    inside = known.get("Set", known.get("Value"))
    return list(inside) if isinstance(inside, list) else [known]


def _foregone(node: object) -> None:
    """What is said of the actor can be said beforehand. Raises Untranslatable."""
    if isinstance(node, list):
        for part in node:
            _foregone(part)
    if not isinstance(node, Mapping) or "Value" in node or "Var" in node:
        return
    for operator, parts in node.items():
        if operator not in FOREGONE:
            raise Untranslatable(f"{operator}, which can fail")
        _inside(parts)


def _inside(parts: object) -> None:
    for part in parts.values() if isinstance(parts, Mapping) else [parts]:
        if isinstance(part, Mapping | list):
            _foregone(part)


class Silence:
    """Words that say nothing: a policy is only read through."""

    def truth(self, node: Node) -> None:
        """Nothing."""

    def is_kind(self, kind: str) -> None:
        """Nothing."""

    def is_one_of(self, attribute: str, texts: Iterable[Node]) -> None:
        """Nothing."""

    def has(self, attribute: str) -> None:
        """Nothing."""

    def stands(self, kinds: Iterable[Node], *, every: bool) -> None:
        """Nothing."""

    def both(self, left: None, right: None) -> None:
        """Nothing."""

    def either(self, left: None, right: None) -> None:
        """Nothing."""

    def negated(self, said: None) -> None:
        """Nothing."""


def check(policies: Iterable[Node]) -> None:
    """Reads every policy. Raises Untranslatable with the id of the first that no list could ask for."""
    for policy in policies:
        try:
            read_policy(policy, Silence())
        except Untranslatable as wrong:
            named = policy.get("annotations", {}).get("id", "without an @id")
            raise Untranslatable(f"{named} says what no list can ask for: {wrong}") from wrong
