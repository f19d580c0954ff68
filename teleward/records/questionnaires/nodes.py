"""A questionnaire being filled in, as a tree: each question in each repetition is one node."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Answer = dict[str, Any]  # one value as FHIR's JSON has it: {"valueString": "…"}
Typed = Mapping[str, Sequence[str]]
MOST_REPETITIONS = 20


@dataclass(eq=False, kw_only=True)
class Node:
    """One item in one place. `key` names its fields; a group has its repetitions, a question its answers."""

    item: Any  # a QuestionnaireItem
    key: str
    parent: "Node | None"
    raw: tuple[str, ...] = ()  # as it was typed
    units: tuple[str, ...] = ()
    other: str = ""
    answers: list[Answer] = field(default_factory=list)
    wrong: str = ""  # a code, where something was typed that is no answer
    instances: list[list["Node"]] = field(default_factory=list)  # of a group its repetitions, else one

    @property
    def is_group(self) -> bool:
        """Whether it holds questions and is none."""
        return bool(self.item.type == "group")

    @cached_property
    def link(self) -> str:
        """Its linkId."""
        return str(self.item.link_id)

    def below(self) -> Iterator["Node"]:
        """Every node inside of it, in order."""
        for instance in self.instances:
            for child in instance:
                yield child
                yield from child.below()


@dataclass(frozen=True)
class Tree:
    """All of it."""

    top: list[Node]

    def nodes(self) -> Iterator[Node]:
        """Every node, in order."""
        for node in self.top:
            yield node
            yield from node.below()


Filler = Callable[[Node, Typed], None]


def tree_of(items: Sequence[Any], typed: Typed, fill: Filler) -> Tree:
    """The tree of a questionnaire with what was typed; `fill` sets the answers of each question."""
    return Tree(_grown(items, "", None, typed, fill))


def _grown(items: Sequence[Any], prefix: str, parent: Node | None, typed: Typed, fill: Filler) -> list[Node]:
    nodes = []
    for place, item in enumerate(items):
        node = Node(item=item, key=f"{prefix}{place}", parent=parent)
        if not node.is_group:
            fill(node, typed)
        for number in range(_repetitions(node, typed) if item.item else 0):
            node.instances.append(_grown(item.item, f"{node.key}.{number}-", node, typed, fill))
        nodes.append(node)
    return nodes


def _repetitions(node: Node, typed: Typed) -> int:
    if not (node.is_group and node.item.repeats):
        return 1
    said = next(iter(typed.get(f"n{node.key}", ())), "1")
    number = int(said) if said.isdecimal() and len(said) < 4 else 1
    return min(max(number, 1), MOST_REPETITIONS)
