"""Every state table with its diagram."""

from architecture.tables import code, table
from teleward.kernel.states import StateTable

HEAD = """# States

What moves through states has a table that says, for each state and each event, what follows. An event that
the table refuses gets the answer `kernel:not-possible-now`. Who moved something, when and why is not a
state: it is the row of the deed (an admission, an ending, a cancellation), and it stays.
"""


def write() -> str:
    """The page of all tables, by name."""
    return "\n".join([HEAD, *(_section(StateTable.tables[name]) for name in sorted(StateTable.tables))])


def _section(states: StateTable) -> str:
    rows = [
        [code(state), *(code(_after(states, state, event)) for event in states.events)]
        for state in states.states
    ]
    heads = ["in \\ when", *(code(event) for event in states.events)]
    return f"## {states.name}\n\n```mermaid\n{states.mermaid()}\n```\n\n{table(heads, rows)}\n"


def _after(states: StateTable, state: str, event: str) -> str:
    return str(states.transitions.get((state, event)) or "")
