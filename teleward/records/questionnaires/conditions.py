"""Which questions are asked: `enableWhen` (R4, questionnaire.html), over the answers to what is asked.

Meanings: HL7's code system questionnaire-enable-operator. `!=` holds where no answer is equal, also where
there is none; what is not asked has no answer. With several occurrences the nearest counts: those inside
the closest group that holds the question.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from .nodes import Answer, Node, Tree

ORDERED: dict[str, Callable[[Any, Any], bool]] = {">": gt, "<": lt, ">=": ge, "<=": le}
VALUES = ("boolean", "decimal", "integer", "date", "time", "string", "coding", "quantity")


class Asked:
    """Says of each node of a tree whether it is asked. Each is worked out once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._known: dict[Node, bool] = {}

    def __contains__(self, node: Node) -> bool:
        """Whether this is asked: its group is, and its own conditions hold."""
        if node not in self._known:
            self._known[node] = False  # a circle, which no kept questionnaire has, asks nothing
            self._known[node] = self._is_reached(node.parent) and self._holds(node)
        return self._known[node]

    def _is_reached(self, parent: Node | None) -> bool:
        """What lies below a question is asked once that has an answer."""
        return parent is None or (parent in self and (parent.is_group or bool(parent.answers)))

    def _holds(self, node: Node) -> bool:
        conditions = node.item.enable_when
        if not conditions:
            return True
        said = (self._true(condition, node) for condition in conditions)
        return any(said) if node.item.enable_behavior == "any" else all(said)

    def _true(self, condition: Any, node: Node) -> bool:  # noqa: ANN401 - an enableWhen
        answers = [
            a for each in self._nearest(condition.question, node) if each in self for a in each.answers
        ]
        if condition.operator == "exists":
            return bool(answers) == bool(condition.answer_boolean)
        if condition.operator == "!=":
            return not any(equal(condition, answer) for answer in answers)
        if condition.operator == "=":
            return any(equal(condition, answer) for answer in answers)
        return any(ordered(condition, answer) for answer in answers)

    def _nearest(self, link: str, node: Node) -> list[Node]:
        for surroundings in self._around(node):
            found = [each for each in surroundings if each.link == link and each is not node]
            if found:
                return found
        return []

    def _around(self, node: Node) -> Iterator[list[Node]]:
        """From the closest repetition outward: what lies inside of it."""
        inner, outer = node, node.parent
        while outer is not None:
            own = next(instance for instance in outer.instances if inner in instance)
            yield [deep for each in own for deep in (each, *each.below())]
            if outer.item.type != "group":
                yield [outer]
            inner, outer = outer, outer.parent
        yield list(self._tree.nodes())


def equal(condition: Any, answer: Answer) -> bool:  # noqa: ANN401 - an enableWhen
    """Whether an answer is the one that the condition names."""
    kind, value = _expected(condition)
    found = _of(answer, kind)
    if found is None:
        return False
    if kind == "coding":
        return bool(
            found.get("code") == value.code and (not value.system or found.get("system") == value.system)
        )
    if kind == "quantity":
        return _same_unit(found, value) and Decimal(found["value"]) == value.value
    return bool(found == value)


def ordered(condition: Any, answer: Answer) -> bool:  # noqa: ANN401 - an enableWhen
    """Whether an answer lies on that side of the value; codes and truths have no sides."""
    kind, value = _expected(condition)
    found = _of(answer, kind)
    if found is None or kind in {"boolean", "coding"}:
        return False
    if kind != "quantity":
        return bool(ORDERED[condition.operator](found, value))
    return _same_unit(found, value) and bool(
        ORDERED[condition.operator](Decimal(found["value"]), value.value)
    )


def _expected(condition: Any) -> tuple[str, Any]:  # noqa: ANN401 - an enableWhen
    values = ((kind, getattr(condition, f"answer_{kind}")) for kind in VALUES)
    return next(((kind, value) for kind, value in values if value is not None), ("", None))


def _of(answer: Answer, kind: str) -> Any:  # noqa: ANN401 - of its type
    """The value if it can be compared with that kind; numbers can among each other."""
    if kind in {"integer", "decimal"}:
        return next((answer[name] for name in ("valueInteger", "valueDecimal") if name in answer), None)
    return answer.get(f"value{kind.capitalize()}")


def _same_unit(found: Answer, value: Any) -> bool:  # noqa: ANN401 - a Quantity
    if value.value is None:
        return False
    if value.code and found.get("code"):
        return bool(found["code"] == value.code and (not value.system or found.get("system") == value.system))
    return (value.unit or None) == found.get("unit") or not value.unit
