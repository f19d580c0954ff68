"""The answers as FHIR's QuestionnaireResponse has them, and what is still missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .conditions import Asked
from .nodes import Node, Tree, Typed, tree_of
from .values import fill

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What was typed, worked out. `wrong` has a code for each field that needs something, in order."""

    tree: Tree
    asked: Asked
    wrong: dict[str, str]

    @property
    def shown(self) -> list[str]:
        """The keys of everything that is asked."""
        return [node.key for node in self.tree.nodes() if node in self.asked]

    @property
    def items(self) -> list[Json]:
        """`QuestionnaireResponse.item`: what is asked and answered, nothing else."""
        return _items(self.tree.top, self.asked)


def filled(items: Sequence[Any], typed: Typed) -> Filled:
    """A questionnaire's items with what was typed."""
    return judged(tree_of(items, typed, fill))


def judged(tree: Tree) -> Filled:
    """A tree with what is missing or wrong in it."""
    asked = Asked(tree)
    wrong = {node.key: code for node in tree.nodes() if node in asked and (code := _wrong(node, asked))}
    return Filled(tree=tree, asked=asked, wrong=wrong)


def _wrong(node: Node, asked: Asked) -> str:
    if node.wrong:
        return node.wrong
    if not node.item.required or node.item.type == "display":
        return ""
    answered = any(each.answers for each in node.below() if each in asked) if node.is_group else node.answers
    return "" if answered else "missing"


def _items(nodes: Sequence[Node], asked: Asked) -> list[Json]:
    found = []
    for node in nodes:
        if node in asked and node.item.type != "display":
            found += _group(node, asked) if node.is_group else _question(node, asked)
    return found


def _group(node: Node, asked: Asked) -> list[Json]:
    inner = (_items(instance, asked) for instance in node.instances)
    return [_named(node) | {"item": items} for items in inner if items]


def _question(node: Node, asked: Asked) -> list[Json]:
    if not node.answers:
        return []
    first, *rest = node.answers
    inner = [item for instance in node.instances for item in _items(instance, asked)]
    return [_named(node) | {"answer": [first | ({"item": inner} if inner else {}), *rest]}]


def _named(node: Node) -> Json:
    return {"linkId": node.link} | ({"text": node.item.text} if node.item.text else {})
