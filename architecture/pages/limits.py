"""Every limit of identity: its value, where it comes from, why it is this."""

import tomllib
from collections.abc import Iterator
from typing import Any

from architecture.tables import code, table
from teleward.access.signin.limits import POLICY

HEAD = """# Limits

How people prove who they are, for how long that holds, and when somebody looks again. Each number stands in
`teleward/access/policies/identity.toml` and nowhere else; a law drives each one to its edge.
"""
TIMES = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def write() -> str:
    """The page of all limits, in the order of the file."""
    rows = [
        [code(name), in_words(entry["value"], entry["unit"]), entry["source"], entry["reason"]]
        for name, entry in limits(tomllib.loads(POLICY.read_text()))
    ]
    return f"{HEAD}\n{table(['limit', 'value', 'source', 'reason'], rows)}\n"


def limits(section: dict[str, Any], above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Each limit by its dotted name."""
    for name, entry in section.items():
        if isinstance(entry, dict):
            yield from [(above + name, entry)] if "value" in entry else limits(entry, f"{above}{name}.")


def in_words(value: Any, unit: str) -> str:  # noqa: ANN401 - as the file has it
    """A value as the page says it: 43200 seconds are 12 hours."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | str):
        return ", ".join(value) if isinstance(value, list) else value
    if unit == "seconds":
        size, name = next((size, name) for size, name in TIMES if value % size == 0)
        return f"{value // size} {name}{'' if value == size else 's'}"
    return f"{value:g} {unit}"
