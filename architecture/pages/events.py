"""The catalogue of events: who publishes each one, what it carries, who reacts."""

import ast
from collections import defaultdict

from architecture.syntax import name_of, read
from architecture.tables import code, codes, table
from teleward.kernel.events import LEDGER_ONLY, Event, reactions

HEAD = """# Events

An event says that something has happened. It carries ids only, is written in the transaction that makes it
true, and is delivered at least once after the commit; reactions are idempotent. This is how a room tells
others without knowing them.
"""


def write() -> str:
    """The page of all events, in the order of their names."""
    published = _published()
    rows = [
        [
            code(event.value),
            codes(sorted({name for _place, ids in published[event.name] for name in ids})),
            codes(sorted({place for place, _ids in published[event.name]})),
            _heard(event),
        ]
        for event in sorted(Event)
    ]
    return f"{HEAD}\n{table(['event', 'carries', 'published in', 'reaction'], rows)}\n"


def _heard(event: Event) -> str:
    if event in LEDGER_ONLY:
        return "ledger only"
    return codes(f"{reaction.__module__}.{reaction.__qualname__}" for reaction in reactions.get(event, []))


def _published() -> dict[str, list[tuple[str, list[str]]]]:
    """For each event's name, the modules that publish it and the ids they give."""
    found: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    for module in read():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and name_of(node.func) == "publish" and node.args:
                ids = [keyword.arg for keyword in node.keywords if keyword.arg]
                found[name_of(node.args[0])].append((module.dotted, ids))
    return found
